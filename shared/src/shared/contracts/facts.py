"""What an agency's core knows of a person, and what a side answers about an application (N7)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.application import CertNo, CertType, LodgedApplication, PersonName
from shared.contracts.codes import AreaCode, CaseNumber, Gend, PsnInsuStas, RetrTrtEnjymntFlag
from shared.contracts.model import Document, Message
from shared.money import Fen, NonNegativeFen
from shared.months import YearMonth

PsnNo = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,40}$")]
Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,10}$")]


class TransferredAway(Document):
    """That a relation ended because it was transferred: to which area, when, under which case (N13)."""

    trafin_admdvs: AreaCode
    on: date
    rlts_traf_id: CaseNumber | None = None


class DeemedMonths(Document):
    """视同缴费 months that a person claims (S54-6); they count once the area has recognised them (认定)."""

    accrym_begn: YearMonth
    accrym_end: YearMonth
    is_recognised: bool


class Relation(Document):
    """One insurance relation of a person in an area.

    ``is_low_income``: one of the groups for whom S54-4 sets no wait, as the area's records say.
    """

    psn_insu_rlts_id: Annotated[str, Field(min_length=1, max_length=40)]
    insutype: Code
    psn_insu_stas: PsnInsuStas
    insu_stas_chg_rea: Annotated[str, Field(max_length=200)] | None = None
    transferred_away: TransferredAway | None = None
    insu_admdvs: AreaCode
    crt_insu_date: date
    paus_insu_date: date | None = None
    fst_insu_ym: YearMonth | None = None
    hi_type: Code | None = None
    has_account: bool = False
    retr_trt_enjymnt_flag: RetrTrtEnjymntFlag = RetrTrtEnjymntFlag.NOT_ENJOYED
    emp_no: Annotated[str, Field(max_length=40)] | None = None
    emp_name: Annotated[str, Field(max_length=200)] | None = None
    emp_mgt_type: Code | None = None
    has_arrears: bool = False
    has_unsettled_claims: bool = False
    is_in_hospital: bool = False
    cover_ends_on: date | None = None
    is_low_income: bool = False
    deemed_months: Annotated[tuple[DeemedMonths, ...], Field(max_length=200)] = ()


class Contribution(Document):
    """One payment for a stretch of months; reversed ones (``revs_flag``) do not count.

    ``psn_clctstd`` is the base, ``emp_clct_amt`` and ``psn_clct_amt`` what employer and person paid, where known.
    """

    rid: Annotated[str, Field(min_length=1, max_length=60)]
    insutype: Code
    cashym: YearMonth
    accrym_begn: YearMonth
    accrym_end: YearMonth
    clct_type: Code | None = None
    clct_flag: Code = "1"
    clct_time: AwareDatetime | None = None
    revs_flag: bool = False
    poolarea_no: AreaCode | None = None
    agency_name: Annotated[str, Field(max_length=100)] | None = None
    emp_no: Annotated[str, Field(max_length=40)] | None = None
    psn_clctstd: NonNegativeFen | None = None
    emp_clct_amt: Fen | None = None
    psn_clct_amt: Fen | None = None
    memo: Annotated[str, Field(max_length=200)] | None = None


class EntryKind(StrEnum):
    """What an entry of a personal account is (our own names: the national code list is not public)."""

    INCOME = "income"
    SPENDING = "spending"
    INTEREST = "interest"
    TRANSFER_IN = "transfer_in"
    TRANSFER_OUT = "transfer_out"
    ADJUSTMENT = "adjustment"


class AccountEntry(Document):
    """One movement of a personal account; ``amount`` is positive for money in."""

    rid: Annotated[str, Field(min_length=1, max_length=60)]
    booked_on: date
    amount: Fen
    kind: EntryKind | None = None
    memo: Annotated[str, Field(max_length=200)] | None = None


class Account(Document):
    """The personal account with its balance (``balc``).

    ``entries`` begin at ``opening_balc``, or with nothing where none is stated, and lead to ``balc``.
    """

    balc: NonNegativeFen
    opening_balc: NonNegativeFen | None = None
    opening_on: date | None = None
    entries: Annotated[tuple[AccountEntry, ...], Field(max_length=2000)] = ()

    def is_summed(self) -> bool:
        """Whether there is anything to add up: an opening balance or an entry."""
        return self.opening_balc is not None or bool(self.entries)

    def summed(self) -> int:
        """What the opening balance and the entries come to, in fen."""
        return (self.opening_balc or 0) + sum(entry.amount for entry in self.entries)


class PersonRecord(Document):
    """A person as the agency's core pushes them; ``rid`` and ``updt_time`` decide which version is newer."""

    psn_no: PsnNo
    psn_name: PersonName
    psn_cert_type: CertType
    certno: CertNo
    gend: Gend
    brdy: date | None = None
    mob: str | None = None
    surv_stas: Code | None = None
    psn_type: Code | None = None
    relations: Annotated[tuple[Relation, ...], Field(max_length=100)] = ()
    contributions: Annotated[tuple[Contribution, ...], Field(max_length=2000)] = ()
    account: Account | None = None
    rid: Annotated[str, Field(min_length=1, max_length=60)]
    updt_time: AwareDatetime


class Side(StrEnum):
    """Which side of a transfer an agency is asked as."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"


class CoveredPeriod(Message):
    """A stretch of months (``YYYYMM``, both counted) that were paid and in force in one relation."""

    insutype: str
    begn: YearMonth
    end: YearMonth


class SideFacts(Message):
    """The facts that a side's verdict rests on, as of ``facts_as_of`` (UTC).

    ``psn_no`` is ``None`` when the person is not known there, or not by that name (``is_same_name`` is then false).
    ``relations`` are those of the scheme asked for and of the other one, newest first; ``last_paid_ym`` is the last
    paid month in the scheme asked for. ``is_on_employer_roll`` is ``None`` where no employer applies.

    ``covered`` holds, for the relation of each scheme that counts, the paid months of its life, oldest first.
    ``last_insured_year`` is the last residents' year that those months reach, named after the calendar year in which
    it ends; ``None`` where the records do not tell. Where they do not tell when cover ended either
    (``is_cover_end_known`` false), both are the most that it can be.
    """

    facts_as_of: datetime | None
    psn_no: str | None = None
    relations: tuple[Relation, ...] = ()
    last_paid_ym: str | None = None
    has_account: bool | None = None
    balc: Fen | None = None
    is_on_employer_roll: bool | None = None
    is_same_name: bool | None = None
    covered: tuple[CoveredPeriod, ...] = ()
    last_insured_year: int | None = None
    is_cover_end_known: bool = True


class Finding(Message):
    """One reason of a side's verdict: a code of the catalogue, and which choice of a reading it used."""

    code: str
    is_unknown: bool = False
    note: str | None = None
    readings: tuple[str, ...] = ()


class OtherMeaning(Message):
    """What the side would have found under another ``value`` of a reading."""

    value: str
    findings: tuple[Finding, ...]


class ReadingUsed(Message):
    """A reading that a verdict used: its ``value``, and whether the region has set it or the default holds.

    ``otherwise`` holds what would differ under its other values, where the region has not set it.
    """

    name: str
    value: str
    is_set: bool
    otherwise: tuple[OtherMeaning, ...] = ()


class CheckQuery(Document):
    """One application to be checked by ``admdvs`` as ``side``."""

    rlts_traf_id: CaseNumber
    side: Side
    admdvs: AreaCode
    lodged: LodgedApplication


class CheckResult(Message):
    """A side's facts and verdict.

    No finding: the side sees no obstacle. A finding with ``is_unknown`` means that the side cannot tell yet
    and must be asked again; it never refuses.
    """

    rlts_traf_id: CaseNumber
    side: Side
    admdvs: AreaCode
    facts: SideFacts
    findings: tuple[Finding, ...] = ()
    readings: tuple[ReadingUsed, ...] = ()
    policy_version: str | None = None


class CheckRequest(Document):
    """Up to 500 applications at once."""

    checks: Annotated[tuple[CheckQuery, ...], Field(min_length=1, max_length=500)]


class CheckResponse(Message):
    """A result per query, in the order asked."""

    results: tuple[CheckResult, ...]
