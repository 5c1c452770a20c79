"""A case as the inbound agency keeps it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shared.contracts.codes import AcctDisposition, Origin
from shared.contracts.events.relation import ReturnReason
from shared.sheet_rules import TERMINATION_NO


class CaseState(StrEnum):
    """Where the relation's track stands on this side."""

    ANNOUNCED = "announced"
    RECEIVED = "received"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    COMPLETED = "completed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


class DecisionKind(StrEnum):
    """What the 经办 proposes: take the sheet over, or return it for correction (退回更正)."""

    ACCEPT = "accept"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class InboundCase:
    """One case. Money in fen, instants in UTC, dates in Asia/Shanghai.

    ``version`` counts changes (the ETag). ``sheet_version`` is 0 before the first sheet; ``sheet_amount`` is
    what the present sheet really transfers, ``addenda_amount`` what addenda add to it,
    ``obligation_no`` which obligation of the case that is, and
    ``is_payable`` whether the ledger has to hear of it. Who submitted and reviewed belongs to the present version.
    """

    rlts_traf_id: str
    trafin_admdvs: str
    trafout_admdvs: str
    trafin_insutype: str
    trafout_insutype: str
    psn_name: str
    psn_cert_type: str
    certno: str
    trafin_psn_no: str | None
    trafin_rlts_id: str | None
    state: CaseState
    acct_disposition: AcctDisposition
    accepted_at: datetime
    total_due_on: date | None
    version: int = 1
    sheet_version: int = 0
    sheet_amount: int = 0
    obligation_no: int = 0
    is_payable: bool = False
    addenda_amount: int = 0
    error_count: int = 0
    difference_count: int = 0
    received_at: datetime | None = None
    inbound_due_on: date | None = None
    is_due_provisional: bool = False
    decision: DecisionKind | None = None
    reasons: tuple[ReturnReason, ...] = ()
    memo: str | None = None
    submitted_by: str | None = None
    submitted_name: str | None = None
    submitted_at: datetime | None = None
    reviewed_by: str | None = None
    reviewed_name: str | None = None
    reviewed_at: datetime | None = None
    needs_two_people: bool = True
    is_automatic: bool = False
    completed_at: datetime | None = None
    corrected_at: datetime | None = None
    core_failure: str | None = None
    origin: Origin = Origin.ELECTRONIC
    clock_started_on: date | None = None
    clock_days: int | None = None
    total_days: int | None = None
    warn_on: date | None = None

    @property
    def owed_amount(self) -> int:
        """What is to be credited in all, in fen: nothing of a case that has ended."""
        return 0 if self.state is CaseState.TERMINATED else self.sheet_amount + self.addenda_amount

    @property
    def return_no(self) -> str:
        """The number of the obligation under which the outbound gets money back now."""
        return TERMINATION_NO if self.state is CaseState.TERMINATED else str(self.obligation_no)

    @property
    def is_synced(self) -> bool:
        """Whether a version was taken over: it stays so while a later one is being looked at (a correction)."""
        return self.completed_at is not None and self.state is not CaseState.TERMINATED

    @property
    def is_settled(self) -> bool:
        """Whether it stands what is owed: the present version is synced, or the case has ended."""
        return self.state in (CaseState.COMPLETED, CaseState.TERMINATED)

    def is_due_soon(self, today: date) -> bool:
        """Whether 80 % of the inbound's days have passed while the sheet still lies here, and not yet all."""
        if self.warn_on is None or self.inbound_due_on is None:
            return False
        return self._is_here and self.warn_on <= today <= self.inbound_due_on

    @property
    def _is_here(self) -> bool:
        return self.state in (CaseState.RECEIVED, CaseState.SUBMITTED, CaseState.APPROVED)

    def is_overdue(self, today: date) -> bool:
        """Whether the inbound's days (N9) have run out while the sheet still lies here."""
        return self._is_here and self.inbound_due_on is not None and today > self.inbound_due_on
