"""Orders that the bank has answered for: its last word, its rejection, and the order that pays anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.orders import UNRELEASED
from ledger.repository.order_states import listed
from ledger.tables import clearing, obligation, payment_file_item, payment_order

_ANSWERED = text(
    """
    UPDATE payment_order o
    SET bank_status = a.status, version = version + 1,
        state = CASE WHEN a.is_rejected THEN 'rejected' ELSE o.state END,
        rejection_code = CASE WHEN a.is_rejected THEN a.reason_code ELSE o.rejection_code END,
        rejection_text = CASE WHEN a.is_rejected THEN a.reason_text ELSE o.rejection_text END,
        rejected_by = CASE WHEN a.is_rejected THEN :by ELSE o.rejected_by END,
        rejected_at = CASE WHEN a.is_rejected THEN CAST(:now AS timestamptz) ELSE o.rejected_at END
    FROM unnest(CAST(:ids AS uuid[]), CAST(:statuses AS text[]), CAST(:codes AS text[]), CAST(:texts AS text[]),
                CAST(:rejected AS boolean[])) AS a (id, status, reason_code, reason_text, is_rejected)
    WHERE o.id = a.id
    """
)
_HOLD = text(
    f"""
    INSERT INTO order_hold (order_id, admdvs, subject, state_before, held_at)
    SELECT p.id, p.admdvs, f.end_to_end_id, CASE p.state WHEN 'proposed' THEN 'ready' ELSE p.state END, :now
    FROM payment_order f
    CROSS JOIN LATERAL (
        SELECT id, admdvs, state FROM payment_order WHERE reissue_of = f.id AND state <> 'cancelled'
        UNION
        SELECT id, admdvs, state FROM payment_order WHERE returns_line_id = f.returns_line_id AND id <> f.id
        UNION
        -- A later version owes what was refused.
        SELECT l.id, l.admdvs, l.state FROM payment_order l JOIN obligation o ON o.id = l.obligation_id
        WHERE l.rlts_traf_id = f.rlts_traf_id AND l.admdvs = f.admdvs AND l.obligation_id > f.obligation_id
          AND o.direction = 'pay' AND o.reason <> 'addendum'
          AND EXISTS (SELECT FROM obligation WHERE id = f.obligation_id AND state = 'cancelled')
    ) p
    WHERE f.id = ANY(:ids) AND p.state IN {listed(UNRELEASED)}
    ORDER BY p.id, f.id
    ON CONFLICT (order_id, subject) DO UPDATE
    SET held_at = excluded.held_at, lifted_at = NULL, lifted_by = NULL, adjustment_id = NULL, adjustment_state = NULL
    RETURNING order_id, subject
    """  # noqa: S608  # only our own SQL is put in
)
_DOUBTED = text(
    """
    SELECT f.id
    FROM payment_order f
    JOIN alert a ON a.admdvs = f.admdvs AND a.kind = 'bank_answer' AND a.subject = f.end_to_end_id
                AND a.settled_at IS NULL
    WHERE f.admdvs = ANY(:agencies) AND f.rlts_traf_id = ANY(:cases) AND f.state = 'rejected'
    ORDER BY f.id
    """
)


@dataclass(frozen=True, slots=True)
class BankAnswer:
    """What is to be kept of a bank's answer to an order."""

    order_id: UUID
    status: str
    reason_code: str | None
    reason_text: str | None
    is_rejected: bool


async def keep_answers(connection: AsyncConnection, answers: Sequence[BankAnswer], *, by: str, now: datetime) -> None:
    """Keep the bank's last words; those that reject change the order's state. One answer an order."""
    if not answers:
        return
    columns = {
        "ids": [one.order_id for one in answers],
        "statuses": [one.status for one in answers],
        "codes": [one.reason_code for one in answers],
        "texts": [one.reason_text for one in answers],
        "rejected": [one.is_rejected for one in answers],
    }
    await connection.execute(_ANSWERED, columns | {"by": by, "now": now})


async def references_in_file(connection: AsyncConnection, admdvs: str, file_id: UUID) -> list[str]:
    """The ``EndToEndId`` of every order that one of the agency's files held."""
    query = (
        select(payment_order.c.end_to_end_id)
        .join(payment_file_item, payment_file_item.c.order_id == payment_order.c.id)
        .where(payment_file_item.c.file_id == file_id, payment_order.c.admdvs == admdvs)
        .order_by(payment_order.c.end_to_end_id)
    )
    return list((await connection.scalars(query)).all())


async def hold_reissues(
    connection: AsyncConnection, order_ids: Sequence[UUID], *, now: datetime
) -> list[tuple[UUID, str]]:
    """Keep unreleased orders from being paid that pay rejected ones anew, or what these owed, or give their lines back.

    Which they are, each with the ``EndToEndId`` that it is held for.
    """
    if not order_ids:
        return []
    rows = await connection.execute(_HOLD, {"ids": list(order_ids), "now": now})
    return [(row.order_id, row.subject) for row in rows]


async def doubted(connection: AsyncConnection, agencies: Sequence[str], cases: Sequence[str]) -> list[UUID]:
    """Rejected orders of these cases that the bank has said something else of, while nobody has looked."""
    return list((await connection.scalars(_DOUBTED, {"agencies": list(agencies), "cases": list(cases)})).all())


async def reissue_of(connection: AsyncConnection, order_id: UUID) -> tuple[UUID, str] | None:
    """Id and state of the order that pays another anew, if there is one; locked."""
    query = select(payment_order.c.id, payment_order.c.state).where(
        payment_order.c.reissue_of == order_id, payment_order.c.state != "cancelled"
    )
    row = (await connection.execute(query.with_for_update())).one_or_none()
    return None if row is None else (row.id, row.state)


async def is_owed_whole(connection: AsyncConnection, obligation_id: int) -> bool:
    """Whether an obligation is open, and nothing has been claimed or written off of it."""
    query = select(obligation.c.id).where(
        obligation.c.id == obligation_id,
        obligation.c.state == "open",
        obligation.c.claimed_fen == 0,
        ~exists().where(clearing.c.obligation_id == obligation_id),
    )
    return await connection.scalar(query) is not None


async def owe_again(connection: AsyncConnection, obligation_id: int) -> None:
    """An obligation whose payment came back is open again, and nothing of it is claimed."""
    query = update(obligation).where(obligation.c.id == obligation_id, obligation.c.state == "returned")
    await connection.execute(query.values(state="open", settled_on=None, claimed_fen=0))


async def last_attempt(connection: AsyncConnection, obligation_id: int) -> int:
    """How many orders an obligation has had."""
    query = select(func.max(payment_order.c.attempt)).where(payment_order.c.obligation_id == obligation_id)
    return int((await connection.execute(query)).scalar_one())


async def add_reissue(connection: AsyncConnection, order_id: UUID, values: dict[str, Any]) -> None:
    """A copy of an order that did not pay, with ``values`` of its own."""
    copied = (
        *("admdvs", "obligation_id", "rlts_traf_id", "obligation_no", "remittance_note", "match_name", "amount_fen"),
        *("payer_bankacct", "payee_bankacct", "payee_acctname", "payee_bankcode"),
    )
    source = select(*(payment_order.c[name] for name in copied)).where(payment_order.c.id == order_id)
    row = (await connection.execute(source)).one()
    await connection.execute(insert(payment_order).values({**row._mapping, **values}))


async def restore(connection: AsyncConnection, order_id: UUID) -> None:
    """A rejected order is a released one again: the bank carries it out after all, or may."""
    await connection.execute(
        update(payment_order)
        .where(payment_order.c.id == order_id)
        .values(
            state="released",
            rejection_code=None,
            rejection_text=None,
            rejected_by=None,
            rejected_at=None,
            version=payment_order.c.version + 1,
        )
    )
