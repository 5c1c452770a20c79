"""Order within a lane, one message per case and wave."""

from uuid import uuid4

from shared.messaging.inbox import Waiting
from shared.messaging.waves import Waves, by_type


def waiting(sequence: int, case: str = "A", sender: str = "platform", kind: str = "t", to: str = "ledger.1") -> Waiting:
    return Waiting(sender, uuid4(), to, case, sequence, kind, b"", "", None)


def taken(waves: Waves) -> list[list[tuple[str, str, int]]]:
    found = []
    while wave := waves.next():
        found.append([(message.rlts_traf_id, message.sender, message.sequence) for message in wave])
    return found


def test_hands_out_the_next_message_of_every_case() -> None:
    messages = [waiting(1), waiting(1, "B"), waiting(2), waiting(3)]
    waves = Waves(messages, {message.lane: 0 for message in messages})
    assert taken(waves) == [
        [("A", "platform", 1), ("B", "platform", 1)],
        [("A", "platform", 2)],
        [("A", "platform", 3)],
    ]


def test_stops_at_a_gap() -> None:
    messages = [waiting(5), waiting(7)]
    assert taken(Waves(messages, {messages[0].lane: 4})) == [[("A", "platform", 5)]]
    assert taken(Waves(messages, {messages[0].lane: 3})) == []


def test_senders_of_one_case_take_turns_in_different_waves() -> None:
    messages = [waiting(1), waiting(1, sender="ledger.1")]
    waves = taken(Waves(messages, {message.lane: 0 for message in messages}))
    assert [len(wave) for wave in waves] == [1, 1]


def test_blocked_case_stops_at_that_recipient_only() -> None:
    messages = [waiting(1), waiting(1, to="ledger.2"), waiting(2)]
    waves = Waves(messages, {message.lane: 0 for message in messages})
    waves.block(waves.next()[0])
    assert taken(waves) == [[("A", "platform", 1)]]


def test_wave_comes_in_sets_of_one_type() -> None:
    messages = [waiting(1, "A", kind="y"), waiting(1, "B", kind="x"), waiting(1, "C", kind="y")]
    waves = Waves(messages, {message.lane: 0 for message in messages})
    assert [[m.rlts_traf_id for m in group] for group in by_type(waves.next())] == [["B"], ["A", "C"]]
