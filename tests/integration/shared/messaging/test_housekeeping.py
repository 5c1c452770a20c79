"""What is sent again on request goes out piece by piece; what nobody needs any more is forgotten."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.contracts.party import PLATFORM
from shared.messaging import feed, quarantine, resend
from shared.messaging.feed import FeedEntry
from shared.messaging.housekeeping import Keep, Retention
from shared.messaging.record import Record
from tests.integration.shared.messaging.parts import CASE, JINAN, OTHER_CASE, Service, accepted, to_jinan


async def ask_again(platform: Service, jinan: Service, since: datetime) -> None:
    jinan.clock.advance(milliseconds=1)
    async with jinan.database.transaction() as connection:
        await resend.request(
            connection, party=JINAN, senders=[PLATFORM], since=since, signers=jinan.signers, now=jinan.clock.now()
        )
    await platform.intake.take([(await jinan.outgoing())[-1]])


async def sent_again(platform: Service, limit: int) -> list[int]:
    """How many messages lie in the outbox after each piece."""
    depths = []
    more = True
    while more:
        async with platform.database.transaction() as connection:
            more = await resend.send_some(connection, now=platform.clock.now(), limit=limit)
        depths.append(await platform.count("outbox"))
    return depths


async def versions(platform: Service) -> Sequence[str]:
    rows = await platform.rows("SELECT rlts_traf_id FROM outbox JOIN message_log USING (message_id) ORDER BY 1")
    return [row[0] for row in rows]


async def test_resend_goes_out_in_pieces_without_loss_or_repetition(platform: Service, jinan: Service) -> None:
    since = platform.clock.now()
    # Five of one instant: a piece may end between them.
    await platform.send(*(to_jinan(accepted(), f"{CASE}{number}") for number in range(5)))
    await platform.send(to_jinan(accepted(), OTHER_CASE))
    await platform.intake.take(await jinan.intake.take(await platform.outgoing()))
    assert await platform.count("outbox") == 0
    await ask_again(platform, jinan, since)
    assert await sent_again(platform, limit=2) == [2, 4, 6, 6, 6]
    assert len(set(await versions(platform))) == 6
    assert await platform.count("resend") == 0


async def test_resend_asked_for_again_begins_at_the_earlier_instant(platform: Service, jinan: Service) -> None:
    since = platform.clock.now()
    for number in range(3):
        await platform.send(to_jinan(accepted(), f"{CASE}{number}"))
    await platform.intake.take(await jinan.intake.take(await platform.outgoing()))
    await ask_again(platform, jinan, platform.clock.now())
    await ask_again(platform, jinan, since)
    await ask_again(platform, jinan, platform.clock.now())
    assert await platform.count("resend") == 1
    assert await sent_again(platform, limit=10) == [3, 3]


async def test_feed_forgets_what_is_old_and_counts_on(platform: Service) -> None:
    async def happened(kind: str) -> None:
        async with platform.database.transaction() as connection:
            await feed.append(connection, [FeedEntry("370100", CASE, kind, {})], now=platform.clock.now())
            await feed.number(connection)

    retention = Retention(platform.database, platform.clock, Keep(feed_days=10, quarantine_days=10))
    for kind in ("first", "second"):
        await happened(kind)
    platform.clock.advance(days=11)
    await retention.turn()
    assert await platform.rows("SELECT position, type FROM feed") == [(2, "second")]  # the newest holds the count
    await happened("third")
    await retention.turn()
    assert await platform.rows("SELECT position, type FROM feed") == [(3, "third")]


async def test_quarantine_forgets_only_what_was_resolved_long_ago(jinan: Service) -> None:
    retention = Retention(jinan.database, jinan.clock, Keep(feed_days=10, quarantine_days=10))
    records = [Record(JINAN.topic, None, body, "") for body in (b"{}", b"[]", b"0", b"1")]
    resolved, dismissed, late, _ = records
    await jinan.intake.take(records)
    async with jinan.database.transaction() as connection:
        await quarantine.resolve(connection, [resolved], by="clerk", now=jinan.clock.now())
        ids = {row[1]: row[0] for row in await jinan.rows("SELECT quarantine_id, value FROM quarantine")}
        at = jinan.clock.now()
        await quarantine.dismiss_entry(connection, ids[dismissed.value], by="clerk", reason="重复", now=at)
        await quarantine.resolve(connection, [late], by="clerk", now=at + timedelta(days=9))
    jinan.clock.advance(days=11)
    await retention.turn()
    left = await jinan.rows("SELECT value, state FROM quarantine ORDER BY value")
    assert left == [(b"0", "resolved"), (b"1", "open"), (b"[]", "dismissed")]
