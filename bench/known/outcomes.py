"""What the ledger made of every line, in the order of the answers."""

from collections.abc import AsyncIterator

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.known.comparison import Outcome
from bench.known.world import Account, World

_OUTCOMES = text(
    """
    SELECT CASE WHEN c.id IS NOT NULL THEN 'matched' WHEN s.line_id IS NOT NULL THEN 'suspense' ELSE 'other' END
               AS outcome, o.rlts_traf_id, s.reason, l.line_class
    FROM statement_line l
    JOIN bank_account b ON b.id = l.bank_account_id
    LEFT JOIN claim c ON c.line_id = l.id
    LEFT JOIN obligation o ON o.id = c.obligation_id
    LEFT JOIN suspense s ON s.line_id = l.id AND s.settled_on IS NULL
    WHERE b.admdvs = :admdvs AND b.bankacct = :bankacct
    ORDER BY l.entry_no, l.detail_no
    """
)


async def outcomes(connection: AsyncConnection, world: World) -> AsyncIterator[Outcome]:
    """One a line, account by account; ``connection`` is inside a transaction."""
    for account in Account:
        values = {"admdvs": world.admdvs, "bankacct": world.bankaccts[account]}
        async with connection.stream(_OUTCOMES, values) as rows:
            async for row in rows:
                yield Outcome(**row._mapping)
