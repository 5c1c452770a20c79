"""Sequences have no gap, whoever writes at the same time; the log is never rewritten."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.contracts.party import PLATFORM
from shared.messaging import Outgoing, RouteNotAllowed, enqueue
from shared.messaging.traces import cases
from tests.integration.shared.messaging.parts import (
    CASE,
    JINAN,
    OTHER_CASE,
    QINGDAO,
    Service,
    accepted,
    ended,
    to_jinan,
)

SEQUENCES = "SELECT rlts_traf_id, recipient, array_agg(sequence ORDER BY message_id) FROM message_log GROUP BY 1, 2"


async def test_numbers_each_lane_from_one_in_the_order_given(platform: Service) -> None:
    await platform.send(to_jinan(accepted(1)), to_jinan(accepted(9), OTHER_CASE), to_jinan(accepted(2)))
    await platform.send(to_jinan(accepted(3)), Outgoing(PLATFORM, QINGDAO, CASE, accepted(1)))
    found = {(case, recipient): numbers for case, recipient, numbers in await platform.rows(SEQUENCES)}
    assert found == {(CASE, str(JINAN)): [1, 2, 3], (OTHER_CASE, str(JINAN)): [1], (CASE, str(QINGDAO)): [1]}
    assert await platform.count("outbox") == 5


async def test_concurrent_senders_and_rollbacks_leave_no_gap(platform: Service) -> None:
    async def write(turn: int) -> None:
        async with platform.database.transaction() as connection:
            batch = [to_jinan(accepted(turn + 1)), to_jinan(accepted(turn + 1), OTHER_CASE)]
            batch = batch if turn % 2 else batch[::-1]
            await enqueue(connection, batch, signers=platform.signers, now=platform.clock.now())
            if turn % 4 == 0:
                await connection.rollback()

    await asyncio.gather(*(write(turn) for turn in range(40)))
    rows = await platform.rows("SELECT rlts_traf_id, array_agg(sequence ORDER BY sequence) FROM message_log GROUP BY 1")
    assert dict(rows) == {CASE: list(range(1, 31)), OTHER_CASE: list(range(1, 31))}


async def test_message_stays_in_the_trace_of_its_case(platform: Service) -> None:
    trail = "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01"
    with cases({CASE: trail}):
        await platform.send(to_jinan(accepted()), to_jinan(accepted(), OTHER_CASE))
    found = dict(await platform.rows("SELECT rlts_traf_id, traceparent FROM message_log"))
    assert found[CASE] == trail
    assert str(found[OTHER_CASE]).startswith("00-")
    assert found[OTHER_CASE] != trail


def test_refuses_an_event_on_a_route_that_it_does_not_take() -> None:
    with pytest.raises(RouteNotAllowed):
        Outgoing(PLATFORM, JINAN, CASE, ended())


@pytest.mark.parametrize("table", ["message_log", "custody_receipt", "message_receipt"])
@pytest.mark.parametrize("change", ["UPDATE {} SET recorded_at = now()", "DELETE FROM {}"])
async def test_app_role_cannot_rewrite_evidence(platform: Service, table: str, change: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with platform.database.transaction() as connection:
            await connection.execute(text(change.format(table)))
