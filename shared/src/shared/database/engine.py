"""The connection pool of a service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

_CONNECT_SECONDS = 10.0
_ONE_MOMENT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _to_json(value: Any) -> str:
    return to_json(value).decode()


def asyncpg_url(url: str) -> URL:
    """``url`` for asyncpg, whichever PostgreSQL driver it names; a unix socket stands in ``?host=/path``."""
    return make_url(url).set(drivername="postgresql+asyncpg")


async def commit(connection: AsyncConnection) -> None:
    """Commit what ``transaction`` was used for: the moment at which everything holds or nothing does."""
    await connection.commit()


class Database:
    """A bounded pool of connections to one PostgreSQL (16 or later) database.

    ``url`` is any SQLAlchemy PostgreSQL URL. Nothing connects before the first use. JSON columns take whatever
    pydantic can write. At most ``pool_size`` connections are open; who waits longer than ``wait_seconds`` for
    one gets SQLAlchemy's ``TimeoutError``.
    """

    def __init__(self, url: str, *, pool_size: int = 10, wait_seconds: float = 30.0, name: str = "transfer") -> None:
        self._url = asyncpg_url(url)
        self.engine: AsyncEngine = create_async_engine(
            self._url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=wait_seconds,
            pool_pre_ping=False,
            pool_use_lifo=True,
            hide_parameters=True,  # they are personal data, and errors are logged
            json_serializer=_to_json,
            json_deserializer=from_json,
            connect_args={"timeout": _CONNECT_SECONDS, "server_settings": {"application_name": name, "jit": "off"}},
        )
        self._autocommit = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A connection inside a transaction: committed when the block ends, rolled back when it raises."""
        async with self.engine.connect() as connection:
            yield connection
            await commit(connection)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading: every statement stands alone (autocommit), no transaction stays open."""
        async with self._autocommit.connect() as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading that shows one moment of the database, however many statements the block takes."""
        async with self.transaction() as connection:
            await connection.execute(_ONE_MOMENT)
            yield connection

    async def ping(self) -> None:
        """Prove that the database answers; raises SQLAlchemy's or the driver's error when it does not."""
        async with self.connection() as connection:
            await connection.execute(text("SELECT 1"))

    async def dispose(self) -> None:
        """Close all connections."""
        await self.engine.dispose()
