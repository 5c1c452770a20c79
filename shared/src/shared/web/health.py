"""Alive: every loop turned lately. Ready: the database is there and new enough, and we are not going down."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.database import BehindRevision
from shared.outages import is_outage

MAX_SILENCE_SECONDS = 30.0
_CHECK_SECONDS = 3.0

_log = structlog.get_logger(__name__)

Check = Callable[[], Awaitable[None]]


class Health:
    """What the probes are told. ``checks`` raise an outage or ``BehindRevision`` when they fail."""

    def __init__(
        self, checks: dict[str, Check] | None = None, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._checks = dict(checks or {})
        self._monotonic = monotonic
        self._turned: dict[str, float] = {}
        self._is_stopping = False

    def beat(self, loop_name: str) -> None:
        """The loop did a turn, or is pausing on purpose."""
        self._turned[loop_name] = self._monotonic()

    def forget(self, loop_name: str) -> None:
        """The loop has ended in order."""
        self._turned.pop(loop_name, None)

    def stop(self) -> None:
        """Unready from now on: the process is going down."""
        self._is_stopping = True

    def silent_loops(self) -> list[str]:
        """Loops that have not turned for 30 s."""
        now = self._monotonic()
        return sorted(name for name, turned in self._turned.items() if now - turned > MAX_SILENCE_SECONDS)

    async def failing_checks(self) -> list[str]:
        """Names of what is not ready; empty when all is well."""
        if self._is_stopping:
            return ["stopping"]
        return [name for name, check in self._checks.items() if not await _passes(name, check)]


async def _passes(name: str, check: Check) -> bool:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            await check()
    except BehindRevision as error:
        _log.warning("not_ready", check=name, reason=str(error))
        return False
    except Exception as error:
        # Outages come as errors of every library below; ``is_outage`` knows them, and all others are raised.
        if not is_outage(error):
            raise
        _log.warning("not_ready", check=name, reason=type(error).__name__)
        return False
    return True


def routes(health: Health) -> list[Route]:
    """``/healthz``, ``/readyz`` and ``/metrics``: open to anybody, outside of the OpenAPI document."""

    async def healthz(_request: Request) -> Response:
        silent = health.silent_loops()
        return JSONResponse({"status": "silent" if silent else "ok", "loops": silent}, 503 if silent else 200)

    async def readyz(_request: Request) -> Response:
        failing = await health.failing_checks()
        return JSONResponse({"status": "not ready" if failing else "ok", "failing": failing}, 503 if failing else 200)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
