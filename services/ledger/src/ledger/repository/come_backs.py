"""Which waiting credit is a return to a payer that came back, as a person says: the word, and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.suspense import SuspenseReason
from ledger.repository import suspense_past
from ledger.repository.suspense_items import because

# What came back of an order is never more than it paid, nor told of something that has begun to be answered.
_LINK = text(
    """
    WITH sent AS (
        SELECT o.id, o.returns_line_id
        FROM payment_order o
        JOIN bank_account b ON b.admdvs = o.admdvs AND b.bankacct = o.payer_bankacct
        JOIN statement_line l ON l.bank_account_id = b.id
        WHERE o.id = :order_id AND o.admdvs = :admdvs AND o.returns_line_id <> l.id AND o.state IN ('paid', 'returned')
          AND l.id = :line_id AND l.direction = 'C' AND l.booked_on >= o.paid_on
          AND l.amount_fen <= o.amount_fen - coalesce(
              (SELECT sum(c.amount_fen) FROM suspense w JOIN statement_line c ON c.id = w.line_id
               WHERE w.returned_order_id = o.id AND c.direction = 'C'), 0)
    ), linked AS (
        UPDATE suspense s SET reason = :reason, owner = :owner, difference_fen = NULL, returned_order_id = sent.id
        FROM sent
        WHERE s.line_id = :line_id AND s.returned_order_id IS NULL AND s.claimed_fen = 0
          AND NOT EXISTS (SELECT FROM clearing g WHERE g.credit_line_id = s.line_id)
        RETURNING sent.returns_line_id
    ), returned AS (
        UPDATE payment_order o SET state = 'returned', version = o.version + 1
        FROM sent WHERE o.id = sent.id AND EXISTS (SELECT FROM linked)
    )
    SELECT returns_line_id FROM linked
    """
)

# Only a person's word keeps what the item said before. It stands once something of the money was answered: the rest of
# it could not be matched as anything else.
_SAID = text(
    """
    SELECT DISTINCT ON (s.line_id) s.line_id, o.id AS order_id, o.returns_line_id, o.rlts_traf_id,
           CASE WHEN s.reason = :reason THEN w.detail ->> 'reason_before' ELSE s.reason END AS reason
    FROM suspense s
    JOIN payment_order o ON o.id = s.returned_order_id
    JOIN suspense_event w ON w.line_id = s.line_id AND w.what = 'refund_came_back'
     AND w.detail ->> 'order_id' = CAST(o.id AS text) AND w.detail ->> 'reason_before' IS NOT NULL
    WHERE s.line_id = ANY(:ids) AND s.claimed_fen = 0
      AND NOT EXISTS (SELECT FROM clearing g WHERE g.credit_line_id = s.line_id)
    ORDER BY s.line_id, w.id DESC
    """
)
_TAKE_BACK = text(
    """
    WITH freed AS (
        UPDATE suspense s SET reason = w.reason, owner = w.owner, returned_order_id = NULL
        FROM unnest(CAST(:ids AS bigint[]), CAST(:reasons AS text[]), CAST(:owners AS text[]))
          AS w (line_id, reason, owner)
        WHERE s.line_id = w.line_id
    )
    UPDATE payment_order o SET state = 'paid', version = o.version + 1
    WHERE o.id = ANY(:order_ids) AND o.state = 'returned'
      AND NOT EXISTS (SELECT FROM suspense b JOIN statement_line l ON l.id = b.line_id
                      WHERE b.returned_order_id = o.id AND l.direction = 'C' AND b.line_id <> ALL(:ids))
    """
)


@dataclass(frozen=True, slots=True)
class ComeBack:
    """A credit that a person has said to be a return that came back.

    ``returns_line_id``: what that had given back, ``rlts_traf_id`` its case. ``reason``: why the credit waits without
    that word.
    """

    line_id: int
    order_id: UUID
    returns_line_id: int
    rlts_traf_id: str | None
    reason: SuspenseReason


async def link(connection: AsyncConnection, admdvs: str, line_id: int, order_id: UUID) -> int | None:
    """Make a waiting credit what a return brought back; the line given back by it, or ``None``: it cannot be that."""
    values = {"admdvs": admdvs, "line_id": line_id, "order_id": order_id} | because(SuspenseReason.REFUND_RETURNED)
    found: int | None = await connection.scalar(_LINK, values)
    return found


async def said(connection: AsyncConnection, line_ids: Sequence[int]) -> list[ComeBack]:
    """What people have said of these lines, as far as nothing of them was matched or cleared as that, in order."""
    values = {"ids": list(line_ids), "reason": SuspenseReason.REFUND_RETURNED.value}
    rows = await connection.execute(_SAID, values)
    return [ComeBack(**{**row._mapping, "reason": SuspenseReason(row.reason)}) for row in rows]


async def take_back(connection: AsyncConnection, words: Sequence[ComeBack], *, now: datetime) -> None:
    """The credits wait as before, and the returns are paid where no other credit brings them back."""
    line_ids = [word.line_id for word in words]
    told = [because(word.reason) for word in words]
    await suspense_past.keep_of_lines(connection, line_ids, now=now)
    values = {
        "ids": line_ids,
        "order_ids": [word.order_id for word in words],
        "reasons": [one["reason"] for one in told],
        "owners": [one["owner"] for one in told],
    }
    await connection.execute(_TAKE_BACK, values)
