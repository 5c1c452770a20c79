"""``python -m sample_service``."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import uuid4

import structlog
from fastapi import Depends, FastAPI, Response, Security
from pydantic import BaseModel
from sqlalchemy import Column, Table, Text

from shared.contracts.model import Document
from shared.database import new_metadata
from shared.runtime.command import main
from shared.runtime.foundation import Foundation, open_foundation
from shared.runtime.loops import Loop
from shared.runtime.service import Service
from shared.settings import ServiceSettings
from shared.telemetry.trace import bind_case
from shared.web.app import create_app
from shared.web.authentication import Principal, authenticated
from shared.web.context import current_context
from shared.web.idempotency import Keyed, once, remember
from shared.web.routing import Router

Context = Foundation[ServiceSettings]
Caller = Annotated[Principal, Security(authenticated, scopes=["things:write"])]
Here = Annotated[Context, Depends(current_context)]

metadata = new_metadata()
thing = Table("thing", metadata, Column("id", Text, primary_key=True))
turn = Table("turn", metadata, Column("state", Text, nullable=False))

router = Router()
log = structlog.get_logger("sample")


class Wanted(Document):
    certno: str


class Made(BaseModel):
    id: str


@router.post("/things", status_code=201)
async def create(caller: Caller, context: Here, keyed: Keyed, wanted: Wanted, response: Response) -> Made:
    bind_case("T1")
    log.info("asked", certno=wanted.certno)
    now = context.clock.now()
    async with context.database.transaction() as connection:
        replay = await once(connection, keyed, now=now)
        made = replay.resource_id if replay else str(uuid4())
        if replay is None:
            await connection.execute(thing.insert(), {"id": made})
            await remember(connection, keyed, status=201, location=f"/v1/things/{made}", resource_id=made, now=now)
    response.headers["Location"] = f"/v1/things/{made}"
    return Made(id=made)


class Turner:
    """Writes that it begins, and a while later that it has ended."""

    name = "turner"
    idle_seconds = 0.01

    def __init__(self, context: Context) -> None:
        self._database = context.database

    async def turn(self) -> bool:
        await self._write("begun")
        await asyncio.sleep(0.3)
        await self._write("ended")
        return True

    async def close(self) -> None:
        await self._write("closed")

    async def _write(self, state: str) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(turn.insert(), {"state": state})


@asynccontextmanager
async def build_context(settings: ServiceSettings) -> AsyncIterator[Context]:
    async with open_foundation(settings, "sample_service") as foundation:
        yield foundation


def build_app(context: Context | None) -> FastAPI:
    return create_app("样例服务", "1.0", [router], context)


def build_loops(context: Context) -> Sequence[Loop]:
    return [Turner(context)]


async def provision_topics(settings: Any) -> Sequence[str]:
    return [f"sample.{admdvs}" for admdvs in settings.agencies]


SERVICE = Service("sample_service", ServiceSettings, build_context, build_app, build_loops, provision_topics)

if __name__ == "__main__":
    sys.exit(main(SERVICE.package, lambda: SERVICE))
