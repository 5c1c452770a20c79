"""Suspense items as clerks act on them: locked, with what is left of each."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.statement import Direction
from ledger.domain.suspense import ADVICE, SuspenseReason
from ledger.domain.suspense_items import SuspenseItem
from ledger.repository.left import cleared, reserved

_ITEMS = f"""
    SELECT s.line_id, s.kind, s.reason, l.direction, l.amount_fen, s.owner, s.rlts_traf_id, s.booked_on,
           b.fund, s.opened_at, s.settled_on, s.assigned_to, s.version,
           coalesce((SELECT sum(amount_fen) FROM claim c WHERE c.line_id = s.line_id AND c.undone_on IS NULL), 0)
           + {cleared("s.line_id")} AS claimed_fen, {reserved("s.line_id")} AS reserved_fen
    FROM suspense s JOIN statement_line l ON l.id = s.line_id JOIN bank_account b ON b.id = l.bank_account_id
    WHERE s.admdvs = :admdvs AND s.line_id = ANY(:ids)
    ORDER BY s.line_id
"""  # noqa: S608  # only our own SQL is put in
_READ, _LOCK = text(_ITEMS), text(_ITEMS + " FOR UPDATE OF s")
_ASSIGN = text("UPDATE suspense SET assigned_to = :assigned_to WHERE line_id = ANY(:ids)")

_EXPLAINED = text(
    """
    SELECT DISTINCT rlts_traf_id FROM suspense
    WHERE line_id = ANY(:ids) AND kind = 'payment' AND settled_on IS NOT NULL AND rlts_traf_id IS NOT NULL
    """
)

_WAITING = text(
    """
    SELECT DISTINCT rlts_traf_id FROM suspense
    WHERE rlts_traf_id = ANY(:cases) AND admdvs = :admdvs AND settled_on IS NULL
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


async def explained_cases(connection: AsyncConnection, ids: Sequence[int]) -> list[str]:
    """The cases that debits among these lines name which do not wait any more: what they held up may go on."""
    return list((await connection.scalars(_EXPLAINED, {"ids": list(ids)})).all())


async def waiting_cases(connection: AsyncConnection, admdvs: str, cases: Collection[str]) -> list[str]:
    """Those of ``cases`` that something of the agency's names which waits."""
    return list((await connection.scalars(_WAITING, {"admdvs": admdvs, "cases": sorted(cases)})).all())


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
