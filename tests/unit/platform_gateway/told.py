"""What an agency would tell of somebody, from a line of the table of eligibility."""

from datetime import datetime, timedelta
from typing import Any

from shared.agency.employer_roll import STILL_THERE, UNTIL_LATELY, with_roll
from shared.agency.known_person import KnownPerson, Looked, side_facts
from shared.agency.overlay import Holds, overlay_relations
from shared.agency.summary import last_paid, paid_runs, summarise
from shared.contracts.application import Applicant
from shared.contracts.facts import Contribution, Relation, Side, SideFacts
from tests.people import contribution, relation

_STATES = {"active": "1", "suspended": "2", "invalid": "3", "ended": "4", "unenrolled": "0"}
_FIELDS = {"since": "crt_insu_date", "off": "paus_insu_date", "until": "cover_ends_on", "reason": "insu_stas_chg_rea"}


def tell(cell: str, insutype: str, side: Side, applicant: Applicant, at: datetime) -> SideFacts | None:
    """The facts of a side: ``-`` has not answered, ``nobody`` and ``other-name`` are people it does not know.

    Relations are parted by ``+``; each is a scheme, a state, and words (``since= off= until= paid= reason= away=``,
    ``arrears retired emp=``). ``old=25h`` says how old everything is, ``no-roll`` that no employer's roll was told.
    """
    if cell == "-":
        return None
    words = cell.split()
    hours = next((int(word[4:-1]) for word in words if word.startswith("old=")), 0)
    as_of = at - timedelta(hours=hours)
    states = UNTIL_LATELY if side is Side.OUTBOUND else STILL_THERE
    if "nobody" in words:
        stranger = Looked(None, as_of)
        return with_roll(side_facts(stranger, insutype), stranger, applicant, states, {"1"})
    parts = [part.split() for part in cell.split("+")]
    paid = [each for part in parts for each in _contributions(part)]
    summaries = summarise(paid)
    person = KnownPerson(
        admdvs="370100",
        psn_no="P1",
        psn_name="李雷",
        is_same_name="other-name" not in words,
        gend="1",
        relations=overlay_relations([_relation(part) for part in parts], Holds()),
        last_paid=last_paid(summaries, {"1"}),
        balc=0,
        facts_as_of=as_of,
        paid_runs=paid_runs(summaries, {"1"}),
    )
    looked = Looked(person, as_of)
    if "no-roll" in words:
        return side_facts(looked, insutype)
    return with_roll(side_facts(looked, insutype), looked, applicant, states, {"1"})


def _relation(words: list[str]) -> Relation:
    insutype = next(word for word in words if word in ("310", "390"))
    values: dict[str, Any] = {
        "insutype": insutype,
        "psn_insu_rlts_id": f"R{insutype}{len(' '.join(words))}",
        "has_account": insutype == "310",
        "emp_no": None,
    }
    for word in words:
        name, _, value = word.partition("=")
        if name in _STATES:
            values["psn_insu_stas"] = _STATES[name]
        elif name in _FIELDS:
            values[_FIELDS[name]] = value
        elif name == "away":
            admdvs, on = value.split("@")
            values["transferred_away"] = {"trafin_admdvs": admdvs, "on": on}
        elif name == "emp":
            values |= dict(zip(("emp_no", "emp_mgt_type"), value.split("/"), strict=True))
        elif name in ("arrears", "retired"):
            values |= {"has_arrears": True} if name == "arrears" else {"retr_trt_enjymnt_flag": value or "02"}
        elif name not in ("paid", "old", "other-name", "no-roll", "310", "390"):
            raise ValueError(f"no word of the table: {word}")
    return Relation.model_validate(relation(**values))


def _contributions(words: list[str]) -> list[Contribution]:
    insutype = next(word for word in words if word in ("310", "390"))
    spans = [span for word in words if word.startswith("paid=") for span in word[5:].split(",")]
    return [
        Contribution.model_validate(contribution(*span.split("-"), insutype=insutype, rid=f"{insutype}{span}"))
        for span in spans
    ]
