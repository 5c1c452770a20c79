"""The plans of the statements that a database runs while one looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database import Database

Statement = tuple[str, Any]


@contextmanager
def statements(database: Database) -> Iterator[list[Statement]]:
    """What is sent to ``database`` while the block runs, with its parameters."""
    seen: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def plan_of(connection: AsyncConnection, statement: Statement) -> str:
    """How PostgreSQL would run a statement."""
    rows = await connection.exec_driver_sql(f"EXPLAIN {statement[0]}", statement[1])
    return "\n".join(str(row[0]) for row in rows)
