"""The lines of a statement that tells days again, as they would be kept."""

from collections.abc import Sequence

import anyio
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.notice import MAX_DETAILS, as_kept, is_bare
from ledger.domain.restated import ToldLine
from ledger.domain.statement import Line
from ledger.repository import notices


async def lines_as_kept(
    connection: AsyncConnection, bank_account_id: int, lines: Sequence[Line], kept: Sequence[ToldLine]
) -> Sequence[Line]:
    """``lines``, of which what says nothing is as notifications told of it, where ``kept`` does not have it bare."""
    bare = {line.bank_ref for line in lines if line.bank_ref is not None and is_bare(line)}
    if not bare:
        return lines
    details = await notices.details(connection, bank_account_id, bare, is_open=False, limit=MAX_DETAILS)
    return await anyio.to_thread.run_sync(as_kept, lines, kept, details) if details else lines
