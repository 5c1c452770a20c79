"""An application decided as a whole: both sides' checks, the joint rules, what it rests on; a resident's, for years."""

import json
from datetime import UTC, date, datetime

from platform_gateway.domain.explained import explain
from platform_gateway.domain.verdict import Answers, Outcome, Terms, decide
from shared.contracts.codes import PsnInsuStas
from shared.contracts.facts import CheckResult, CoveredPeriod, Relation, Side, SideFacts
from shared.eligibility import Asked, EligibilityRules, SideVerdict, check_inbound, check_outbound

_AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
_ASKED = Asked("390", "390")
_RULES = EligibilityRules()
_TERMS = Terms(_ASKED, _RULES, _RULES)
_NUMBER = "ABCDEFGHJKMN2345"


def _facts(stas: PsnInsuStas, since: date, off: date | None, covered: tuple[str, str]) -> SideFacts:
    relation = Relation(
        psn_insu_rlts_id="R1",
        insutype="390",
        psn_insu_stas=stas,
        insu_admdvs="370102",
        crt_insu_date=since,
        paus_insu_date=off,
    )
    return SideFacts(
        facts_as_of=_AT,
        psn_no="P1",
        relations=(relation,),
        last_paid_ym=covered[1],
        is_same_name=True,
        covered=(CoveredPeriod(insutype="390", begn=covered[0], end=covered[1]),),
        last_insured_year=int(covered[1][:4]),
    )


_LEFT = _facts(PsnInsuStas.SUSPENDED, date(2020, 1, 1), date(2025, 12, 31), ("202001", "202512"))
_JOINED = _facts(PsnInsuStas.ACTIVE, date(2025, 11, 10), None, ("202601", "202612"))
_TOLD = json.dumps([_LEFT.model_dump(mode="json"), _JOINED.model_dump(mode="json")])


def decide_eligibility() -> object:
    """The document of a verdict, from the facts of both sides."""
    outbound = _result(Side.OUTBOUND, _LEFT, check_outbound(_ASKED, _LEFT, _RULES, _AT))
    inbound = _result(Side.INBOUND, _JOINED, check_inbound(_ASKED, _JOINED, _RULES, _AT))
    verdict = decide(Answers(outbound, inbound), _TERMS, _AT)
    if verdict.outcome is not Outcome.ACCEPTED:
        raise ValueError("the bench measures an acceptance: every rule has to be asked")
    return explain(verdict, _TERMS, _AT, None)


def parse_facts() -> object:
    """The floor: only to read what both sides told."""
    return json.loads(_TOLD)


def _result(side: Side, facts: SideFacts, verdict: SideVerdict) -> CheckResult:
    admdvs = "370200" if side is Side.OUTBOUND else "370100"
    return CheckResult(
        rlts_traf_id=_NUMBER,
        side=side,
        admdvs=admdvs,
        facts=facts,
        findings=verdict.findings,
        readings=verdict.readings,
    )
