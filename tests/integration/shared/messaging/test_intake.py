"""What the recipient makes of records: custody, order, receipts, quarantine."""

import asyncio
import dataclasses

from shared.contracts.events import MessageReceipt, SheetAccepted
from shared.contracts.party import PLATFORM
from shared.messaging import Outgoing, envelope
from shared.messaging.ids import new_ids
from shared.messaging.record import Record
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose
from shared.signing.signers import Signers
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
    to_platform,
)

REASONS = "SELECT reason, seen, state FROM quarantine ORDER BY reason"
NOTED_1 = "platform 1 SheetAccepted 1"


def signed(platform: Service, value: bytes, topic: str = JINAN.topic) -> Record:
    return Record(topic, None, value, platform.signers.sign_detached(PLATFORM, value))


async def sent(platform: Service, *outgoing: Outgoing) -> list[Record]:
    await platform.send(*outgoing)
    return (await platform.outgoing())[-len(outgoing) :]


async def test_applies_in_sequence_and_receipts_the_batch_once(platform: Service, jinan: Service) -> None:
    records = await sent(platform, to_jinan(accepted(1)), to_jinan(accepted(2)), to_jinan(accepted(7), OTHER_CASE))
    receipts = await jinan.intake.take(records)
    assert await jinan.noted(CASE) == [NOTED_1, "platform 2 SheetAccepted 2"]
    assert await jinan.noted(OTHER_CASE) == ["platform 1 SheetAccepted 7"]
    assert jinan.noter.sets == [2, 1]
    assert [receipt.topic for receipt in receipts] == [PLATFORM.topic]
    assert receipts[0].key is None
    assert await platform.intake.take(receipts) == []
    assert await platform.count("outbox") == 0
    assert await platform.count("message_receipt") == 3


async def test_message_that_comes_early_waits_and_is_receipted(platform: Service, jinan: Service) -> None:
    first, second, third = await sent(platform, *(to_jinan(accepted(n)) for n in (1, 2, 3)))
    assert len(await jinan.intake.take([third, second])) == 1
    assert await jinan.noted(CASE) == []
    await jinan.intake.take([first])
    assert await jinan.noted(CASE) == [f"platform {n} SheetAccepted {n}" for n in (1, 2, 3)]


async def test_duplicate_is_absorbed_and_answered_with_the_stored_receipt(platform: Service, jinan: Service) -> None:
    records = await sent(platform, to_jinan(accepted(1)))
    first = await jinan.intake.take(records)
    jinan.clock.advance(hours=1)
    again = await jinan.intake.take([*records, *records])
    assert again == first
    assert await jinan.noted(CASE) == [NOTED_1]
    await platform.intake.take([*first, *again])
    assert await platform.count("message_receipt") == 1


async def test_message_changed_by_one_byte_is_kept_and_never_receipted(platform: Service, jinan: Service) -> None:
    [record] = await sent(platform, to_jinan(accepted(1)))
    forged = dataclasses.replace(record, value=record.value.replace(b'"arrival":"x"', b'"arrival":"y"'))
    assert await jinan.intake.take([forged]) == []
    assert await jinan.intake.take([forged]) == []
    assert await jinan.rows(REASONS) == [("signature-invalid", 2, "open")]
    assert await jinan.count("inbox") == 0
    assert len(await jinan.intake.take([record])) == 1
    assert await jinan.noted(CASE) == [NOTED_1]


async def test_unsigned_and_foreign_signatures_are_kept_and_never_receipted(platform: Service, jinan: Service) -> None:
    [record] = await sent(platform, to_jinan(accepted(1)))
    by_stranger = Signers({(PLATFORM, Purpose.MESSAGE): PrivateKey.generate("ES256")})
    foreign = dataclasses.replace(record, signature=by_stranger.sign_detached(PLATFORM, record.value))
    assert await jinan.intake.take([dataclasses.replace(record, signature=""), foreign]) == []
    assert [row[0] for row in await jinan.rows(REASONS)] == ["signature-key-unknown", "signature-missing"]


async def test_party_cannot_speak_for_another(jinan: Service, world: World) -> None:
    [message_id] = new_ids(jinan.clock.now(), 1)
    value = envelope.write(
        message_id, accepted(), sender=PLATFORM, recipient=JINAN, time=jinan.clock.now(), rlts_traf_id=CASE, sequence=1
    )
    record = Record(JINAN.topic, CASE, value, world.signers(QINGDAO).sign_detached(QINGDAO, value))
    assert await jinan.intake.take([record]) == []
    assert await jinan.rows(REASONS) == [("signature-key-owner-wrong", 1, "open")]


async def test_message_for_somebody_else_is_not_receipted(platform: Service, jinan: Service) -> None:
    [record] = await sent(platform, Outgoing(PLATFORM, QINGDAO, CASE, accepted(1)))
    strayed = dataclasses.replace(record, topic=JINAN.topic)
    assert await jinan.intake.take([strayed]) == []
    assert await jinan.rows(REASONS) == [("recipient-not-served", 1, "open")]


async def test_unparseable_values_are_kept(platform: Service, jinan: Service) -> None:
    values = [b"", b"not json", b"[]", b'{"specversion":"1.0"}', b"\x00\xff", b"[" * 20_000]
    assert await jinan.intake.take([signed(platform, value) for value in values]) == []
    assert [row[0] for row in await jinan.rows(REASONS)] == ["envelope-unreadable"] * len(values)


async def test_unknown_type_is_receipted_and_blocks_only_its_case(platform: Service, jinan: Service) -> None:
    class SheetFramed(SheetAccepted):
        """What a newer platform might send."""

    strange = SheetFramed(sheet_version=1, arrival="x")
    records = await sent(platform, to_jinan(strange), to_jinan(accepted(2)), to_jinan(accepted(1), OTHER_CASE))
    receipts = await jinan.intake.take(records)
    await platform.intake.take(receipts)
    assert await platform.count("outbox") == 0
    assert await jinan.noted(CASE) == []
    assert await jinan.noted(OTHER_CASE) == [NOTED_1]
    assert await jinan.rows(REASONS) == [("event-type-unknown", 1, "open")]


async def test_data_that_breaks_the_contract_goes_to_quarantine_without_its_content(
    platform: Service, jinan: Service
) -> None:
    [record] = await sent(platform, to_jinan(accepted(1)))
    broken = record.value.replace(b'"sheet_version":1', b'"sheet_version":"secret"')
    assert len(await jinan.intake.take([signed(platform, broken)])) == 1
    assert await jinan.rows("SELECT reason, detail FROM quarantine") == [
        ("event-data-invalid", "消息内容不符合约定：sheet_version")
    ]


async def test_sequence_used_twice_is_refused_custody(platform: Service, jinan: Service) -> None:
    [record] = await sent(platform, to_jinan(accepted(1)))
    [other_id] = new_ids(platform.clock.now(), 1)
    now = platform.clock.now()
    value = envelope.write(
        other_id, accepted(5), sender=PLATFORM, recipient=JINAN, time=now, rlts_traf_id=CASE, sequence=1
    )
    await jinan.intake.take([record])
    assert await jinan.intake.take([signed(platform, value)]) == []
    assert await jinan.noted(CASE) == [NOTED_1]
    assert await jinan.rows(REASONS) == [("message-contradicts", 1, "open")]


async def test_sequence_used_twice_in_one_batch_holds_nobody_up(platform: Service, jinan: Service) -> None:
    first, second = await sent(platform, to_jinan(accepted(1)), to_jinan(accepted(2)))
    [other_id] = new_ids(platform.clock.now(), 1)
    now = platform.clock.now()
    value = envelope.write(
        other_id, accepted(5), sender=PLATFORM, recipient=JINAN, time=now, rlts_traf_id=CASE, sequence=1
    )
    await jinan.intake.take([first, signed(platform, value), second])
    assert (await jinan.noted(CASE))[1:] == ["platform 2 SheetAccepted 2"]
    assert await jinan.rows("SELECT sequence, state FROM inbox ORDER BY sequence") == [(1, "applied"), (2, "applied")]
    assert await jinan.rows(REASONS) == [("message-contradicts", 1, "open")]


async def test_key_that_the_registry_learns_of_late_is_asked_for(
    platform: Service, jinan: Service, world: World
) -> None:
    [record] = await sent(platform, to_jinan(accepted(1)))
    kid = world.private[PLATFORM].kid
    del world.keys.keys[kid]
    assert await jinan.intake.take([record]) == []
    world.keys.coming = {kid: entry(PLATFORM, world.private[PLATFORM])}
    assert len(await jinan.intake.take([record])) == 1
    assert await jinan.noted(CASE) == [NOTED_1]
    assert await jinan.rows(REASONS) == [("signature-key-unknown", 1, "resolved")]


async def test_receipt_counts_only_from_the_recipient(platform: Service, jinan: Service, world: World) -> None:
    await platform.send(to_jinan(accepted(1)))
    [(message_id,)] = await platform.rows("SELECT message_id FROM outbox")
    [receipt_id] = new_ids(platform.clock.now(), 1)
    event = MessageReceipt(message_ids=(message_id,), received_at=platform.clock.now())
    value = envelope.write(receipt_id, event, sender=QINGDAO, recipient=PLATFORM, time=platform.clock.now())
    record = Record(PLATFORM.topic, None, value, world.signers(QINGDAO).sign_detached(QINGDAO, value))
    await platform.intake.take([record])
    assert await platform.count("outbox") == 1
    assert await platform.count("message_receipt") == 0


async def test_sm2_messages_are_taken_like_any_other(platform: Service, jinan: Service, world: World) -> None:
    chinese = World(JINAN, algorithm="SM2-SM3")
    jinan.signers = chinese.signers(JINAN)
    [record] = await sent(jinan, to_platform())
    assert await platform.intake.take([record]) == []
    world.keys.keys |= chinese.keys.keys
    assert len(await platform.intake.take([record])) == 1


async def test_replicas_that_take_one_case_in_at_once_keep_its_order(platform: Service, jinan: Service) -> None:
    records = await sent(platform, *(to_jinan(accepted(n), case) for n in range(1, 13) for case in (CASE, OTHER_CASE)))
    await asyncio.gather(*(jinan.intake.take([record]) for record in reversed(records)))
    for case in (CASE, OTHER_CASE):
        assert await jinan.noted(case) == [f"platform {n} SheetAccepted {n}" for n in range(1, 13)]
