"""Statements, their lines, and what waits in suspense."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from ledger.domain.suspense import ADVICE, SuspenseReason
from ledger.repository.outcomes import LineRow, OutcomeCount, StatementRow
from ledger.repository.statements import FileRow
from shared.clock import local_date
from shared.money import Fen


class StatementShown(BaseModel):
    """One statement of a file; opening + credits - debits = closing was checked."""

    bankacct: str
    statement_no: str
    period_from: date
    period_to: date
    opening_balance: Fen
    closing_balance: Fen
    line_count: int
    credit_total: Fen
    debit_total: Fen
    is_newest_first: bool = Field(description="文件是否按时间倒序")

    @classmethod
    def of(cls, row: StatementRow) -> "StatementShown":
        """As it is answered."""
        return cls(
            bankacct=row.bankacct,
            statement_no=row.statement_no,
            period_from=row.period_from,
            period_to=row.period_to,
            opening_balance=row.opening_fen,
            closing_balance=row.closing_fen,
            line_count=row.line_count,
            credit_total=row.credit_fen,
            debit_total=row.debit_fen,
            is_newest_first=row.is_newest_first,
        )


class OutcomeShown(BaseModel):
    """How many lines came to one outcome: ``receipt``, ``payment``, ``return`` (matched) or ``suspense``."""

    outcome: str
    direction: str = Field(description="C 收入，D 支出")
    reason: SuspenseReason | None = None
    reason_text: str | None = None
    line_count: int
    amount: Fen

    @classmethod
    def of(cls, row: OutcomeCount) -> "OutcomeShown":
        """As it is answered."""
        reason = None if row.reason is None else SuspenseReason(row.reason)
        return cls(
            outcome=row.claimed_as or "suspense",
            direction=row.direction,
            reason=reason,
            reason_text=None if reason is None else ADVICE[reason].text,
            line_count=row.line_count,
            amount=row.amount_fen,
        )


class StatementReport(BaseModel):
    """What became of a file; the outcomes are those of now."""

    id: UUID
    form: str
    digest: str = Field(description="文件字节的 SHA-256（十六进制）")
    size_bytes: int
    received_at: datetime
    received_by: str
    statements: list[StatementShown]
    outcomes: list[OutcomeShown]

    @classmethod
    def of(cls, row: FileRow, statements: list[StatementRow], outcomes: list[OutcomeCount]) -> "StatementReport":
        """As it is answered."""
        return cls(
            id=row.id,
            form=row.form,
            digest=row.digest,
            size_bytes=row.size_bytes,
            received_at=row.received_at,
            received_by=row.received_by,
            statements=[StatementShown.of(one) for one in statements],
            outcomes=[OutcomeShown.of(one) for one in outcomes],
        )


class StatementFileShown(BaseModel):
    """One line of the list of files."""

    id: UUID
    form: str
    size_bytes: int
    received_at: datetime
    received_by: str

    @classmethod
    def of(cls, row: FileRow) -> "StatementFileShown":
        """As it is answered."""
        return cls(
            id=row.id,
            form=row.form,
            size_bytes=row.size_bytes,
            received_at=row.received_at,
            received_by=row.received_by,
        )


class SuspenseShown(BaseModel):
    """Why a line waits, since when, whose work it is, and what to do next."""

    reason: SuspenseReason
    reason_text: str
    difference: Fen | None = Field(default=None, description="银行金额减应收（付）金额")
    owner: str
    opened_at: datetime
    age_days: int
    next_step: str


class LineShown(BaseModel):
    """A bank line: ``outcome`` is ``receipt``, ``payment`` or ``return`` when matched, else ``suspense``."""

    id: str
    bankacct: str
    entry_no: int
    detail_no: int
    direction: str = Field(description="C 收入，D 支出")
    amount: Fen
    booked_on: date
    value_on: date
    bank_ref: str | None
    end_to_end_id: str | None
    note: str | None
    counterparty_acct: str | None
    counterparty_name: str | None
    rlts_traf_id: str | None
    obligation_no: str | None
    outcome: str
    suspense: SuspenseShown | None = None

    @classmethod
    def of(cls, row: LineRow, now: datetime) -> "LineShown":
        """As it is answered at the instant ``now``."""
        return cls(
            id=str(row.id),
            bankacct=row.bankacct,
            entry_no=row.entry_no,
            detail_no=row.detail_no,
            direction=row.direction,
            amount=row.amount_fen,
            booked_on=row.booked_on,
            value_on=row.value_on,
            bank_ref=row.bank_ref,
            end_to_end_id=row.end_to_end_id,
            note=row.note,
            counterparty_acct=row.counterparty_acct,
            counterparty_name=row.counterparty_name,
            rlts_traf_id=row.rlts_traf_id,
            obligation_no=row.obligation_no,
            outcome="suspense" if row.reason is not None else row.kind,
            suspense=_suspense(row, now),
        )


def _suspense(row: LineRow, now: datetime) -> SuspenseShown | None:
    if row.reason is None or row.opened_at is None:
        return None
    reason = SuspenseReason(row.reason)
    return SuspenseShown(
        reason=reason,
        reason_text=ADVICE[reason].text,
        difference=row.difference_fen,
        owner=row.owner or ADVICE[reason].owner,
        opened_at=row.opened_at,
        age_days=(local_date(now) - local_date(row.opened_at)).days,
        next_step=ADVICE[reason].next_step,
    )
