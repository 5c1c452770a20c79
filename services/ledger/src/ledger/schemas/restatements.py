"""Statements that the bank has corrected."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from ledger.domain.restatement import OBSTACLE_TEXTS, Obstacle, RestatementState, leaves_next
from ledger.domain.statement import Direction, Line
from ledger.repository.restatements import Neighbours, Restatement, StandingLine
from ledger.schemas.fields import Reason
from ledger.schemas.payments import BatchDecision
from shared.contracts.model import Document
from shared.money import Fen


class RestatementProposal(Document):
    """Why the corrected statement is right."""

    reason: Reason


class RestatementDecision(BatchDecision):
    """The second person's word; a rejection says why."""


class GoneLine(BaseModel):
    """A kept line that the corrected statement does not have."""

    line_id: str
    booked_on: date
    direction: Direction
    amount: Fen
    bank_ref: str | None
    note: str | None
    is_acted_on: bool = Field(description="已经匹配、退回、核销、冲抵或认作拨款：冲销的一笔另行挂账，由两人办理")
    obstacle: Obstacle | None = Field(description="为何还不能冲销；为空的可以")
    obstacle_text: str | None

    @classmethod
    def of(cls, line: StandingLine, *, is_open: bool) -> "GoneLine":
        """As it is answered; once it is decided, nothing stands in the way any more."""
        told, obstacle = line.told, line.obstacle if is_open else None
        return cls(
            line_id=str(line.id),
            booked_on=told.booked_on,
            direction=told.direction,
            amount=told.amount_fen,
            bank_ref=told.bank_ref,
            note=told.note,
            is_acted_on=line.is_acted_on,
            obstacle=obstacle,
            obstacle_text=None if obstacle is None else OBSTACLE_TEXTS[obstacle],
        )


class AddedLine(BaseModel):
    """A line of the corrected statement that is not kept yet."""

    booked_on: date
    direction: Direction
    amount: Fen
    bank_ref: str | None
    note: str | None

    @classmethod
    def of(cls, line: Line) -> "AddedLine":
        """As it is answered."""
        return cls(
            booked_on=line.booked_on,
            direction=line.direction,
            amount=line.amount_fen,
            bank_ref=line.bank_ref,
            note=line.note,
        )


class RestatementLine(BaseModel):
    """One in a list."""

    id: UUID
    bankacct: str
    statement_no: str
    period_from: date = Field(description="更正记入的一份的起日，即原来一份（分几份导入的为最后一份）的起日")
    period_to: date
    opening_shift: Fen = Field(description="此前各日的更正使期初余额变动的金额")
    closing_before: Fen
    closing_after: Fen
    gone_count: int
    added_count: int
    state: RestatementState
    received_by: str
    received_at: datetime
    reason: str | None
    proposed_by: str | None
    proposed_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None
    statement_id: UUID | None = Field(description="替换后的报告：/statements/{statement_id}")
    version: int

    @classmethod
    def of(cls, row: Restatement) -> "RestatementLine":
        """As it is answered."""
        return cls(**_values(row))


class RestatementShown(RestatementLine):
    """One with every line that differs."""

    gone: list[GoneLine]
    added: list[AddedLine]
    replace_next_from: date | None = Field(
        description="其后一份对账单的起日：替换本份后，它的期初余额不再衔接（产生提示），须接着上传它的更正"
    )

    @classmethod
    def with_lines(cls, row: Restatement, gone: Sequence[StandingLine], around: Neighbours) -> "RestatementShown":
        """As it is answered."""
        is_left = leaves_next(row.closing_fen, row.opening_fen - row.shift_fen, around.next_opening_fen)
        is_open = row.state in (RestatementState.FOUND, RestatementState.PROPOSED)
        return cls(
            **_values(row),
            gone=[GoneLine.of(line, is_open=is_open) for line in gone],
            added=[AddedLine.of(line) for line in row.added_lines],
            replace_next_from=around.next_from if is_left else None,
        )


def _values(row: Restatement) -> dict[str, object]:
    own = {name: getattr(row, name) for name in RestatementLine.model_fields if hasattr(row, name)}
    return own | {
        "opening_shift": row.shift_fen,
        "closing_before": row.opening_fen - row.shift_fen,
        "closing_after": row.closing_fen,
        "gone_count": len(row.gone_lines),
        "added_count": len(row.added_lines),
        "statement_id": row.file_id,
    }
