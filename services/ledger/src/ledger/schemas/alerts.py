"""What somebody has to look at."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from ledger.domain.alerts import ALERT_TEXTS, HELD_BY_SUBJECT, AlertKind
from ledger.repository.alerts import AlertRow
from ledger.schemas.fields import Reason
from shared.contracts.model import Document
from shared.money import Fen


class AlertShown(BaseModel):
    """One alert; open while ``settled_at`` is null."""

    id: str
    kind: AlertKind
    text: str
    subject: str
    data: dict[str, Any]
    raised_at: datetime
    settled_at: datetime | None
    settled_by: str | None
    reason: str | None
    version: int
    held_count: int | None = Field(description="现在因此暂缓的支付单张数；不暂缓支付单的提示为空")
    left_count: int | None = Field(description="其中支付文件已被取走的张数：只有银行还能止付")
    held_amount: Fen | None = Field(description="现在因此暂缓的金额")
    release_id: UUID | None = Field(description="待复核的解除（暂缓支付的提示由两人解除）")

    @classmethod
    def of(cls, row: AlertRow) -> "AlertShown":
        """As it is answered."""
        kind = AlertKind(row.kind)
        shared = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        own: dict[str, Any] = {"id": str(row.id), "kind": kind, "text": ALERT_TEXTS[kind], "held_amount": row.held_fen}
        if kind not in HELD_BY_SUBJECT:
            own |= dict.fromkeys(("held_count", "left_count", "held_amount"))
        return cls(**(shared | own))


class AlertSettlement(Document):
    """Why nothing more has to be done."""

    reason: Annotated[Reason, Field(description="处理结果")]
