"""Obligations that others have to pay us, with what has come of them."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.expected_money import ExpectedMoney
from ledger.domain.obligations import ObligationState

_SELECT = """
    SELECT o.id AS obligation_id, o.state, o.due_fen, c.claimed_fen, w.written_off_fen,
           c.change_count + w.change_count AS change_count
    FROM obligation o
    CROSS JOIN LATERAL (
        SELECT CAST(coalesce(sum(amount_fen) FILTER (WHERE undone_on IS NULL), 0) AS bigint) AS claimed_fen,
               count(*) + count(undone_on) AS change_count
        FROM claim WHERE obligation_id = o.id AND kind = 'receipt'
    ) c
    CROSS JOIN LATERAL (
        SELECT CAST(coalesce(sum(amount_fen), 0) AS bigint) AS written_off_fen, count(*) AS change_count
        FROM clearing WHERE obligation_id = o.id
    ) w
    WHERE o.admdvs = :admdvs AND (o.side = 'payee') = (o.direction <> 'return') AND o.direction <> 'nothing'
"""
_BY_NUMBER = text(_SELECT + " AND o.rlts_traf_id = :rlts_traf_id AND o.obligation_no = :obligation_no")
_BY_IDS = text(_SELECT + " AND o.id = ANY(:ids)")


async def by_number(
    connection: AsyncConnection, admdvs: str, rlts_traf_id: str, obligation_no: str
) -> ExpectedMoney | None:
    """What the agency waits for under this number of a case."""
    values = {"admdvs": admdvs, "rlts_traf_id": rlts_traf_id, "obligation_no": obligation_no}
    row = (await connection.execute(_BY_NUMBER, values)).one_or_none()
    return None if row is None else ExpectedMoney(**{**row._mapping, "state": ObligationState(row.state)})


async def by_ids(connection: AsyncConnection, admdvs: str, ids: Sequence[int]) -> dict[int, ExpectedMoney]:
    """What the agency waits for, by obligation; the caller holds its matching lock."""
    rows = await connection.execute(_BY_IDS, {"admdvs": admdvs, "ids": list(ids)})
    return {row.obligation_id: ExpectedMoney(**{**row._mapping, "state": ObligationState(row.state)}) for row in rows}
