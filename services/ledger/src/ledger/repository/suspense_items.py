"""Suspense items as clerks act on them: locked, with what is left of each."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.statement import Direction
from ledger.domain.suspense import ADVICE, SuspenseReason
from ledger.domain.suspense_items import SuspenseItem
from ledger.repository.left import cleared, reserved, sent

_ITEMS = f"""
    SELECT s.line_id, s.kind, s.reason, l.direction, l.amount_fen, s.owner, s.rlts_traf_id, s.booked_on,
           b.fund, s.opened_at, s.settled_on, s.assigned_to, s.version,
           coalesce((SELECT sum(amount_fen) FROM claim c WHERE c.line_id = s.line_id AND c.undone_on IS NULL), 0)
           + {cleared("s.line_id")} AS claimed_fen, {reserved("s.line_id")} AS reserved_fen,
           {sent("s.line_id")} AS sent_fen
    FROM suspense s JOIN statement_line l ON l.id = s.line_id JOIN bank_account b ON b.id = l.bank_account_id
    WHERE s.admdvs = :admdvs AND s.line_id = ANY(:ids)
    ORDER BY s.line_id
"""  # noqa: S608  # only our own SQL is put in
_READ, _LOCK = text(_ITEMS), text(_ITEMS + " FOR UPDATE OF s")
_ASSIGN = text("UPDATE suspense SET assigned_to = :assigned_to WHERE line_id = ANY(:ids)")

# Claims that stand and claims that were undone each have their index by line.
_WAITING_BESIDE = text(
    """
    WITH touched AS (
        SELECT rlts_traf_id FROM statement_line WHERE id = ANY(:ids)
        UNION
        SELECT o.rlts_traf_id FROM claim c JOIN obligation o ON o.id = c.obligation_id
        WHERE c.line_id = ANY(:ids) AND c.undone_on IS NULL
        UNION
        SELECT o.rlts_traf_id FROM claim c JOIN obligation o ON o.id = c.obligation_id
        WHERE c.line_id = ANY(:ids) AND c.undone_on IS NOT NULL
    )
    SELECT DISTINCT s.rlts_traf_id FROM touched t JOIN suspense s ON s.rlts_traf_id = t.rlts_traf_id
    WHERE s.admdvs = :admdvs AND s.settled_on IS NULL
    """
)


async def by_ids(connection: AsyncConnection, admdvs: str, ids: Sequence[int]) -> list[SuspenseItem]:
    """The agency's items among ``ids``, in order."""
    return [_item(row) for row in await connection.execute(_READ, {"admdvs": admdvs, "ids": list(ids)})]


async def lock(connection: AsyncConnection, admdvs: str, ids: Sequence[int]) -> list[SuspenseItem]:
    """The agency's items among ``ids``, locked in order.

    What is left of them holds only while the caller has the agency's matching lock too.
    """
    return [_item(row) for row in await connection.execute(_LOCK, {"admdvs": admdvs, "ids": list(ids)})]


async def assign(connection: AsyncConnection, ids: Sequence[int], assigned_to: str | None) -> None:
    """Give items to a clerk, or to nobody."""
    await connection.execute(_ASSIGN, {"ids": list(ids), "assigned_to": assigned_to})


async def waiting_beside(connection: AsyncConnection, admdvs: str, ids: Collection[int]) -> list[str]:
    """The cases for which something waits beside these lines of the agency's, of which something was just answered.

    Those that the lines name, and those that they were matched with: what waits there may be the only one now, not
    be held up any more, or wait for another reason.
    """
    return list((await connection.scalars(_WAITING_BESIDE, {"admdvs": admdvs, "ids": sorted(ids)})).all())


def because(reason: SuspenseReason) -> dict[str, str]:
    """Reason and owner, for a statement that gives items another reason."""
    return {"reason": reason.value, "owner": ADVICE[reason].owner}


def _item(row: Row[Any]) -> SuspenseItem:
    read = {
        "reason": SuspenseReason(row.reason),
        "direction": Direction(row.direction),
        "claimed_fen": int(row.claimed_fen),
    }
    return SuspenseItem(**{**row._mapping, **read})
