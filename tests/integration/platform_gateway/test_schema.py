"""The migrations make exactly the tables that the code knows, and every route asks for a scope."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from platform_gateway.app import build_app
from platform_gateway.tables import metadata
from shared.web.authentication import scopes_by_route
from tests.conftest import NewDatabase


async def test_the_migrations_make_the_tables_of_the_code(new_database: NewDatabase) -> None:
    database = await new_database("platform_gateway")
    engine = create_async_engine(database.owner_url)
    async with engine.connect() as connection:
        differences = await connection.run_sync(_differences)
    await engine.dispose()
    assert differences == []


def _differences(connection: Connection) -> list[Any]:
    def is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return kind != "table" or name in metadata.tables

    context = MigrationContext.configure(connection, opts={"include_object": is_ours, "compare_type": True})
    return list(compare_metadata(context, metadata))


def test_every_route_asks_for_a_scope() -> None:
    open_routes = {path for (_, path), scopes in scopes_by_route(build_app(None)).items() if not scopes}
    assert open_routes == {"/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"}
