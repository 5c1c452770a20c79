"""Statements, their lines, and what waits in suspense."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from ledger.domain.line_classes import OTHER_THAN_TRANSFER, LineClass
from ledger.domain.status_reasons import explain_told
from ledger.domain.suspense import ADVICE, SuspenseReason
from ledger.domain.suspense_items import next_step
from ledger.repository.notices import NoticeTotals
from ledger.repository.outcomes import LineRow, OutcomeCount, StatementRow
from ledger.repository.statements import FileRow
from ledger.schemas.notices import NoticeTotalsShown
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
    is_opening_computed: bool = Field(description="银行没有给出期初余额，由期末余额和明细推算")
    is_supplement: bool = Field(description="同一天再次导出后补充导入的部分，或银行更正的差额，接在先导入的部分之后")
    gap_before: Fen | None = Field(description="期初余额减上一份对账单的期末余额；不为零说明中间缺少对账单")
    gap_after: Fen | None = Field(description="下一份对账单的期初余额减期末余额；不为零说明中间缺少对账单")

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
            is_opening_computed=row.is_opening_computed,
            is_supplement=row.part_no > 1,
            gap_before=_gap(row.previous_closing_fen, row.opening_fen),
            gap_after=_gap(row.closing_fen, row.next_opening_fen),
        )


class OutcomeShown(BaseModel):
    """How many lines came to one outcome: ``receipt``, ``payment``, ``return`` (matched), ``suspense`` or ``other``.

    ``other`` is no transfer: booked to 其他业务往来, and no clerk's work.
    """

    outcome: str
    direction: str = Field(description="C 收入，D 支出")
    reason: SuspenseReason | None = None
    reason_text: str | None = None
    line_class: LineClass
    line_count: int
    amount: Fen

    @classmethod
    def of(cls, row: OutcomeCount) -> "OutcomeShown":
        """As it is answered."""
        reason = None if row.reason is None else SuspenseReason(row.reason)
        return cls(
            outcome=row.claimed_as or ("other" if reason is None else "suspense"),
            line_class=LineClass(row.line_class),
            direction=row.direction,
            reason=reason,
            reason_text=None if reason is None else ADVICE[reason].text,
            line_count=row.line_count,
            amount=row.amount_fen,
        )


class StatementReport(BaseModel):
    """What became of a file; the outcomes are those of now. One of notifications books nothing."""

    id: UUID
    form: str
    digest: str = Field(description="文件字节的 SHA-256（十六进制）")
    size_bytes: int
    received_at: datetime
    received_by: str
    statements: list[StatementShown]
    outcomes: list[OutcomeShown]
    notices: NoticeTotalsShown | None = Field(description="通知文件（camt.054）告知的款项；对账单文件没有此项")

    @classmethod
    def of(
        cls,
        row: FileRow,
        statements: list[StatementRow],
        outcomes: list[OutcomeCount],
        notices: NoticeTotals | None = None,
    ) -> "StatementReport":
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
            notices=None if notices is None else NoticeTotalsShown.of(notices),
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
    remaining: Fen = Field(description="尚未认领、退回或核销的金额")
    owner: str
    assigned_to: str | None
    opened_at: datetime
    age_days: int
    next_step: str


class LineShown(BaseModel):
    """A bank line; ``outcome`` as in ``OutcomeShown``."""

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
    line_class: LineClass
    rule_name: str | None = Field(description="认定类别的规则")
    foreign_currency: str | None = Field(description="以外币支付时的币种")
    return_reason: str | None = Field(description="退汇：银行写明的原因")
    outcome: str
    reversed_by: str | None = Field(description="银行更正对账单时冲销这笔流水的流水")
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
            line_class=LineClass(row.line_class),
            rule_name=row.rule_name,
            foreign_currency=row.foreign_currency,
            return_reason=None if row.return_reason is None else explain_told(row.return_reason),
            outcome=_outcome(row),
            reversed_by=None if row.reversed_by is None else str(row.reversed_by),
            suspense=_suspense(row, now),
        )


def _outcome(row: LineRow) -> str:
    if row.reason is not None:
        return "suspense"
    return "other" if LineClass(row.line_class) in OTHER_THAN_TRANSFER else row.kind


def _gap(before_fen: int | None, after_fen: int | None) -> int | None:
    return None if before_fen is None or after_fen is None else after_fen - before_fen


def _suspense(row: LineRow, now: datetime) -> SuspenseShown | None:
    if row.reason is None or row.opened_at is None:
        return None
    reason = SuspenseReason(row.reason)
    return SuspenseShown(
        reason=reason,
        reason_text=ADVICE[reason].text,
        difference=row.difference_fen,
        remaining=row.left_fen,
        owner=row.owner or ADVICE[reason].owner,
        assigned_to=row.assigned_to,
        opened_at=row.opened_at,
        age_days=(local_date(now) - local_date(row.opened_at)).days,
        next_step=next_step(
            reason,
            is_going_back=row.reserved_fen > 0,
            has_adjustment=row.has_adjustment,
            has_proposal=row.has_proposal,
            reversed_by=row.reversed_by,
        ),
    )
