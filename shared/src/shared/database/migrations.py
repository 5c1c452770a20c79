"""Alembic on asyncpg.

A service keeps its scripts in ``services/<name>/migrations/`` (``env.py``, ``versions/``); a wheel carries them as
``<package>/migrations``. Its ``env.py`` only calls ``run()``. Migrations are run by a command of their own under the
owner role, never at a service's start.
"""

from datetime import timedelta
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from shared.clock import Clock, SystemClock
from shared.database import partitions
from shared.database.engine import asyncpg_url
from shared.database.scripts import known_revisions, script_location

_ONE_AT_A_TIME = 0x7472_616E_7366_6572  # advisory lock: two migrate commands at once run one after the other
_SYSTEM_CLOCK = SystemClock()


async def migrate(package: str | Path, url: str, app_role: str, *, clock: Clock = _SYSTEM_CLOCK) -> None:
    """Bring the database at ``url`` (owner role) to the head of ``package``'s scripts; all of it or nothing.

    ``app_role`` must exist and receives the grants. Monthly partitions are made ahead from the clock's month on,
    so running the command again later is useful even when there is nothing to migrate. A database that is ahead
    of the scripts is left as it is.
    """
    engine = create_async_engine(asyncpg_url(url), poolclass=pool.NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
            await connection.run_sync(_upgrade, package, app_role)
            await partitions.make_ahead(connection, clock.now() - timedelta(days=1))
    finally:
        await engine.dispose()


def run() -> None:
    """Run the migrations on the connection that ``migrate`` opened: all that an ``env.py`` has to call."""
    context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
    with context.begin_transaction():
        context.run_migrations()


def _upgrade(connection: Connection, package: str | Path, app_role: str) -> None:
    if _is_ahead(connection, package):
        return
    config = _config(package)
    config.attributes["connection"] = connection
    config.attributes["app_role"] = app_role
    command.upgrade(config, "head")
    role = connection.dialect.identifier_preparer.quote(app_role)
    connection.execute(text(f"GRANT SELECT ON TABLE alembic_version TO {role}"))


def _is_ahead(connection: Connection, package: str | Path) -> bool:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return False
    present = set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
    return bool(present) and present.isdisjoint(known_revisions(package))


def _config(package: str | Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(script_location(package)).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
