"""The bench carries its transfers through, counts what they cost, and measures the floor.

Its other mode is in ``test_local_stack``, on a stack that is up already.
"""

from pathlib import Path

import pytest

from bench.measurement import measure
from bench.plan import Mode, Plan
from bench.result import figures, profile, summary
from tests.real_kafka import require_real_kafka

pytestmark = [pytest.mark.stack, pytest.mark.real_kafka]

_CASES = 10


async def test_closes_every_transfer_and_measures_the_floor(tmp_path: Path) -> None:
    require_real_kafka()
    plan = Plan(cases={Mode.BULK: _CASES}, seed=1, clients=4, batch=5, warm_up=5, within_seconds=120, state=tmp_path)
    found = await measure(plan, Mode.BULK, lambda _: None)
    assert len(found.closed) == _CASES
    assert {each.money_state for each in found.closed} == {"credited", "none", "settled_otherwise"}
    assert found.not_accepted == []
    assert found.counts.messages > 10 * _CASES
    assert found.counts.signatures.total() > found.counts.messages
    assert found.counts.durable > 0
    assert found.floor_per_second > found.per_second
    shown = summary(plan, [found])["modes"][Mode.BULK]
    assert shown["cases"] == _CASES
    assert set(shown["memory_mib"]) >= {"platform_gateway", "outbound", "inbound", "ledger", "postgres", "kafka"}
    assert figures([found]).row_count
    assert profile([found]).row_count == len(shown["memory_mib"])
