"""Nothing that a registered party can sign stops the consumer: a poisoned record goes aside, the others go on."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.contracts.events import ResendRequested
from shared.contracts.party import PLATFORM
from shared.messaging import envelope, receipts, resend
from shared.messaging.ids import new_ids
from shared.messaging.intake import PATIENCE
from shared.messaging.record import Record
from tests.integration.shared.messaging.parts import (
    CASE,
    JINAN,
    OTHER_CASE,
    QINGDAO,
    Service,
    World,
    accepted,
    to_jinan,
    to_platform,
)


async def test_receipt_that_comes_again_after_a_resend_is_taken(platform: Service, jinan: Service) -> None:
    await platform.send(to_jinan(accepted()))
    sent = await platform.outgoing()
    await platform.intake.take(await jinan.intake.take(sent))
    async with jinan.database.transaction() as connection:
        await resend.request(
            connection,
            party=JINAN,
            senders=[PLATFORM],
            since=datetime(2020, 1, 1, tzinfo=UTC),
            signers=jinan.signers,
            now=jinan.clock.now(),
        )
    await platform.intake.take(await jinan.outgoing())
    assert await platform.resends.turn()
    assert await platform.count("outbox") == 1
    again = await jinan.intake.take(sent)
    await platform.intake.take(again)
    assert await platform.count("outbox") == 0


@pytest.mark.parametrize("since", ["2026-03-02T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_resend_request_from_nowhere_in_time_stops_nobody(platform: Service, jinan: Service, since: str) -> None:
    await platform.send(to_jinan(accepted()))
    now = jinan.clock.now()
    [message_id] = new_ids(now, 1)
    value = envelope.write(message_id, ResendRequested(since=now), sender=PLATFORM, recipient=JINAN, time=now)
    value = value.replace(ResendRequested(since=now).model_dump_json().encode(), b'{"since":"%s"}' % since.encode())
    assert since.encode() in value
    record = Record(JINAN.topic, None, value, platform.signers.sign_detached(PLATFORM, value))
    await jinan.intake.take([record, *await platform.outgoing()])
    assert await jinan.noted(CASE) == ["platform 1 SheetAccepted 1"]


async def test_handler_that_always_seems_out_of_reach_is_given_up_in_the_end(platform: Service, jinan: Service) -> None:
    jinan.noter.seems_out.add(CASE)
    await platform.send(to_jinan(accepted()), to_jinan(accepted(), OTHER_CASE))
    for _ in range(PATIENCE):
        with pytest.raises(FileNotFoundError):
            await jinan.intake.take(await platform.outgoing())
    assert await jinan.count("inbox") == 0
    assert len(await jinan.intake.take(await platform.outgoing())) == 1
    assert await jinan.noted(OTHER_CASE) == ["platform 1 SheetAccepted 1"]
    assert await jinan.rows("SELECT rlts_traf_id, reason FROM quarantine") == [(CASE, "handler-failed")]


async def test_record_that_cannot_be_stored_goes_aside_without_a_receipt(
    platform: Service, jinan: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = receipts.issue

    async def fails_on_first_versions(connection: Any, messages: Any, *args: Any, **more: Any) -> list[Record]:
        if any(message.envelope.subject == CASE for message in messages):
            raise ZeroDivisionError
        return await issue(connection, messages, *args, **more)

    await platform.send(to_jinan(accepted()), to_jinan(accepted(), OTHER_CASE))
    monkeypatch.setattr(receipts, "issue", fails_on_first_versions)
    assert len(await jinan.intake.take(await platform.outgoing())) == 1
    assert await jinan.rows("SELECT rlts_traf_id FROM inbox") == [(OTHER_CASE,)]
    assert await jinan.rows("SELECT reason, message_id FROM quarantine WHERE state = 'open'") == [
        ("intake-failed", None)
    ]
    monkeypatch.undo()
    assert len(await jinan.intake.take(await platform.outgoing())) == 2
    assert await jinan.rows("SELECT state FROM quarantine") == [("resolved",)]


async def test_stranger_brings_no_case_to_a_halt(platform: Service, jinan: Service, world: World) -> None:
    jinan.signers = world.signers(JINAN, QINGDAO)
    platform.noter.strangers.add(str(QINGDAO))
    await jinan.send(to_platform(sender=QINGDAO), to_platform(), to_platform(sender=QINGDAO))
    assert len(await platform.intake.take(await jinan.outgoing())) == 2
    await jinan.send(to_platform())
    await platform.intake.take((await jinan.outgoing())[-1:])
    assert await platform.noted(CASE) == [f"{JINAN} {number} RelationEnded 0" for number in (1, 2)]
    [(quarantine_id,)] = await platform.rows("SELECT quarantine_id FROM quarantine WHERE state = 'open'")
    again = await platform.replayer.replay(quarantine_id, topics=[PLATFORM.topic], by="clerk")
    assert again.reason == "sender-not-a-party"
    platform.noter.strangers.clear()
    replayed = await platform.replayer.replay(quarantine_id, topics=[PLATFORM.topic], by="clerk")
    assert (replayed.reason, replayed.applied) == (None, 2)
