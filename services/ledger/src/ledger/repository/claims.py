"""Claims made by hand: shares of lines for obligations, what they settle, and their undoing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.orders import FAILED, UNRELEASED
from ledger.domain.suspense import SuspenseReason
from ledger.repository import suspense_past
from ledger.repository.left import cleared
from ledger.repository.order_states import listed
from ledger.repository.suspense_items import because
from shared.clock import local_date

_ADD = text(
    f"""
    INSERT INTO claim (admdvs, kind, line_id, obligation_id, order_id, amount_fen, is_exclusive, claimed_on,
                       claimed_at, proposal_id, proposal_state)
    SELECT p.admdvs, t.kind, t.line_id, t.obligation_id,
           (SELECT id FROM payment_order
            WHERE obligation_id = t.obligation_id AND state NOT IN {listed(FAILED)}),
           t.amount_fen, t.amount_fen = l.amount_fen AND t.amount_fen = o.due_fen, :today, :now, p.id, p.state
    FROM proposal p
    JOIN proposal_part t ON t.proposal_id = p.id
    JOIN statement_line l ON l.id = t.line_id
    JOIN obligation o ON o.id = t.obligation_id
    WHERE p.id = ANY(:ids) AND t.undoes IS NULL
    ORDER BY t.obligation_id, t.line_id
    RETURNING id
    """  # noqa: S608  # only our own SQL is put in
)
_UNDO = text(
    """
    INSERT INTO claim_reversal (claim_id, admdvs, proposal_id, proposal_state, undone_on, undone_at)
    SELECT t.undoes, p.admdvs, p.id, p.state, :today, :now
    FROM proposal p JOIN proposal_part t ON t.proposal_id = p.id
    WHERE p.id = ANY(:ids) AND t.undoes IS NOT NULL
    ORDER BY t.undoes
    RETURNING claim_id
    """
)
# A line that was matched at once has no item yet: it opens on the line's own day, on which the claim stood for it.
_REOPEN = text(
    """
    INSERT INTO suspense AS present (line_id, admdvs, kind, reason, owner, amount_fen, booked_on, opened_at,
                                     rlts_traf_id)
    SELECT DISTINCT l.id, l.admdvs, l.kind, :reason, :owner, l.amount_fen, l.booked_on, CAST(:now AS timestamptz),
           l.rlts_traf_id
    FROM claim c JOIN statement_line l ON l.id = c.line_id
    WHERE c.id = ANY(:claim_ids)
    ON CONFLICT (line_id) DO UPDATE
    SET reason = excluded.reason, owner = excluded.owner, difference_fen = NULL, settled_on = NULL
    """
)
# What is left waits for another reason, with how much it is.
_SETTLE_LINES = text(
    f"""
    UPDATE suspense s
    SET settled_on = CASE WHEN unclaimed.fen = 0 THEN CAST(:today AS date) END,
        reason = CASE WHEN unclaimed.fen = 0 THEN s.reason ELSE :reason END,
        owner = CASE WHEN unclaimed.fen = 0 THEN s.owner ELSE :owner END,
        difference_fen = CASE WHEN unclaimed.fen = 0 THEN s.difference_fen ELSE unclaimed.fen END
    FROM (
        SELECT l.id, l.amount_fen - w.claimed_fen - {cleared("l.id")} AS fen
        FROM statement_line l JOIN suspense w ON w.line_id = l.id
        WHERE l.id IN (SELECT line_id FROM claim WHERE id = ANY(:claim_ids))
    ) unclaimed
    WHERE s.line_id = unclaimed.id
    RETURNING s.line_id
    """  # noqa: S608  # only our own SQL is put in
)
# What was paid and came back covers nothing.
_COVERED = """
    SELECT o.id, o.direction, c.kind, max(l.booked_on) AS booked_on
    FROM obligation o
    JOIN claim c ON c.obligation_id = o.id AND c.undone_on IS NULL
    JOIN statement_line l ON l.id = c.line_id
    WHERE o.id IN (SELECT obligation_id FROM claim WHERE id = ANY(:claim_ids))
      AND NOT EXISTS (SELECT FROM payment_order WHERE id = c.order_id AND state = 'returned')
    GROUP BY o.id, c.kind
    HAVING (c.kind = 'return' AND o.state = 'paid' AND sum(c.amount_fen) = o.due_fen)
        OR (c.kind <> 'return' AND o.state = 'open' AND o.due_fen = o.claimed_fen + coalesce(
               (SELECT sum(amount_fen) FROM clearing WHERE obligation_id = o.id), 0))
"""
# What the bank has paid though nobody had released it is released by the two people who match it: a batch under the
# proposal's own number says so, and one that held the order changes version.
_RELEASE = text(
    f"""
    WITH chosen AS MATERIALIZED (
        SELECT DISTINCT o.id AS order_id, o.batch_id, o.amount_fen, p.id, p.admdvs, p.proposed_by, p.proposed_at,
               p.decided_by, p.reason
        FROM proposal p
        JOIN proposal_part t ON t.proposal_id = p.id AND t.undoes IS NULL AND t.kind = 'payment'
        JOIN payment_order o ON o.obligation_id = t.obligation_id AND o.state IN {listed(UNRELEASED)}
        WHERE p.id = ANY(:ids)
    ), batch AS (
        INSERT INTO payment_batch (id, admdvs, state, proposed_by, proposed_at, decided_by, decided_at, reason)
        SELECT DISTINCT id, admdvs, 'released', proposed_by, proposed_at, decided_by, CAST(:now AS timestamptz), reason
        FROM chosen
    ), items AS (
        INSERT INTO payment_batch_item (batch_id, order_id, amount_fen) SELECT id, order_id, amount_fen FROM chosen
    ), left_behind AS (
        UPDATE payment_batch b SET version = version + 1
        WHERE b.state = 'proposed' AND b.id IN (SELECT batch_id FROM chosen)
    )
    UPDATE payment_order o
    SET state = 'released', batch_id = c.id, proposed_by = c.proposed_by, released_by = c.decided_by,
        released_at = :now, version = version + 1
    FROM chosen c WHERE o.id = c.order_id
    """  # noqa: S608  # only our own SQL is put in
)
_SETTLE_OBLIGATIONS = text(
    f"""
    WITH covered AS MATERIALIZED ({_COVERED}), orders AS (
        UPDATE payment_order p
        SET state = CASE c.kind WHEN 'return' THEN 'returned' ELSE 'paid' END,
            paid_on = CASE c.kind WHEN 'return' THEN p.paid_on ELSE c.booked_on END, version = version + 1
        FROM covered c WHERE p.obligation_id = c.id AND c.kind <> 'receipt'
          AND p.state NOT IN {listed(FAILED)}
    )
    UPDATE obligation o
    SET state = CASE c.kind WHEN 'return' THEN 'returned' WHEN 'payment' THEN 'paid'
                            ELSE CASE o.direction WHEN 'return' THEN 'settled' ELSE 'matched' END END,
        settled_on = :today
    FROM covered c WHERE o.id = c.id
    RETURNING o.id, c.kind
    """  # noqa: S608
)
# What was to pay anew is given up first: an obligation has one order that has not failed.
_GIVE_UP = text(
    f"""
    WITH given_up AS (
        UPDATE payment_order n SET state = 'cancelled', version = version + 1
        FROM claim c
        WHERE c.id = ANY(:claim_ids) AND c.kind = 'return' AND n.reissue_of = c.order_id
          AND n.state IN {listed(UNRELEASED)}
        RETURNING n.batch_id
    )
    UPDATE payment_batch SET version = version + 1
    WHERE id IN (SELECT batch_id FROM given_up) AND state = 'proposed'
    """  # noqa: S608  # only our own SQL is put in
)
_PAID_AFTER_ALL = text(
    """
    WITH undone AS MATERIALIZED (
        SELECT DISTINCT order_id, obligation_id FROM claim WHERE id = ANY(:claim_ids) AND kind = 'return'
    ), orders AS (
        UPDATE payment_order p SET state = 'paid', version = version + 1 FROM undone u WHERE p.id = u.order_id
        RETURNING p.end_to_end_id, p.obligation_id
    )
    UPDATE obligation o
    SET state = 'paid', settled_on = :today,
        claimed_fen = (SELECT coalesce(sum(amount_fen), 0) FROM claim
                       WHERE order_id = u.order_id AND kind = 'payment' AND undone_on IS NULL
                         AND proposal_id IS NOT NULL)
    FROM undone u JOIN orders p ON p.obligation_id = u.obligation_id
    WHERE o.id = u.obligation_id
    RETURNING o.rlts_traf_id, o.obligation_no, o.direction, o.due_fen, p.end_to_end_id
    """
)
_CLAIMED = text(
    """
    SELECT c.kind, c.line_id, c.amount_fen, c.obligation_id, o.rlts_traf_id, o.obligation_no,
           o.direction, o.due_fen, l.booked_on, l.return_reason, p.end_to_end_id,
           l.rlts_traf_id IS NOT DISTINCT FROM o.rlts_traf_id
               AND coalesce(s.reason <> 'unknown_case' AND s.kind = 'receipt', true) AS is_told
    FROM claim c
    JOIN obligation o ON o.id = c.obligation_id
    JOIN statement_line l ON l.id = c.line_id
    LEFT JOIN suspense s ON s.line_id = l.id
    LEFT JOIN payment_order p ON p.id = c.order_id
    WHERE c.obligation_id = ANY(:obligation_ids) AND c.undone_on IS NULL
      AND (p.id IS NULL OR p.state = CASE c.kind WHEN 'return' THEN 'returned' ELSE 'paid' END)
    ORDER BY c.obligation_id, p.attempt, l.booked_on, c.id
    """
)
# The case that a note named, where none of the line was for it.
_MISNAMED = text(
    """
    SELECT l.id AS line_id, l.rlts_traf_id, l.booked_on
    FROM statement_line l JOIN suspense s ON s.line_id = l.id AND s.settled_on IS NOT NULL
    WHERE l.id = ANY(:line_ids) AND l.rlts_traf_id IS NOT NULL AND l.kind = 'receipt' AND s.reason <> 'unknown_case'
      AND NOT EXISTS (
          SELECT FROM claim c JOIN obligation o ON o.id = c.obligation_id
          WHERE c.line_id = l.id AND c.undone_on IS NULL AND o.rlts_traf_id = l.rlts_traf_id)
    ORDER BY l.id
    """
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """One standing claim of a covered obligation; amounts in fen. ``is_told``: the platform knows of the money."""

    kind: str
    line_id: int
    amount_fen: int
    obligation_id: int
    rlts_traf_id: str
    obligation_no: str
    direction: str
    due_fen: int
    booked_on: date
    return_reason: str | None
    end_to_end_id: str | None
    is_told: bool


@dataclass(frozen=True, slots=True)
class Misnamed:
    """A receipt whose note names a case that it was not for."""

    line_id: int
    rlts_traf_id: str
    booked_on: date


@dataclass(frozen=True, slots=True)
class PaidAfterAll:
    """A payment that was taken for one that came back, and did not; ``due_fen`` was paid."""

    rlts_traf_id: str
    obligation_no: str
    direction: str
    due_fen: int
    end_to_end_id: str


async def release(connection: AsyncConnection, proposal_ids: Sequence[UUID], *, now: datetime) -> None:
    """Release the orders that approved proposals match with debits, though nobody had; they are paid next."""
    await connection.execute(_RELEASE, {"ids": list(proposal_ids), "now": now})


async def add(connection: AsyncConnection, proposal_ids: Sequence[UUID], *, today: date, now: datetime) -> list[int]:
    """Make the claims of approved proposals; their ids. The database refuses more than there is."""
    values = {"ids": list(proposal_ids), "today": today, "now": now}
    return list((await connection.scalars(_ADD, values)).all())


async def undo(connection: AsyncConnection, proposal_ids: Sequence[UUID], *, today: date, now: datetime) -> list[int]:
    """Undo the claims that approved proposals name, and put their lines back into suspense; the claims' ids."""
    values = {"ids": list(proposal_ids), "today": today, "now": now}
    ids = list((await connection.scalars(_UNDO, values)).all())
    if ids:
        await suspense_past.keep_of_claims(connection, ids, now=now)
        await connection.execute(_REOPEN, {"claim_ids": ids, "now": now} | because(SuspenseReason.MATCH_UNDONE))
    return ids


async def restore_paid(connection: AsyncConnection, claim_ids: Sequence[int], *, today: date) -> list[PaidAfterAll]:
    """Payments whose return was undone among ``claim_ids`` are paid again; what was to pay them anew is given up."""
    await connection.execute(_GIVE_UP, {"claim_ids": list(claim_ids)})
    rows = await connection.execute(_PAID_AFTER_ALL, {"claim_ids": list(claim_ids), "today": today})
    return [PaidAfterAll(**row._mapping) for row in rows]


async def settle_lines(connection: AsyncConnection, claim_ids: Sequence[int], *, now: datetime) -> list[int]:
    """Settle the lines of these claims, or say how much of them still waits; the lines' ids."""
    values = {"claim_ids": list(claim_ids), "today": local_date(now)} | because(SuspenseReason.PARTLY_MATCHED)
    await suspense_past.keep_of_claims(connection, claim_ids, now=now)
    return list((await connection.scalars(_SETTLE_LINES, values)).all())


async def settle_obligations(connection: AsyncConnection, claim_ids: Sequence[int], *, today: date) -> list[Claimed]:
    """Settle the obligations that these claims have covered to the fen, and their orders.

    All the claims that cover them, an obligation's together, in the order of the bank.
    """
    rows = await connection.execute(_SETTLE_OBLIGATIONS, {"claim_ids": list(claim_ids), "today": today})
    covered = {row.id: row.kind for row in rows}
    found = await connection.execute(_CLAIMED, {"obligation_ids": list(covered)})
    return [Claimed(**row._mapping) for row in found if row.kind == covered[row.obligation_id]]


async def misnamed(connection: AsyncConnection, line_ids: Sequence[int]) -> list[Misnamed]:
    """Which of these settled receipts name a case that none of their money was for."""
    rows = await connection.execute(_MISNAMED, {"line_ids": list(line_ids)})
    return [Misnamed(**row._mapping) for row in rows]
