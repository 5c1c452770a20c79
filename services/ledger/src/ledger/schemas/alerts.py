"""What somebody has to look at."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from ledger.domain.alerts import ALERT_TEXTS, AlertKind
from ledger.repository.alerts import AlertRow
from shared.contracts.model import Document


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
    release_id: UUID | None = Field(description="待复核的解除（暂缓支付的提示由两人解除）")

    @classmethod
    def of(cls, row: AlertRow) -> "AlertShown":
        """As it is answered."""
        kind = AlertKind(row.kind)
        shared = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        return cls(**(shared | {"id": str(row.id), "kind": kind, "text": ALERT_TEXTS[kind]}))


class AlertSettlement(Document):
    """Why nothing more has to be done."""

    reason: Annotated[str, Field(min_length=1, max_length=500, description="处理结果")]
