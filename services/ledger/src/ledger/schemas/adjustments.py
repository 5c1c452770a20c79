"""What two people decide about lines that nothing answers, and about held orders."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from ledger.domain.adjustments import Adjustment, AdjustmentKind, AdjustmentState
from ledger.domain.expected_money import ExpectedMoney
from ledger.domain.line_classes import LineClass
from ledger.domain.obligations import ObligationState
from ledger.schemas.fields import LineId, Reason, RowVersion
from ledger.schemas.payments import BatchDecision
from shared.contracts.model import Document
from shared.money import Fen


class WriteOff(Document):
    """How much of what is left is given up, and why."""

    reason: Reason
    amount: Fen | None = Field(default=None, gt=0, description="不填为全部尚未处理的金额")


class RestWriteOff(Document):
    """Why what has not come is given up."""

    reason: Reason


class ExpectedMoneyShown(BaseModel):
    """Money that others owe us."""

    state: ObligationState
    due: Fen
    claimed: Fen = Field(description="已到账并匹配的金额")
    written_off: Fen
    left: Fen
    version: int

    @classmethod
    def of(cls, one: ExpectedMoney) -> "ExpectedMoneyShown":
        """As it is answered."""
        return cls(
            state=one.state,
            due=one.due_fen,
            claimed=one.claimed_fen,
            written_off=one.written_off_fen,
            left=one.left_fen,
            version=one.version,
        )


class Offset(Document):
    """The other line, as it was seen, and why the two answer each other."""

    other_line_id: LineId
    other_version: RowVersion
    reason: Reason
    amount: Fen | None = Field(default=None, gt=0, description="不填为两笔尚未处理金额中较小的一个")


class AdjustmentDecision(BatchDecision):
    """The second person's word; a rejection says why."""


class AdjustmentWithdrawal(Document):
    """Why it is taken back."""

    reason: Reason | None = None


class AdjustmentShown(BaseModel):
    """One adjustment; it has taken effect once it is approved."""

    id: UUID
    kind: AdjustmentKind
    line_id: str | None
    other_line_id: str | None
    alert_id: str | None = Field(description="所解除的提示")
    to_class: LineClass | None
    amount: Fen | None
    reason: str
    state: AdjustmentState
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None
    version: int

    @classmethod
    def of(cls, row: Adjustment) -> "AdjustmentShown":
        """As it is answered."""
        shared = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        names = ("line_id", "other_line_id", "alert_id")
        numbers = {name: None if shared[name] is None else str(shared[name]) for name in names}
        return cls(**(shared | numbers | {"amount": row.amount_fen}))
