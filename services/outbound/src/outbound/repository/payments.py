"""What the ledger told of a case's payments, append-only."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.tables import payment_fact
from shared.database.rowset import ROWS, insert_rows


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """A payment that the bank shows (``paid``) or that came back (``returned``); ``amount`` in fen."""

    message_id: UUID
    rlts_traf_id: str
    kind: str
    obligation_no: str
    amount: int
    booked_on: date
    reason: str | None = None


_KEEP = insert_rows(payment_fact, (*(field.name for field in fields(PaymentFact)), "received_at"))


async def keep_payment_facts(connection: AsyncConnection, facts: Sequence[PaymentFact], *, now: datetime) -> None:
    """Keep facts as they come; none is refused."""
    if facts:
        await connection.execute(_KEEP, {ROWS: [{**asdict(fact), "received_at": now} for fact in facts]})


async def load_payment_facts(connection: AsyncConnection, rlts_traf_id: str, *, limit: int = 200) -> list[PaymentFact]:
    """A case's payment facts in the order in which they came."""
    c = payment_fact.c
    query = select(*(c[name] for name in PaymentFact.__dataclass_fields__)).where(c.rlts_traf_id == rlts_traf_id)
    rows = await connection.execute(query.order_by(c.received_at, c.message_id).limit(limit))
    return [PaymentFact(**row) for row in rows.mappings()]
