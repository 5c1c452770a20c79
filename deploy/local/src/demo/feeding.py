"""The core systems' input: some people pushed one by one, the others in one NDJSON import per agency."""

import asyncio
from collections.abc import Mapping, Sequence

from demo.errors import Unexpected
from demo.records import records_of
from demo.scenario import Scenario
from demo.services import INBOUND, OUTBOUND, Call
from demo.world import World
from shared.contracts.facts import PersonRecord

_PUSHED_ONE_BY_ONE = 1


async def feed(world: World, scenarios: Sequence[Scenario], *, run_id: str) -> int:
    """Push what the scenarios say of their people to both sides; gives how many records.

    ``run_id`` names the imports; doing it again with the same one goes on where it stopped.
    """
    outbound, inbound = records_of(scenarios, world.counties, world.clock.now())
    pushes = [
        _push(world, service, admdvs, records, run_id)
        for service, by_area in ((OUTBOUND, outbound), (INBOUND, inbound))
        for admdvs, records in by_area.items()
    ]
    await asyncio.gather(*pushes)
    return sum(len(records) for by_area in (outbound, inbound) for records in by_area.values())


async def _push(world: World, service: str, admdvs: str, records: Sequence[PersonRecord], run_id: str) -> None:
    token = world.callers.agency("core", admdvs)
    for record in records[:_PUSHED_ONE_BY_ONE]:
        body = record.model_dump(mode="json")
        await world.services.send(Call(token, service, "PUT", f"/persons/{record.psn_no}", json=body))
    lines = [record.model_dump_json() for record in records[_PUSHED_ONE_BY_ONE:]]
    if lines:
        await _import(world, service, token, "\n".join(lines).encode(), f"{run_id}-{admdvs}")


async def _import(world: World, service: str, token: str, content: bytes, import_id: str) -> None:
    call = Call(
        token,
        service,
        "POST",
        "/persons/imports",
        content=content,
        content_type="application/x-ndjson",
        key=import_id,
    )
    report: Mapping[str, object] = await world.services.json(call)
    if report["failed"] or report["state"] != "done":
        raise Unexpected(f"{service} 批量导入 {import_id} 未全部成功：{report}")
