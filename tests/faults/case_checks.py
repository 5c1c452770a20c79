"""Every case once, in states of the three sides that agree, with the same sheets everywhere."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from demo.case_run import CaseRun
from tests.faults.stored import Stored

_SIDES = {
    "completed": ("completed", "ended", "completed"),
    "withdrawn": ("withdrawn", "withdrawn", "withdrawn"),
    "refused": ("refused", None, None),
}
_ONCE = ("accept", "refuse", "withdraw", "complete")


async def case_deviations(stored: Stored, runs: Sequence[CaseRun]) -> list[str]:
    """Everything about the relation's track that is not as it must be."""
    return [
        *await _numbers(stored, runs),
        *await _agreeing(stored),
        *await _open_twice(stored),
        *await _history(stored),
        *await _sheets(stored),
        *await _core(stored),
    ]


async def _numbers(stored: Stored, runs: Sequence[CaseRun]) -> Iterator[str]:
    """Clients that asked again and again have made no case but those that they were answered."""
    answered = Counter(
        number for run in runs for answer in run.answers if (number := answer.get("rlts_traf_id")) is not None
    )
    held = Counter(row[0] for row in await stored.rows("platform_gateway", "SELECT rlts_traf_id FROM transfer_case"))
    return (
        f"case {number}: answered {answered[number]} times, held {held[number]} times"
        for number in sorted(answered | held)
        if (answered[number], held[number]) != (1, 1)
    )


async def _agreeing(stored: Stored) -> list[str]:
    platform = await _states(stored, "platform_gateway", "transfer_case")
    outbound = await _states(stored, "outbound", "outbound_case")
    inbound = await _states(stored, "inbound", "inbound_case")
    found = []
    for number in sorted(platform.keys() | outbound.keys() | inbound.keys()):
        sides = (platform.get(number), outbound.get(number), inbound.get(number))
        if sides != _SIDES.get(sides[0] or ""):
            found.append(f"case {number}: platform, outbound, inbound are {sides}")
    return found


async def _states(stored: Stored, package: str, table: str) -> dict[str, str]:
    query = f"SELECT rlts_traf_id, state FROM {table}"  # noqa: S608 - our own tables' names
    return {str(number): str(state) for number, state in await stored.rows(package, query)}


async def _open_twice(stored: Stored) -> list[str]:
    """Of one relation at most one case was ever more than refused: the mix applies for each relation once."""
    rows = await stored.rows(
        "platform_gateway",
        "SELECT array_agg(rlts_traf_id) AS cases FROM transfer_case WHERE state <> 'refused'"
        " GROUP BY person_key, trafout_admdvs, trafout_insutype HAVING count(*) > 1",
    )
    return [f"one relation has the cases {cases}" for (cases,) in rows]


async def _history(stored: Stored) -> list[str]:
    rows = await stored.rows(
        "platform_gateway",
        "SELECT rlts_traf_id, command, count(*) FROM case_history WHERE is_allowed GROUP BY 1, 2 HAVING count(*) > 1",
    )
    return [f"case {number}: {command} happened {times} times" for number, command, times in rows if command in _ONCE]


async def _sheets(stored: Stored) -> list[str]:
    """No version has two sealed sheets: the three sides and every message carry the same bytes."""
    queries = {
        "outbound": "SELECT rlts_traf_id, version, sealed_sheet FROM sealed_sheet",
        "platform_gateway": "SELECT rlts_traf_id, sheet_version, sealed_sheet FROM sheet",
        "inbound": "SELECT rlts_traf_id, sheet_version, sealed_sheet FROM received_sheet",
    }
    bytes_of: dict[tuple[str, int], dict[str, str]] = {}
    for package, query in queries.items():
        for number, version, sealed in await stored.rows(package, query):
            bytes_of.setdefault((number, version), {})[package] = sealed
    travelled = (
        "SELECT convert_from(value, 'UTF8')::jsonb -> 'data' AS data, rlts_traf_id FROM message_log"
        " WHERE type LIKE '%.SheetIssued.%' OR type LIKE '%.SheetRouted.%' OR type LIKE '%.BalancePayable.%'"
    )
    for package in queries:
        for data, number in await stored.rows(package, travelled):
            sealed = _sealed(data)
            bytes_of.setdefault((number, data["sheet_version"]), {})[f"message of {package}"] = sealed
    return [
        f"case {number} version {version}: {len(set(texts.values()))} different sheets at {sorted(texts)}"
        for (number, version), texts in bytes_of.items()
        if len(set(texts.values())) != 1 or not queries.keys() <= texts.keys()
    ]


def _sealed(data: dict[str, Any]) -> str:
    return str(data["sealed_sheet"])


async def _core(stored: Stored) -> list[str]:
    """The core was asked once for each step and did it once."""
    found = []
    for package in ("outbound", "inbound"):
        rows = await stored.rows(
            package,
            "SELECT t.rlts_traf_id, t.kind, t.step, count(a.task_id) FILTER (WHERE a.outcome = 'done') AS done"
            " FROM core_task t LEFT JOIN core_task_answer a USING (task_id)"
            " GROUP BY 1, 2, 3 HAVING count(a.task_id) FILTER (WHERE a.outcome = 'done') <> 1",
        )
        found += [f"{package}: {kind} {step} of {number} done {done} times" for number, kind, step, done in rows]
    return found
