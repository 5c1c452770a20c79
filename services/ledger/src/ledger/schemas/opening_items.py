"""Old money items as they are brought in, decided and shown."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from ledger.domain.opening_items import ItemState, OpeningItem, OpeningKind
from ledger.repository.opening_items import ItemRow
from ledger.schemas.fields import Reason
from shared.contracts.application import CaseReference
from shared.contracts.model import Document
from shared.errors import DomainError
from shared.money import Fen


class OpeningVerdict(Document):
    """The second person's word on one item; ``row_version`` is the one that was compared with the old books."""

    item_id: UUID
    row_version: Annotated[int, Field(ge=1, strict=True)]
    decision: Literal["approve", "reject"]
    reason: Reason | None = None


class OpeningVerdicts(Document):
    """A selection of items, each named once."""

    items: Annotated[tuple[OpeningVerdict, ...], Field(min_length=1, max_length=500)]

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len({each.item_id for each in self.items}) < len(self.items):
            raise ValueError("同一款项只能出现一次")
        return self


class OpeningCancellation(Document):
    """Why an item that was booked should not stand."""

    reason: Reason


class OpeningOutcome(BaseModel):
    """What became of one item: decided, or refused with ``code``, ``message`` and ``errors``; then unchanged."""

    item_id: UUID
    state: ItemState | None = None
    row_version: int | None = None
    code: str | None = None
    message: str | None = None
    errors: list[dict[str, str]] = Field(default_factory=list)

    @classmethod
    def of(cls, item_id: UUID, outcome: OpeningItem | DomainError) -> "OpeningOutcome":
        """As it is answered."""
        if isinstance(outcome, DomainError):
            errors = [{"pointer": e.pointer, "code": e.code, "message": e.message} for e in outcome.errors]
            return cls(item_id=item_id, code=outcome.code, message=outcome.message, errors=errors)
        return cls(item_id=item_id, state=outcome.state, row_version=outcome.row_version)


class OpeningOutcomes(BaseModel):
    """A result per item, in the order asked."""

    items: list[OpeningOutcome]


class OpeningDuplicateShown(BaseModel):
    """A case of these books that looks like the same money; open until somebody has looked (``/alerts``)."""

    rlts_traf_id: str
    obligation_no: str
    is_same_number: bool
    is_same_amount: bool
    is_settled: bool


class OpeningItemShown(BaseModel):
    """An old item and what became of it."""

    item_id: UUID
    kind: OpeningKind
    state: ItemState
    row_version: int
    refs: tuple[CaseReference, ...]
    amount: Fen
    open_since: date
    rlts_traf_id: str | None
    trafout_admdvs: str | None
    trafin_admdvs: str | None
    psn_name: str | None
    stated_bankacct: str | None
    bankacct: str | None
    direction: str | None
    booked_on: date | None
    note: str | None
    counterparty_acct: str | None
    counterparty_name: str | None
    import_key: str | None
    import_line: int | None
    entered_by: str
    entered_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    line_id: str | None = Field(description="挂账款项的流水编号")
    obligation_state: str | None = Field(description="应收应付现在的状态")
    settled_on: date | None = Field(description="结清之日；尚未结清为空")
    is_doubtful: bool = Field(description="疑与电子办件重复，核清前不支付、不自动匹配")
    duplicates: list[OpeningDuplicateShown]

    @classmethod
    def of(cls, row: ItemRow) -> "OpeningItemShown":
        """As it is answered."""
        item = row.item
        own = {name: getattr(item, name) for name in cls.model_fields if hasattr(item, name) and name != "line_id"}
        return cls(
            **own,
            amount=item.amount_fen,
            line_id=None if item.line_id is None else str(item.line_id),
            obligation_state=row.obligation_state,
            settled_on=row.settled_on,
            is_doubtful=row.is_doubtful,
            duplicates=[OpeningDuplicateShown.model_validate(each) for each in row.duplicates],
        )
