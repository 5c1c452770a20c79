"""What the services' databases hold, read as their owners."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text

from shared.database import Database
from stack.databases import ServiceDatabase


class Stored:
    """The databases by package."""

    def __init__(self, databases: Mapping[str, ServiceDatabase]) -> None:
        self.packages = tuple(databases)
        self._databases = {name: Database(each.owner_url, pool_size=1) for name, each in databases.items()}

    async def rows(self, package: str, query: str) -> list[tuple[Any, ...]]:
        """What ``query`` finds in the package's database."""
        async with self._databases[package].connection() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]

    async def count(self, package: str, query: str) -> int:
        """The one number that ``query`` finds."""
        [(found,)] = await self.rows(package, query)
        return int(found)

    async def close(self) -> None:
        """Close all connections."""
        for database in self._databases.values():
            await database.dispose()
