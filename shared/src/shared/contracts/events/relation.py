"""The relation's track."""

from datetime import date, datetime
from typing import ClassVar

from shared.contracts.application import LodgedApplication
from shared.contracts.codes import AcctDisposition, MoneyPath, ReturnCode, TerminationCause
from shared.contracts.events.event import Event, Route
from shared.contracts.facts import CheckResult
from shared.contracts.info_sheet import SheetFinding
from shared.contracts.model import Message
from shared.contracts.party import Role
from shared.money import Fen

_FROM_PLATFORM: frozenset[Route] = frozenset({(Role.PLATFORM, Role.OUTBOUND), (Role.PLATFORM, Role.INBOUND)})

_INBOUND_SAYS: frozenset[Route] = frozenset(
    {(Role.INBOUND, Role.PLATFORM), (Role.PLATFORM, Role.OUTBOUND), (Role.OUTBOUND, Role.PLATFORM)}
)
"""Of a case on paper the outbound tells the platform what the inbound wrote to it; of any other it may not."""


class TransferAccepted(Event):
    """The platform has accepted the application (N7); the outbound's days run from ``accepted_at`` (N8).

    ``outbound_due_on`` and ``total_due_on`` are dates in Asia/Shanghai; ``total_due_on`` is ``None`` where no
    text sets a total. ``inbound_days`` is what the inbound will have from each sheet's receipt (N9).
    The ``..._days`` let each side count its dates anew when a year is published.
    """

    routes: ClassVar = _FROM_PLATFORM

    lodged: LodgedApplication
    trafout_admdvs: str
    trafin_admdvs: str
    accepted_at: datetime
    outbound_facts: CheckResult
    inbound_facts: CheckResult
    acct_disposition: AcctDisposition
    outbound_due_on: date
    inbound_days: int
    total_due_on: date | None
    outbound_days: int | None = None
    total_days: int | None = None
    is_due_provisional: bool = False


class TransferWithdrawn(Event):
    """The case ended before a first sheet version was accepted; everything goes back to what it was.

    Of a case on paper its outbound tells the platform so.
    """

    routes: ClassVar = _FROM_PLATFORM | {(Role.OUTBOUND, Role.PLATFORM)}

    withdrawn_at: datetime
    reason: str


class TransferTerminated(Event):
    """The case ended after a sheet was accepted, confirmed by both sides: nothing is synced or paid any more.

    Of a case on paper the connected agency tells the platform so.
    """

    routes: ClassVar = _FROM_PLATFORM | {(Role.OUTBOUND, Role.PLATFORM), (Role.INBOUND, Role.PLATFORM)}

    terminated_at: datetime
    cause: TerminationCause
    reason: str
    money_path: MoneyPath


class SheetIssued(Event):
    """The outbound has sealed a version. ``sealed_sheet`` is the JWS text exactly as it was made."""

    routes: ClassVar = frozenset({(Role.OUTBOUND, Role.PLATFORM)})

    sheet_version: int
    sealed_sheet: str
    amount: Fen
    sealed_at: datetime


class SheetAccepted(Event):
    """The platform has verified a version and taken it in; ``arrival`` is its countersignature (JWS text)."""

    routes: ClassVar = frozenset({(Role.PLATFORM, Role.OUTBOUND)})

    sheet_version: int
    arrival: str


class SheetRefused(Event):
    """The platform did not take a version in: it came too late, or its seal or content does not hold."""

    routes: ClassVar = frozenset({(Role.PLATFORM, Role.OUTBOUND)})

    sheet_version: int
    code: str
    findings: tuple[SheetFinding, ...] = ()


class SheetRouted(Event):
    """An accepted version on its way to the inbound, byte for byte, with the platform's countersignature."""

    routes: ClassVar = frozenset({(Role.PLATFORM, Role.INBOUND)})

    sheet_version: int
    sealed_sheet: str
    arrival: str
    acct_disposition: AcctDisposition
    routed_at: datetime
    inbound_due_on: date
    inbound_days: int | None = None
    is_due_provisional: bool = False


class ReturnReason(Message):
    """One code S01 to S06 with the place on the sheet; ``row`` counts from 1."""

    code: ReturnCode
    row: int | None = None
    box: str | None = None
    text: str | None = None


class SheetReturned(Event):
    """退回更正: the inbound returns a version with codes; the platform passes it on to the outbound.

    The platform sets the outbound's clock when it passes the return on: its first day, its days, its last day.
    For a case on paper the outbound sets it by the same rule.
    """

    routes: ClassVar = _INBOUND_SAYS

    sheet_version: int
    returned_at: datetime
    reasons: tuple[ReturnReason, ...]
    outbound_started_on: date | None = None
    outbound_days: int | None = None
    outbound_due_on: date | None = None


class SheetRecalled(Event):
    """The outbound recalls a version that it sealed in error, before the completion (*design*).

    The platform decides: where it holds, it tells the inbound, which stops working on the version, and the outbound
    by ``SheetReturned``; where another end of the version came first, the outbound hears of that one alone.
    """

    routes: ClassVar = frozenset({(Role.OUTBOUND, Role.PLATFORM), (Role.PLATFORM, Role.INBOUND)})

    sheet_version: int
    recalled_at: datetime
    reason: str


class BenefitsTold(Message):
    """What the inbound has decided about benefits, in short (N11); days in Asia/Shanghai, ``None`` where it cannot say.

    ``is_final`` is false while paying for the interruption until ``back_pay_until`` would still bring benefits, from
    ``first_benefit_date_if_back_paid`` on.
    """

    is_final: bool
    rule: str
    first_benefit_date: date | None
    waiting_months: int | None
    is_gap_reimbursed: bool
    back_pay_until: date | None
    first_benefit_date_if_back_paid: date | None
    needs_local_decision: bool


class YearsTold(Message):
    """Contribution years in short (N12), in months; ``None`` where the region has not said."""

    accumulated_months: int
    required_months: int | None
    short_months: int | None
    is_reached: bool | None
    needs_local_decision: bool


class BenefitsDecided(Event):
    """The inbound has decided anew after the completion: for good, or because the sheet was corrected (N11, N12)."""

    routes: ClassVar = frozenset({(Role.INBOUND, Role.PLATFORM)})

    benefits: BenefitsTold
    years: YearsTold | None = None


class TransferCompleted(Event):
    """The inbound has synced the sheet into its records (N9); the platform passes it on and the relation ends.

    ``benefits`` and ``years`` are for the platform alone: it does not pass them on.
    """

    routes: ClassVar = _INBOUND_SAYS

    sheet_version: int
    completed_at: datetime
    trafin_psn_no: str
    benefits: BenefitsTold | None = None
    years: YearsTold | None = None


class TransferCorrected(Event):
    """The inbound has synced a sheet version that was sealed after the completion; the platform passes it on.

    The relation stayed completed all the while; what the version changes in money is owed as a difference. Of a case
    on paper the outbound passes on what it was written.
    """

    routes: ClassVar = frozenset(
        {(Role.INBOUND, Role.PLATFORM), (Role.OUTBOUND, Role.PLATFORM), (Role.PLATFORM, Role.OUTBOUND)}
    )

    sheet_version: int
    corrected_at: datetime


class RelationEnded(Event):
    """The outbound's core has ended the relation (N13)."""

    routes: ClassVar = frozenset({(Role.OUTBOUND, Role.PLATFORM)})

    ended_on: date
    core_ref: str | None = None
