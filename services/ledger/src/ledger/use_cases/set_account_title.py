"""Set name and official code of a title of the chart of accounts."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.titles import Title
from ledger.repository import account_titles
from ledger.repository.account_titles import TitleRow
from shared.web.etags import Expected, outdated


async def set_account_title(
    connection: AsyncConnection,
    title: Title,
    *,
    name: str,
    official_code: str,
    expected: Expected,
    by: str,
    now: datetime,
) -> TitleRow:
    """The title as changed; postings refer to the title and stay. Raises ``PreconditionFailed``."""
    present = {row.title: row for row in await account_titles.titles(connection)}[title]
    expected.require(present.version)
    if not await account_titles.change(connection, present, name=name, official_code=official_code, by=by, now=now):
        raise outdated()
    return {row.title: row for row in await account_titles.titles(connection)}[title]
