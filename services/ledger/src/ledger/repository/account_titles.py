"""The chart of accounts: names and official codes as this deployment's operators have set them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.tables import account_title


@dataclass(frozen=True, slots=True)
class TitleRow:
    """One title; ``version`` counts changes, instants are UTC."""

    title: str
    name: str
    normal_side: str
    official_code: str
    version: int
    updated_at: datetime | None
    updated_by: str | None


async def titles(connection: AsyncConnection) -> list[TitleRow]:
    """The whole chart; there are few."""
    columns = [account_title.c[name] for name in TitleRow.__dataclass_fields__]
    rows = await connection.execute(select(*columns).order_by(account_title.c.title))
    return [TitleRow(**row._mapping) for row in rows]


async def change(
    connection: AsyncConnection, seen: TitleRow, *, name: str, official_code: str, by: str, now: datetime
) -> bool:
    """Set name and code of a title; false where it is no longer as ``seen``."""
    own = (account_title.c.title == seen.title, account_title.c.version == seen.version)
    values = {"name": name, "official_code": official_code, "updated_at": now, "updated_by": by}
    statement = update(account_title).where(*own).values(**values, version=seen.version + 1)
    return await connection.scalar(statement.returning(account_title.c.title)) is not None
