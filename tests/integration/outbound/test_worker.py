"""The service as it is started: its context, its loops and a broker, from the platform's message to its answer."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

from aiokafka import AIOKafkaConsumer
from sqlalchemy import text

from outbound.app import build_context
from outbound.context import OutboundContext
from outbound.service import SERVICE
from shared.contracts.party import PLATFORM
from shared.messaging import envelope
from shared.messaging.publisher import Publisher
from shared.runtime.loops import LoopRunner
from tests.brokers import EmbeddedBroker
from tests.integration.outbound.conftest import StartDesk
from tests.integration.outbound.desk import accepted_event, settings
from tests.integration.outbound.parties import KEYS, OUT_AREA, OUTBOUND, ROOT

EXCHANGE = {"relay", "consumer", "messaging-gauges", "resend", "retention"}
LOOPS = EXCHANGE | {"core", "seal", "registry", "case-counts", "due-dates", "figures", "idempotency-purge"}


def write_keys(folder: Path) -> None:
    for (party, purpose), key in KEYS.items():
        if party == OUTBOUND:
            file = folder / str(party) / f"{purpose.value}.pem"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(key.pem(), encoding="ascii")


@asynccontextmanager
async def turning(context: OutboundContext) -> AsyncIterator[None]:
    """All loops of the worker, until the block ends."""
    stop = asyncio.Event()
    loops = SERVICE.build_loops(context)
    assert {loop.name for loop in loops} == LOOPS
    running = [asyncio.create_task(LoopRunner(loop, stop, context.health, Random(1)).run()) for loop in loops]
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(*running), 20)


async def first_event(bootstrap: str, topic: str, wanted: str) -> dict[str, Any]:
    """The data of the first event of a type that stands on a topic."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest", group_id=None)
    await consumer.start()
    deadline = time.monotonic() + 60
    try:
        while time.monotonic() < deadline:
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                for record in batch:
                    found = envelope.read(bytes(record.value or b""))
                    if wanted in found.type:
                        return dict(found.data)
    finally:
        await consumer.stop()
    raise TimeoutError(wanted)


async def test_the_started_service_answers_an_acceptance_with_a_sealed_sheet(
    start_desk: StartDesk, embedded_broker: EmbeddedBroker, tmp_path: Path
) -> None:
    desk = await start_desk()
    write_keys(tmp_path / "keys")
    root = tmp_path / "root.pub.pem"
    root.write_text(ROOT.public_key, encoding="ascii")
    url = desk.office.settings.database_url.get_secret_value()
    configured = settings(
        url,
        agencies=(OUT_AREA,),
        auto_seal_agencies=frozenset({OUT_AREA}),
        kafka_bootstrap_servers=embedded_broker.bootstrap_servers,
        keys_dir=tmp_path / "keys",
        registry_root_key_file=root,
        platform_url="http://127.0.0.1:9",
    )
    publisher = Publisher(embedded_broker.bootstrap_servers)
    async with build_context(configured, clock=desk.clock) as context:
        await publisher.publish([desk.record(accepted_event(context.clock.now()))])
        async with turning(context):
            issued = await first_event(embedded_broker.bootstrap_servers, PLATFORM.topic, "SheetIssued")
        async with context.database.connection() as connection:
            [kept] = (await connection.execute(text("SELECT sealed_sheet FROM sealed_sheet"))).scalars()
    await publisher.close()
    assert issued["sealed_sheet"] == kept
    assert issued["amount"] == "1234.56"
