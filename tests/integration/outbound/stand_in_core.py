"""A small core that speaks the pull contract over HTTP, and its token issuer; it can misbehave in every way."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response

from tests.embedded_server import EmbeddedServer

TOKEN, SECRET = "token-of-the-core", "secret-of-the-core"


@dataclass
class StandInCore:
    """Answers ``answer`` (JSON or raw bytes) with ``status`` after ``delay_seconds``; keeps what it was asked."""

    answer: Any = None
    status: int = 200
    delay_seconds: float = 0.0
    url: str = ""
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, str]:
        """This core as ``PULLED_CORES`` names it."""
        return {"url": self.url, "token_url": f"{self.url}/token", "client_id": "agency", "client_secret": SECRET}

    @asynccontextmanager
    async def running(self) -> AsyncIterator["StandInCore"]:
        """Serve until the block ends."""
        listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = EmbeddedServer(uvicorn.Config(self._app(), lifespan="off", log_level="error"))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield self
        finally:
            server.should_exit = True
            await serving

    def _app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/token")
        async def token() -> dict[str, Any]:
            return {"access_token": TOKEN, "expires_in": 3600}

        @app.post("/v1/facts-queries")
        async def facts(request: Request) -> Response:
            self.asked.append((str(request.url), await request.json()))
            if request.headers.get("authorization") != f"Bearer {TOKEN}":
                return Response(status_code=401)
            await asyncio.sleep(self.delay_seconds)
            if isinstance(self.answer, bytes):
                return Response(self.answer, self.status, media_type="application/json")
            return Response(self.answer.model_dump_json(), self.status, media_type="application/json")

        return app
