"""What an agency knows of a person when asked (pure): imported facts with our own holds laid over them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.agency.coverage import covered_periods, is_end_known, last_insured_year
from shared.agency.summary import Run
from shared.contracts.codes import Insutype
from shared.contracts.facts import Account, AccountEntry, Contribution, PersonRecord, Relation, SideFacts
from shared.contracts.info_sheet import SheetRow


@dataclass(frozen=True, slots=True)
class PersonQuery:
    """Whom we look for in which area."""

    admdvs: str
    psn_cert_type: str
    certno: str
    psn_name: str


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person found. ``last_paid`` is the last paid month (``YYYYMM``) by scheme, ``paid_runs`` all of them; ``balc``
    in fen, ``None`` without an account; ``facts_as_of`` in UTC, ``None`` when the core has never told.
    """

    admdvs: str
    psn_no: str
    psn_name: str
    is_same_name: bool
    gend: str
    relations: tuple[Relation, ...]
    last_paid: Mapping[str, str]
    balc: int | None
    facts_as_of: datetime | None
    paid_runs: Mapping[str, tuple[Run, ...]] = field(default_factory=dict)

    def relation(self, insutype: str) -> Relation | None:
        """The relation of a scheme that counts: a live one before an ended one, then the newest."""
        return next((each for each in self.relations if each.insutype == insutype), None)


@dataclass(frozen=True, slots=True)
class Looked:
    """The answer to one ``PersonQuery``; ``person`` is ``None`` when nobody there has the certificate."""

    person: KnownPerson | None
    facts_as_of: datetime | None


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A period that an earlier transfer brought into this area; ``source`` names that case."""

    rlts_traf_id: str
    row: SheetRow


@dataclass(frozen=True, slots=True)
class Movement:
    """What we moved on the account for a case."""

    rlts_traf_id: str
    entry: AccountEntry


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A person's whole record: ``record`` already overlaid with our holds; ``taken_over`` from earlier cases.

    ``movements`` are our own on the account since the core last pushed it: the balance counts them, the record's
    entries are the core's.
    """

    admdvs: str
    record: PersonRecord
    taken_over: tuple[TakenOver, ...] = ()
    movements: tuple[Movement, ...] = ()
    facts_as_of: datetime | None = None

    def account(self, *, leave_out: str | None = None) -> Account | None:
        """The account as it stands, with our own movements among its entries, but for those of one case."""
        account = self.record.account
        if account is None or not account.is_summed():
            return account
        moved = (each.entry for each in self.movements if each.rlts_traf_id != leave_out)
        return account.model_copy(update={"entries": (*account.entries, *moved)})

    def contributions(self) -> tuple[Contribution, ...]:
        """Own contributions and the periods taken over, the latter as contributions with their own area."""
        return (*self.taken_over_contributions(), *self.record.contributions)

    def taken_over_contributions(self) -> tuple[Contribution, ...]:
        """The periods taken over, as contributions, each once.

        Who comes back brings periods of this very area, and again those brought before: the former stand in
        our own contributions already.
        """
        elsewhere = {
            (each.row.admdvs, each.row.row_type, each.row.accrym_begn, each.row.accrym_end): each
            for each in self.taken_over
            if each.row.admdvs != self.admdvs
        }
        return tuple(_as_contribution(each) for each in elsewhere.values())


_INSUTYPE_OF_ROW = {"1": "310", "2": "390"}


def _as_contribution(period: TakenOver) -> Contribution:
    row = period.row
    return Contribution(
        rid=f"{period.rlts_traf_id}-{row.row_no}",
        insutype=_INSUTYPE_OF_ROW.get(row.row_type, "999"),
        cashym=row.accrym_end,
        accrym_begn=row.accrym_begn,
        accrym_end=row.accrym_end,
        poolarea_no=row.admdvs,
        agency_name=row.agency_name,
        memo=row.memo,
    )


def side_facts(looked: Looked, insutype: str) -> SideFacts:
    """The facts that travel with a verdict about one scheme; relations of that scheme stand first.

    Who does not name the person rightly learns nothing of them.
    """
    person = looked.person
    if person is None:
        return SideFacts(facts_as_of=looked.facts_as_of)
    if not person.is_same_name:
        return SideFacts(facts_as_of=looked.facts_as_of, is_same_name=False)
    relation = person.relation(insutype)
    counting = [each for each in (person.relation(scheme) for scheme in Insutype) if each is not None]
    return SideFacts(
        facts_as_of=looked.facts_as_of,
        psn_no=person.psn_no,
        relations=_scheme_first(person.relations, insutype),
        last_paid_ym=person.last_paid.get(insutype),
        has_account=None if relation is None else relation.has_account,
        balc=person.balc,
        is_same_name=True,
        covered=tuple(
            period for each in counting for period in covered_periods(each, person.paid_runs.get(each.insutype, ()))
        ),
        last_insured_year=last_insured_year(
            person.relation(Insutype.RESIDENT),
            person.paid_runs.get(Insutype.RESIDENT, ()),
            person.last_paid.get(Insutype.RESIDENT),
        ),
        is_cover_end_known=relation is None or is_end_known(relation),
    )


def _scheme_first(relations: Iterable[Relation], insutype: str) -> tuple[Relation, ...]:
    return tuple(sorted(relations, key=lambda each: each.insutype != insutype))
