"""A message that outlives its sender's key still arrives, and an ended key still counts for nothing."""

import dataclasses
from datetime import datetime, timedelta

from shared.contracts.party import PLATFORM, Party
from shared.messaging.intake import Intake
from shared.messaging.publisher import Publisher
from shared.messaging.record import Record
from shared.messaging.relay import Due, Relay
from shared.signing.key_pair import PrivateKey
from tests.integration.shared.messaging.parts import CASE, JINAN, Service, World, accepted, entry, to_jinan


class Handed(Relay):
    """A relay whose batches the test hands over itself."""

    async def publish(self, due: list[Due]) -> None:  # type: ignore[override]
        self.handed = [message.record for message in due]


async def due(service: Service, world: World) -> list[Record]:
    """What the service's relay would publish after a restart with the present keys."""
    signers = world.signers(*service.parties)
    relay = Handed(service.database, Publisher("127.0.0.1:1"), service.clock, signers=signers)
    await relay.turn()
    await relay.close()
    return relay.handed


def change_key(world: World, party: Party, now: datetime) -> None:
    """The party's key ends now and another one takes its place."""
    old = world.private[party].kid
    world.keys.keys[old] = world.keys.keys[old].model_copy(update={"valid_to": now})
    world.private[party] = PrivateKey.generate("ES256")
    world.keys.keys[world.private[party].kid] = entry(party, world.private[party])


async def test_message_is_sent_with_its_first_signature_while_the_key_lasts(platform: Service, world: World) -> None:
    await platform.send(to_jinan(accepted()))
    [logged] = await platform.outgoing()
    assert await due(platform, world) == [logged]


async def test_message_outlives_its_senders_key(platform: Service, jinan: Service, world: World) -> None:
    await platform.send(to_jinan(accepted()))
    [logged] = await platform.outgoing()
    platform.clock.advance(days=1)
    change_key(world, PLATFORM, jinan.clock.now() - timedelta(seconds=1))
    assert await jinan.intake.take([logged]) == []
    assert await jinan.rows("SELECT reason FROM quarantine") == [("signature-key-not-valid",)]
    [renewed] = await due(platform, world)
    assert renewed == dataclasses.replace(logged, signature=renewed.signature)
    assert len(await jinan.intake.take([renewed])) == 1
    assert await jinan.noted(CASE) == ["platform 1 SheetAccepted 1"]


async def test_receipt_outlives_its_senders_key(platform: Service, jinan: Service, world: World) -> None:
    await platform.send(to_jinan(accepted()))
    [stored] = await jinan.intake.take(await platform.outgoing())
    jinan.clock.advance(days=1)
    change_key(world, JINAN, jinan.clock.now() - timedelta(seconds=1))
    await platform.intake.take([stored])
    assert await platform.count("outbox") == 1
    restarted = Intake(
        jinan.database,
        jinan.applier,
        served=[JINAN],
        signers=world.signers(JINAN),
        keys=world.keys,
        clock=jinan.clock,
    )
    renewed = await restarted.take(await platform.outgoing())
    await platform.intake.take(renewed)
    assert await platform.count("outbox") == 0
