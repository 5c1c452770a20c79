"""The least that any program does: the bare lines copied into a table, and joined with what is due."""

import time
from pathlib import Path

import asyncpg

_MAKE = """
    CREATE TABLE floor_line (account text, fen bigint, booked_on date, note text, other_acct text, other_name text,
                             bank_ref text)
"""
_JOIN = """
    CREATE TABLE floor_pair AS
    SELECT l.bank_ref, o.id
    FROM floor_line l
    JOIN obligation o ON o.rlts_traf_id = left(l.note, 16) AND o.due_fen = abs(l.fen)
    WHERE l.other_acct IN (o.payer_bankacct, o.payee_bankacct)
"""


async def run_floor(url: str, lines: Path) -> float:
    """Seconds from the first byte until the commit; what was written is dropped again. ``url`` may make tables."""
    connection = await asyncpg.connect(url)
    try:
        began = time.perf_counter()
        async with connection.transaction():
            await connection.execute(_MAKE)
            await connection.copy_to_table("floor_line", source=lines)
            await connection.execute(_JOIN)
        seconds = time.perf_counter() - began
        await connection.execute("DROP TABLE floor_line, floor_pair")
        return seconds
    finally:
        await connection.close()
