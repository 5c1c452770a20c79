"""Receipts that stand for something else, or wait once more, after others were told what they stood for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# What the line is worth to the case now: all of it while the bank's note says so, else the shares that stand.
_EXCHANGED = text(
    """
    SELECT c.line_id, o.rlts_traf_id, o.obligation_no, l.booked_on, x.is_named,
           CASE WHEN c.undone_on IS NULL THEN c.amount_fen ELSE 0 END AS matched_fen,
           CASE WHEN x.is_named THEN l.amount_fen ELSE x.share_fen END AS received_fen,
           CASE WHEN x.is_named AND s.settled_on IS NULL THEN s.reason END AS reason
    FROM claim c
    JOIN obligation o ON o.id = c.obligation_id
    JOIN statement_line l ON l.id = c.line_id
    LEFT JOIN suspense s ON s.line_id = l.id
    CROSS JOIN LATERAL (
        SELECT l.rlts_traf_id IS NOT DISTINCT FROM o.rlts_traf_id
                   AND coalesce(s.reason <> 'unknown_case' AND s.kind = 'receipt', true) AS is_named,
               (SELECT CAST(coalesce(sum(d.amount_fen), 0) AS bigint)
                FROM claim d JOIN obligation b ON b.id = d.obligation_id
                WHERE d.line_id = c.line_id AND d.undone_on IS NULL AND b.rlts_traf_id = o.rlts_traf_id
                  AND b.state IN ('matched', 'credited')) AS share_fen
    ) x
    WHERE c.id = ANY(:claim_ids) AND c.kind = 'receipt' AND o.direction = 'pay'
      AND o.state IN ('matched', 'credited') AND o.id <> ALL(:covered)
    ORDER BY c.id
    """
)

# While such a line was for other cases, the one that its note names was told that nothing of it came.
_NAMED_AGAIN = text(
    """
    SELECT DISTINCT l.id AS line_id, l.rlts_traf_id, l.amount_fen, l.booked_on, s.reason
    FROM claim c
    JOIN obligation o ON o.id = c.obligation_id
    JOIN statement_line l ON l.id = c.line_id AND l.rlts_traf_id <> o.rlts_traf_id
    JOIN suspense s ON s.line_id = l.id AND s.kind = 'receipt' AND s.settled_on IS NULL
    WHERE c.id = ANY(:claim_ids) AND (l.counterparty_admdvs IS NOT NULL OR EXISTS (
        SELECT FROM obligation b WHERE b.rlts_traf_id = l.rlts_traf_id AND b.admdvs = l.admdvs))
    ORDER BY l.id
    """
)


@dataclass(frozen=True, slots=True)
class NamedAgain:
    """A receipt that waits again, for ``reason``, with the case that its note names."""

    line_id: int
    rlts_traf_id: str
    amount_fen: int
    booked_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A receipt that stands for an obligation now, or does no more (``matched_fen`` is 0).

    ``received_fen`` is what came by it for the case; ``is_named``: its note says so; ``reason`` it waits for again.
    """

    line_id: int
    rlts_traf_id: str
    obligation_no: str
    booked_on: date
    is_named: bool
    matched_fen: int
    received_fen: int
    reason: str | None


async def exchanged(
    connection: AsyncConnection, claim_ids: Sequence[int], *, covered: Collection[int]
) -> list[Exchanged]:
    """What changed by these claims, undone and made, of obligations told before; ``covered`` are told by themselves."""
    rows = await connection.execute(_EXCHANGED, {"claim_ids": list(claim_ids), "covered": sorted(covered)})
    return [Exchanged(**row._mapping) for row in rows]


async def named_again(connection: AsyncConnection, claim_ids: Sequence[int]) -> list[NamedAgain]:
    """Receipts that wait again since these claims for other cases than the one that they name were undone."""
    rows = await connection.execute(_NAMED_AGAIN, {"claim_ids": list(claim_ids)})
    return [NamedAgain(**row._mapping) for row in rows]
