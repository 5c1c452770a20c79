"""Roles and databases of the services on one PostgreSQL server."""

import asyncio
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy.engine import URL, make_url


@dataclass(frozen=True)
class ServiceDatabase:
    """The two addresses of one service's database: ``owner_url`` migrates, ``app_url`` is what the service uses."""

    service: str
    app_role: str
    owner_url: str
    app_url: str


async def provision(admin_url: str, services: Sequence[str], *, passwords_file: Path) -> dict[str, ServiceDatabase]:
    """Make for each service the roles ``<service>_owner`` and ``<service>_app`` and a database of its name.

    Repeatable: what is there stays. Passwords are random, kept in ``passwords_file`` (0600); an embedded server
    does not ask for them. ``admin_url`` is in libpq's form and may create roles and databases.
    """
    passwords = _passwords(passwords_file, services)
    connection = await asyncpg.connect(admin_url)
    try:
        for service in services:
            for kind in ("owner", "app"):
                await _ensure_role(connection, f"{service}_{kind}", passwords[service])
        present = {row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")}
    finally:
        await connection.close()
    await asyncio.gather(*(_ensure_database(admin_url, each) for each in services if each not in present))
    return {service: _addresses(make_url(admin_url), service, passwords[service]) for service in services}


async def _ensure_role(connection: asyncpg.Connection, role: str, password: str) -> None:
    # Names and passwords are our own (letters, digits, - and _), and DDL takes no parameters.
    exists = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
    verb = "ALTER" if exists else "CREATE"
    await connection.execute(f"{verb} ROLE \"{role}\" LOGIN PASSWORD '{password}'")


async def _ensure_database(admin_url: str, service: str) -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        # On a given server the administrator may be no superuser and must be a member to give the database away.
        await connection.execute(f'GRANT "{service}_owner" TO CURRENT_USER')
        # Numbers and names are compared as bytes: half the time of a locale's rules, and the same on every system.
        await connection.execute(
            f'CREATE DATABASE "{service}" OWNER "{service}_owner" TEMPLATE template0 ENCODING UTF8'
            " LOCALE_PROVIDER libc LC_COLLATE 'C'"
        )
        await connection.execute(f'REVOKE ALL ON DATABASE "{service}" FROM PUBLIC')
        await connection.execute(f'GRANT CONNECT ON DATABASE "{service}" TO "{service}_app"')
    finally:
        await connection.close()


def _addresses(admin: URL, service: str, password: str) -> ServiceDatabase:
    def url(role: str) -> str:
        address = admin.set(drivername="postgresql+asyncpg", username=role, password=password, database=service)
        return address.render_as_string(hide_password=False)

    return ServiceDatabase(service, f"{service}_app", url(f"{service}_owner"), url(f"{service}_app"))


def _passwords(file: Path, services: Sequence[str]) -> dict[str, str]:
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    passwords = {**{service: secrets.token_urlsafe(24) for service in services}, **known}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps(passwords, indent=1))
    return passwords
