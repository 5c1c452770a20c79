"""An account of the books, named in a path."""

from typing import Annotated

from fastapi import Path

from ledger.context import LedgerContext
from ledger.repository import books
from ledger.repository.books import AccountRow
from shared.errors import NotFound

AccountPath = Annotated[int, Path(ge=1, lt=2**63, description="账户编号")]


async def account_of(admdvs: str, context: LedgerContext, account_id: int) -> AccountRow:
    """The account, if it is the agency's; raises ``NotFound``."""
    async with context.database.connection() as connection:
        found = await books.accounts(connection, admdvs, account_id)
    if not found:
        raise NotFound("没有这个账户")
    return found[0]
