"""Sheets, returns, completion and money by messages: in any order that can happen, each once."""

from datetime import date, timedelta

import pytest

from platform_gateway.use_cases.begin_outbound import begin_outbound
from shared.contracts.codes import AcctDisposition
from shared.contracts.events import (
    BalanceSettledOtherwise,
    BenefitsDecided,
    Event,
    RelationEnded,
    SheetAccepted,
    SheetReturned,
    SheetRouted,
)
from shared.contracts.facts import Side
from shared.contracts.party import Party, Role
from shared.registry.registry import Registry
from shared.registry.snapshot import open_snapshot
from shared.signing.countersign import open_arrived_sheet
from tests.integration.platform_gateway.gateway import (
    CHANNEL,
    CHENGDU,
    HAN_MEI,
    JINAN,
    OPERATOR,
    QINGDAO,
    Gateway,
    agency,
)
from tests.integration.platform_gateway.told_by_sides import (
    AMOUNT,
    AT_ONCE,
    DAY,
    INBOUND,
    OUTBOUND,
    PAYEE,
    PAYER,
    completed,
    credited,
    matched,
    paid,
    received,
    returned,
    states,
)


async def test_a_transfer_runs_from_acceptance_to_the_end(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.receipted(number)
    assert await begin_outbound(gateway.process) == 1
    assert await begin_outbound(gateway.process) == 0
    await gateway.issue(number)
    assert await states(gateway, number) == ("inbound_processing", "awaiting_payment", False)
    await gateway.receive((PAYER, number, paid()))
    await gateway.receive((PAYEE, number, received()), (INBOUND, number, completed(gateway)))
    assert await states(gateway, number) == ("completed", "received", False)
    await gateway.receive((OUTBOUND, number, RelationEnded(ended_on=DAY)))
    await gateway.receive((PAYEE, number, matched(gateway)))
    await gateway.receive((INBOUND, number, credited()), (INBOUND, number, BenefitsDecided(benefits=AT_ONCE)))
    assert await states(gateway, number) == ("completed", "credited", True)
    (row,) = await gateway.rows("SELECT benefits FROM transfer_case")
    assert row["benefits"]["first_benefit_date"] == "2026-03-01"
    shown = await gateway.shown(number)
    assert shown["relation"]["relation_ended_on"] == "2026-03-02"
    assert {fact["kind"] for fact in shown["money"]["facts"]} == {"paid", "received", "matched", "credited"}
    history = [command for command, _, allowed in await gateway.history(number) if allowed]
    relation = [command for command in history if command != "money_changed"]
    steps = ["apply", "accept", "begin_outbound", "take_sheet", "route_sheet", "complete", "relation_ended", "closed"]
    assert relation == [*steps, "benefits_decided"]
    assert history.count("money_changed") == 5
    assert await gateway.quarantined() == []


async def test_the_routed_sheet_verifies_by_the_registry_alone(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.issue(number)
    messages = await gateway.sent(number)
    accepted, routed = messages[2:]
    assert (accepted[0], routed[0]) == ("outbound.370100", "inbound.510100")
    assert isinstance(accepted[1], SheetAccepted)
    assert isinstance(routed[1], SheetRouted)
    assert routed[1].inbound_due_on.isoformat() == "2026-03-09"
    sheet = await gateway.call("GET", f"/transfers/{number}/sheets/1", CHANNEL)
    arrival = await gateway.call("GET", f"/transfers/{number}/sheets/1/arrival", CHANNEL)
    assert (sheet.text, arrival.text) == (routed[1].sealed_sheet, routed[1].arrival)
    snapshot = await gateway.call("GET", "/registry", OPERATOR)
    registry = Registry(open_snapshot(snapshot.text, gateway.keys.root.public_key))
    opened = open_arrived_sheet(sheet.text, arrival.text, registry.keys)
    assert opened.opened.sheet.rlts_traf_id == number
    assert (await gateway.call("GET", f"/transfers/{number}/sheets/2", CHANNEL)).status_code == 404


async def test_a_returned_sheet_moves_the_clocks_and_version_2_goes_through(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.issue(number)
    gateway.clock.advance(days=1)
    await gateway.receive((INBOUND, number, returned(gateway)))
    recipient, event = (await gateway.sent(number))[-1]
    assert recipient == "outbound.370100"
    assert isinstance(event, SheetReturned)
    assert event.outbound_due_on == date(2026, 3, 17)
    assert (await gateway.shown(number))["state"] == "returned"
    withdrawal = await gateway.call("POST", f"/transfers/{number}/withdrawal", CHANNEL, json={"reason": "不转了"})
    assert withdrawal.status_code == 409
    await gateway.receipted(number)
    await begin_outbound(gateway.process)
    assert (await gateway.shown(number))["state"] == "outbound_processing"
    await gateway.issue(number, 2, amount=100)
    await gateway.receive((INBOUND, number, completed(gateway, 2)))
    shown = await gateway.shown(number)
    assert shown["state"] == "completed"
    assert [(each["sheet_version"], each["obligation_no"]) for each in shown["sheets"]] == [(1, "1"), (2, "2")]
    changed = (await gateway.call("GET", f"/transfers/{number}/sheets/2/changes", agency("370100"))).json()
    amount = {"row": None, "box": "acctfund_traf_amt", "before": "1234.56", "after": "1.00"}
    assert (changed["compared_with"], amount in changed["changes"]) == (1, True)
    first = (await gateway.call("GET", f"/transfers/{number}/sheets/1/changes", agency("370100"))).json()
    assert (first["compared_with"], first["changes"]) == (None, [])
    clocks = [(clock["kind"], clock["sheet_version"], clock["stopped_at"] is None) for clock in shown["clocks"]]
    assert clocks == [
        ("outbound", 0, False),
        ("total", 0, False),
        ("inbound", 1, False),
        ("outbound", 1, False),
        ("payment", 1, False),
        ("inbound", 2, False),
        ("payment", 2, True),
    ]


async def test_money_before_the_sheet_counts_when_the_sheet_comes(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.receive((PAYEE, number, received(suspense_code="no-sheet")))
    assert (await gateway.shown(number))["money_state"] == "unknown"
    await gateway.issue(number)
    await gateway.receive((PAYEE, number, matched(gateway)))
    assert (await gateway.shown(number))["money_state"] == "matched"


async def test_money_off_by_one_fen_stays_mismatched(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.issue(number)
    await gateway.receive((INBOUND, number, completed(gateway)))
    await gateway.receive((PAYER, number, paid(AMOUNT - 1)))
    await gateway.receive((PAYEE, number, received(AMOUNT - 1, "amount-differs")))
    assert await states(gateway, number) == ("completed", "mismatched", False)


@pytest.mark.parametrize("without", [Side.OUTBOUND, Side.INBOUND])
async def test_without_a_transfer_of_money_the_case_closes(gateway: Gateway, without: Side) -> None:
    gateway.agencies.without_account.add((without, "李雷"))
    number = await gateway.accepted()
    await gateway.issue(number, amount=0)
    await gateway.receive((INBOUND, number, completed(gateway)))
    if without is Side.OUTBOUND:
        assert await states(gateway, number) == ("completed", "none", True)
        return
    assert await states(gateway, number) == ("completed", "awaiting_payment", False)
    settled = BalanceSettledOtherwise(
        acct_disposition=AcctDisposition.REFUNDED_TO_PERSON, amount=AMOUNT, settled_on=DAY, reason="退还本人"
    )
    await gateway.receive((OUTBOUND, number, settled))
    assert await states(gateway, number) == ("completed", "settled_otherwise", True)


async def test_the_same_message_again_changes_nothing(gateway: Gateway) -> None:
    number = await gateway.accepted()
    record = gateway.record(*await gateway.issued(number))
    intake = gateway.process.exchange.consumer._intake
    for _ in range(2):
        await intake.take([record])
    assert len((await gateway.shown(number))["sheets"]) == 1
    assert len(await gateway.sent(number)) == 4


@pytest.mark.parametrize(
    ("sender", "event", "reason"),
    [
        (Party(Role.OUTBOUND, QINGDAO), RelationEnded(ended_on=DAY), "sender-not-a-party"),
        (Party(Role.LEDGER, QINGDAO), paid(), "sender-not-a-party"),
    ],
)
async def test_a_stranger_speaks_about_no_case(gateway: Gateway, sender: Party, event: Event, reason: str) -> None:
    number = await gateway.accepted()
    await gateway.receive((sender, number, event))
    assert await gateway.quarantined() == [reason]


async def test_a_message_about_an_unknown_case_is_quarantined_and_others_go_on(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.receive((PAYER, "ZZZZZZZZZZZZZZZZ", paid()), (PAYER, number, paid()))
    assert await gateway.quarantined() == ["case-unknown"]
    assert len((await gateway.shown(number))["money"]["facts"]) == 1


async def test_a_completion_that_the_state_does_not_allow_is_kept_as_a_trace(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.receive((INBOUND, number, completed(gateway)))
    await gateway.receive((INBOUND, number, returned(gateway)))
    assert (await gateway.history(number))[-2:] == [
        ("complete", "accepted", False),
        ("return_sheet", "accepted", False),
    ]
    assert await gateway.quarantined() == []


async def test_a_set_of_cases_is_applied_together(gateway: Gateway) -> None:
    numbers = [await gateway.accepted(), await gateway.accepted(person=HAN_MEI)]
    await gateway.receive(*[await gateway.issued(number) for number in numbers])
    gateway.clock.advance(seconds=1)
    await gateway.receive(*[(INBOUND, number, completed(gateway)) for number in numbers])
    assert [(await gateway.shown(number))["state"] for number in numbers] == ["completed", "completed"]


async def test_both_sides_read_each_step_in_their_feed(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.issue(number)
    rows = await gateway.rows("SELECT admdvs, type FROM feed ORDER BY feed_id")
    for admdvs in (JINAN, CHENGDU):
        types = [row["type"] for row in rows if row["admdvs"] == admdvs]
        assert types[:3] == ["case.accept", "case.take_sheet", "case.take_sheet"]
        assert "case.route_sheet" in types
    assert not [row for row in rows if row["admdvs"] not in (JINAN, CHENGDU)]
    assert (await gateway.call("GET", "/events?after=0", agency(JINAN))).status_code == 200


async def test_a_late_inbound_shows_on_its_clock_and_the_total(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.issue(number)
    gateway.clock.advance(seconds=timedelta(days=30).total_seconds())
    shown = await gateway.shown(number)
    late = {clock["kind"] for clock in shown["clocks"] if clock["is_overdue"]}
    assert late == {"inbound", "total", "payment"}
    assert shown["state"] == "inbound_processing"
