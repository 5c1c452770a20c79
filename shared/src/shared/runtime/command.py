"""``python -m <package> api|worker|all|migrate|topics|openapi``, and the service's own tools."""

import argparse
import asyncio
import sys
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import structlog
import uvloop
from pydantic import ValidationError

from shared.errors import TransferError
from shared.runtime.outages import is_outage
from shared.runtime.service import Service
from shared.runtime.serving import serve
from shared.settings import DatabaseSettings
from shared.telemetry.logs import configure_logging
from shared.web import openapi

_COMMANDS = {
    "api": "serve the API",
    "worker": "run the loops: relay, consumer, timers",
    "all": "both in one process",
    "migrate": "bring the database to the newest revision, as its owner",
    "topics": "make the topics of this deployment",
    "openapi": "print the OpenAPI document",
}
_SETTINGS_WRONG = 2

_log = structlog.get_logger(__name__)

Read = TypeVar("Read", bound=DatabaseSettings)


def main(service: Service[Any, Any], argv: Sequence[str] | None = None) -> int:
    """Run one command of ``service``; the exit status: 0 well, 1 refused or not reachable, 2 wrong settings."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments and arguments[0] in service.tools:
        return service.tools[arguments[0]](arguments[1:])
    command = _parse(service, arguments)
    if command == "openapi":
        sys.stdout.buffer.write(openapi.as_bytes(service.build_app(None).openapi()))
        return 0
    try:
        work = _work(service, command)
    except ValidationError as error:
        sys.stderr.write(f"{service.package}: {error}\n")
        return _SETTINGS_WRONG
    return _run(work)


def _parse(service: Service[Any, Any], argv: Sequence[str]) -> str:
    parser = argparse.ArgumentParser(
        prog=f"python -m {service.package}",
        formatter_class=argparse.RawTextHelpFormatter,
        epilog=f"further commands, each with its own --help: {', '.join(service.tools)}" if service.tools else None,
    )
    parser.add_argument(
        "command", choices=_COMMANDS, help="\n".join(f"{name}: {does}" for name, does in _COMMANDS.items())
    )
    return str(parser.parse_args(argv).command)


def _work(service: Service[Any, Any], command: str) -> Coroutine[Any, Any, None]:
    if command == "migrate":
        return _migrate(service.package, _settings(DatabaseSettings, service.package))
    settings = _settings(service.settings, service.package)
    if command == "topics":
        return _topics(service, settings)
    return serve(service, settings, "api" if command == "api" else "worker" if command == "worker" else "all")


def _settings(kind: type[Read], package: str) -> Read:
    settings = kind()
    configure_logging(package, settings.log_level)
    return settings


async def _migrate(package: str, settings: DatabaseSettings) -> None:
    from shared.database.migrations import migrate  # brings Alembic, which nobody else needs

    await migrate(package, settings.owner_database_url, settings.app_role or f"{package}_app")
    _log.info("migrated", package=package)


async def _topics(service: Service[Any, Any], settings: Any) -> None:
    _log.info("topics_ready", topics=list(await service.provision_topics(settings)))


def _run(work: Coroutine[Any, Any, None]) -> int:
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(work)
    except TransferError as error:
        _log.error("refused_to_run", reason=str(error))
        return 1
    except Exception as error:
        if not is_outage(error):
            raise
        _log.error("could_not_run", reason=type(error).__name__, detail=str(error))
        return 1
    return 0
