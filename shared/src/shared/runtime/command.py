"""``python -m <package> api|worker|all|migrate|topics|openapi``, and the service's own tools."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
import uvloop
from pydantic import ValidationError

from shared.errors import TransferError
from shared.outages import is_outage
from shared.settings import DatabaseSettings
from shared.telemetry.logs import configure_logging

if TYPE_CHECKING:
    from shared.runtime.service import Service

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


def main(package: str, load: "Callable[[], Service[Any, Any]]", argv: Sequence[str] | None = None) -> int:
    """Run one command of the service ``package``; its exit status: 0 well, 1 refused or no answer, 2 wrong settings.

    ``load`` imports the service. A migration does without, and starts in half the time.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments == ["migrate"]:
        return _carry_out(package, lambda: _migrate(package))
    service = load()
    if arguments and arguments[0] in service.tools:
        return service.tools[arguments[0]](arguments[1:])
    command = _parse(service, arguments)
    if command == "openapi":
        return _describe(service)
    return _carry_out(package, lambda: _work(service, command))


def _carry_out(package: str, work: Callable[[], Coroutine[Any, Any, None]]) -> int:
    try:
        begun = work()
    except ValidationError as error:
        sys.stderr.write(f"{package}: {error}\n")
        return _SETTINGS_WRONG
    return _run(begun)


def _parse(service: "Service[Any, Any]", argv: Sequence[str]) -> str:
    parser = argparse.ArgumentParser(
        prog=f"python -m {service.package}",
        formatter_class=argparse.RawTextHelpFormatter,
        epilog=f"further commands, each with its own --help: {', '.join(service.tools)}" if service.tools else None,
    )
    parser.add_argument(
        "command", choices=_COMMANDS, help="\n".join(f"{name}: {does}" for name, does in _COMMANDS.items())
    )
    return str(parser.parse_args(argv).command)


def _describe(service: "Service[Any, Any]") -> int:
    from shared.web import openapi

    sys.stdout.buffer.write(openapi.as_bytes(service.build_app(None).openapi()))
    return 0


def _work(service: "Service[Any, Any]", command: str) -> Coroutine[Any, Any, None]:
    from shared.runtime.serving import serve

    settings = _settings(service.settings, service.package)
    if command == "topics":
        return _topics(service, settings)
    return serve(service, settings, "api" if command == "api" else "worker" if command == "worker" else "all")


def _settings(kind: type[Read], package: str) -> Read:
    settings = kind()
    configure_logging(package, settings.log_level)
    return settings


def _migrate(package: str) -> Coroutine[Any, Any, None]:
    from shared.database.migrations import migrate

    settings = _settings(DatabaseSettings, package)

    async def work() -> None:
        await migrate(package, settings.owner_database_url, settings.app_role or f"{package}_app")
        _log.info("migrated", package=package)

    return work()


async def _topics(service: "Service[Any, Any]", settings: Any) -> None:
    _log.info("topics_ready", topics=list(await service.provision_topics(settings)))


def _run(work: Coroutine[Any, Any, None]) -> int:
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(work)
    except TransferError as error:
        _log.error("refused_to_run", reason=str(error))
        return 1
    except Exception as error:
        # Outages come as errors of every library below; ``is_outage`` knows them, and all others are raised.
        if not is_outage(error):
            raise
        _log.error("could_not_run", reason=type(error).__name__, detail=str(error))
        return 1
    return 0
