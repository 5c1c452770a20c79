"""A running process: API, loops or both, from the first socket to the last commit."""

import asyncio
import gc
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import SystemRandom
from typing import Any, Literal

import structlog
import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.types import ASGIApp

from shared.runtime.loops import Loop, LoopRunner
from shared.runtime.service import Service
from shared.settings import ServiceSettings
from shared.telemetry import tracing
from shared.web import health
from shared.web.context import WebContext
from shared.web.health import Health

Role = Literal["api", "worker", "all"]

# Together with closing the pools this stays under the 10 s that a stop may take.
_LOOPS_END_SECONDS = 6.0
_REQUESTS_END_SECONDS = 5
_MAX_CONNECTIONS = 2000

_log = structlog.get_logger(__name__)


async def serve(service: Service[Any, Any], settings: ServiceSettings, role: Role) -> None:
    """Run ``role`` until SIGTERM or SIGINT, then stop in order: unready, finish, commit, close."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if settings.otlp_endpoint is not None:
        tracing.start(service.package, str(settings.otlp_endpoint))
    async with service.build_context(settings) as context:
        app = _watchable(context) if role == "worker" else _traced(service.build_app(context), settings)
        loops = [] if role == "api" else service.build_loops(context)
        _keep_what_stays()
        _log.info("started", role=role, port=settings.port, loops=[loop.name for loop in loops])
        await _run(_Server(_config(app, settings)), loops, context.health, stop)
    _log.info("stopped", role=role)


def _keep_what_stays() -> None:
    """Take what was made to start out of the collector's sight, which would walk through it again and again."""
    gc.collect()
    gc.freeze()


def _watchable(context: WebContext) -> ASGIApp:
    """A worker answers its probes and nothing else."""
    return Starlette(routes=health.routes(context.health))


def _traced(app: FastAPI, settings: ServiceSettings) -> ASGIApp:
    if settings.otlp_endpoint is not None:
        tracing.watch(app)
    return app


async def _run(server: uvicorn.Server, loops: Sequence[Loop], told: Health, stop: asyncio.Event) -> None:
    random = SystemRandom()
    running = [asyncio.create_task(LoopRunner(loop, stop, told, random).run(), name=loop.name) for loop in loops]
    serving = asyncio.create_task(server.serve(), name="http")
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping, *running}, return_when=asyncio.FIRST_COMPLETED)
    told.stop()
    stop.set()
    server.should_exit = True
    await _end(running)
    await serving
    await stopping


async def _end(running: Sequence["asyncio.Task[None]"]) -> None:
    if not running:
        return
    _, late = await asyncio.wait(running, timeout=_LOOPS_END_SECONDS)
    for task in late:
        _log.warning("loop_cancelled", loop=task.get_name())
        task.cancel()
    # A loop that broke out of its runner would otherwise never be heard of.
    for outcome in await asyncio.gather(*running, return_exceptions=True):
        if isinstance(outcome, Exception):
            _log.error("loop_broke", exc_info=outcome)


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the order of stopping is ours."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(app: ASGIApp, settings: ServiceSettings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MAX_CONNECTIONS,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=_REQUESTS_END_SECONDS,
    )
