"""A message that cannot be applied waits with its case, visible, and can be tried again."""

import dataclasses
from uuid import UUID, uuid4

import pytest

from shared.errors import NotFound
from shared.messaging import quarantine
from shared.messaging.replay import Outcome
from tests.integration.shared.messaging.parts import (
    CASE,
    JINAN,
    OTHER_CASE,
    QINGDAO,
    Service,
    World,
    accepted,
    entry,
    to_jinan,
)


async def open_ids(service: Service) -> list[UUID]:
    async with service.database.connection() as connection:
        return [
            found.quarantine_id
            for found in await quarantine.list_open(connection, topics=[JINAN.topic], after=None, limit=10)
        ]


@pytest.fixture
async def stuck(platform: Service, jinan: Service) -> UUID:
    """CASE is refused by its handler, with one more message behind; OTHER_CASE goes on."""
    jinan.noter.refuses.add(CASE)
    await platform.send(to_jinan(accepted(1)), to_jinan(accepted(2)), to_jinan(accepted(1), OTHER_CASE))
    receipts = await jinan.intake.take(await platform.outgoing())
    await platform.intake.take(receipts)
    [found] = await open_ids(jinan)
    return found


async def test_case_waits_behind_and_others_go_on(platform: Service, jinan: Service, stuck: UUID) -> None:
    assert await platform.count("outbox") == 0
    assert await jinan.noted(CASE) == []
    assert await jinan.noted(OTHER_CASE) == ["platform 1 SheetAccepted 1"]
    assert await jinan.rows("SELECT sequence, state FROM inbox WHERE rlts_traf_id = 'AAAAAAAA1' ORDER BY 1") == [
        (1, "quarantined"),
        (2, "waiting"),
    ]
    async with jinan.database.connection() as connection:
        [found] = await quarantine.list_open(connection, topics=[JINAN.topic], after=None, limit=10)
    assert (found.reason, found.detail, found.sequence, found.seen) == ("not-yet", "尚不能处理", 1, 1)


async def test_what_comes_later_for_a_blocked_case_waits_too(platform: Service, jinan: Service, stuck: UUID) -> None:
    jinan.noter.refuses.clear()
    await platform.send(to_jinan(accepted(3)), to_jinan(accepted(2), OTHER_CASE))
    await jinan.intake.take((await platform.outgoing())[-2:])
    assert await jinan.noted(CASE) == []
    assert len(await jinan.noted(OTHER_CASE)) == 2


async def test_dry_run_tells_the_outcome_and_changes_nothing(jinan: Service, stuck: UUID) -> None:
    failing = await jinan.replayer.replay(stuck, topics=[JINAN.topic], by="clerk", is_dry_run=True)
    assert (failing.outcome, failing.reason) == (Outcome.STILL_QUARANTINED, "not-yet")
    jinan.noter.refuses.clear()
    working = await jinan.replayer.replay(stuck, topics=[JINAN.topic], by="clerk", is_dry_run=True)
    assert (working.outcome, working.reason, working.applied) == (Outcome.APPLIED, None, 2)
    assert await jinan.noted(CASE) == []
    assert await jinan.rows("SELECT state, seen FROM quarantine") == [("open", 1)]


async def test_replay_applies_the_message_and_all_behind_it(jinan: Service, stuck: UUID) -> None:
    jinan.noter.refuses.clear()
    replayed = await jinan.replayer.replay(stuck, topics=[JINAN.topic], by="clerk")
    assert (replayed.outcome, replayed.applied) == (Outcome.APPLIED, 2)
    assert await jinan.noted(CASE) == ["platform 1 SheetAccepted 1", "platform 2 SheetAccepted 2"]
    assert await jinan.rows("SELECT state, resolved_by FROM quarantine") == [("resolved", "clerk")]
    with pytest.raises(NotFound):
        await jinan.replayer.replay(stuck, topics=[JINAN.topic], by="clerk")


async def test_replay_that_fails_again_stays_in_quarantine(jinan: Service, stuck: UUID) -> None:
    replayed = await jinan.replayer.replay(stuck, topics=[JINAN.topic], by="clerk")
    assert replayed.outcome is Outcome.STILL_QUARANTINED
    assert await jinan.rows("SELECT state, seen, reason FROM quarantine") == [("open", 2, "not-yet")]
    assert await open_ids(jinan) == [stuck]


async def test_entry_of_another_topic_is_not_found(jinan: Service, stuck: UUID) -> None:
    with pytest.raises(NotFound):
        await jinan.replayer.replay(stuck, topics=[QINGDAO.topic], by="clerk")


async def test_replay_of_nothing_is_not_found(jinan: Service) -> None:
    with pytest.raises(NotFound):
        await jinan.replayer.replay(uuid4(), topics=[JINAN.topic], by="clerk")


async def test_handler_that_breaks_goes_to_quarantine_without_its_words(platform: Service, jinan: Service) -> None:
    jinan.noter.breaks.add(CASE)
    await platform.send(to_jinan(accepted(1)), to_jinan(accepted(1), OTHER_CASE))
    assert len(await jinan.intake.take(await platform.outgoing())) == 1
    assert await jinan.rows("SELECT reason, detail FROM quarantine") == [("handler-failed", "处理程序出错：KeyError")]
    assert len(await jinan.noted(OTHER_CASE)) == 1


async def test_rejected_record_can_be_replayed_once_its_key_is_known(
    platform: Service, jinan: Service, world: World
) -> None:
    await platform.send(to_jinan(accepted(1)))
    [(kid, key)] = [(k, v) for k, v in world.keys.keys.items() if str(v.owner) == "platform"]
    del world.keys.keys[kid]
    await jinan.intake.take(await platform.outgoing())
    [found] = await open_ids(jinan)
    assert (await jinan.replayer.replay(found, topics=[JINAN.topic], by="clerk")).reason == "signature-key-unknown"
    world.keys.keys[kid] = entry(key.owner, world.private[key.owner])
    assert (await jinan.replayer.replay(found, topics=[JINAN.topic], by="clerk")).outcome is Outcome.APPLIED
    assert await jinan.noted(CASE) == ["platform 1 SheetAccepted 1"]


async def test_list_pages_by_the_last_entry_seen(platform: Service, jinan: Service) -> None:
    await platform.send(*(to_jinan(accepted(n)) for n in (1, 2, 3)))
    for record in await platform.outgoing():
        await jinan.intake.take([dataclasses.replace(record, signature="")])
        jinan.clock.advance(seconds=1)
    async with jinan.database.connection() as connection:
        first = await quarantine.list_open(connection, topics=[JINAN.topic], after=None, limit=2)
        rest = await quarantine.list_open(connection, topics=[JINAN.topic], after=first[-1].quarantine_id, limit=2)
    assert (len(first), len(rest)) == (2, 1)
    assert {found.reason for found in [*first, *rest]} == {"signature-missing"}


async def test_dismissed_message_is_left_out_and_its_case_goes_on(
    platform: Service, jinan: Service, stuck: UUID
) -> None:
    jinan.noter.refuses.clear()
    assert await jinan.replayer.dismiss(stuck, topics=[JINAN.topic], by="clerk", reason="重复发出") == 1
    assert await jinan.noted(CASE) == ["platform 2 SheetAccepted 2"]
    assert await jinan.rows("SELECT state, resolved_by, resolution_reason FROM quarantine") == [
        ("dismissed", "clerk", "重复发出")
    ]
    await platform.send(to_jinan(accepted(3)))
    await jinan.intake.take(await platform.outgoing())
    assert await jinan.noted(CASE) == ["platform 2 SheetAccepted 2", "platform 3 SheetAccepted 3"]
    with pytest.raises(NotFound):
        await jinan.replayer.replay(stuck, topics=[JINAN.topic], by="clerk")


async def test_message_behind_a_dismissed_one_may_be_refused_in_its_turn(jinan: Service, stuck: UUID) -> None:
    assert await jinan.replayer.dismiss(stuck, topics=[JINAN.topic], by="clerk", reason="重复发出") == 0
    assert await jinan.rows("SELECT sequence, state FROM quarantine ORDER BY sequence") == [
        (1, "dismissed"),
        (2, "open"),
    ]


async def test_dismissed_record_that_comes_again_is_only_counted(platform: Service, jinan: Service) -> None:
    await platform.send(to_jinan(accepted(1)))
    [forged] = [dataclasses.replace(record, signature="") for record in await platform.outgoing()]
    await jinan.intake.take([forged])
    [found] = await open_ids(jinan)
    assert await jinan.replayer.dismiss(found, topics=[JINAN.topic], by="clerk", reason="伪造") == 0
    await jinan.intake.take([forged])
    assert await open_ids(jinan) == []
    assert await jinan.rows("SELECT state, seen, resolved_by FROM quarantine") == [("dismissed", 2, "clerk")]


async def test_dismissal_on_another_topic_is_not_found(jinan: Service, stuck: UUID) -> None:
    with pytest.raises(NotFound):
        await jinan.replayer.dismiss(stuck, topics=[QINGDAO.topic], by="clerk", reason="误")
