"""平台对账: what one side's books told as paid against what the other's told as received, on any day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from shared.contracts.events import BalanceMatched, BalancePaid, BalanceReceived, BalanceReturned, Event
from shared.contracts.party import Party, Role
from tests.courses import a_person
from tests.integration.platform_gateway.figures_shown import roll_up_all
from tests.integration.platform_gateway.gateway import BEIJING, CHENGDU, JINAN, Gateway

_PAYER, _PAYEE = Party(Role.LEDGER, JINAN), Party(Role.LEDGER, CHENGDU)
_WATCHER = {"sub": "watcher", "scope": "oversight:read", "oversight": "370000"}


def _paid(day: int, fen: int) -> tuple[Party, Event]:
    return _PAYER, BalancePaid(obligation_no="1", amount=fen, booked_on=date(2026, 2, day), end_to_end_id="X-1")


def _returned(day: int, fen: int) -> tuple[Party, Event]:
    return _PAYER, BalanceReturned(obligation_no="1", amount=fen, booked_on=date(2026, 2, day), reason="账号不符")


def _received(day: int, fen: int, code: str | None = None) -> tuple[Party, Event]:
    return _PAYEE, BalanceReceived(amount=fen, booked_on=date(2026, 2, day), receipt_no=f"R{day}", suspense_code=code)


def _matched(day: int, fen: int) -> tuple[Party, Event]:
    at = datetime(2026, 2, day, 2, tzinfo=UTC)
    return _PAYEE, BalanceMatched(obligation_no="1", amount=fen, receipt_no=f"R{day}", matched_at=at)


_COURSES = {
    "level": [_paid(20, 10000), _received(21, 10000), _matched(21, 10000)],
    "under way": [_paid(20, 20000)],
    "not told as paid": [_received(24, 30000, "awaiting_sheet")],
    "came back from the bank": [_paid(10, 5000), _returned(25, 5000)],
    "sent back unmatched": [_paid(10, 7000), _received(11, 7000, "amount_differs"), _returned(26, 7000)],
    "more under way": [_matched(2, 4000), _paid(1, 4000), _paid(27, 6000)],
    "paid twice, given back": [
        _paid(3, 1000),
        _received(4, 1000),
        _matched(4, 1000),
        _received(5, 1000, "already_settled"),
        _received(5, 0, "cleared"),
    ],
    "was for another case": [_received(15, 9000, "amount_differs"), _received(15, 0, "assigned_elsewhere")],
}


@pytest.mark.law("S53-2")
async def test_pairs_of_areas_are_reconciled_with_what_is_under_way_and_its_age(gateway: Gateway) -> None:
    numbers = {}
    for place, (name, course) in enumerate(_COURSES.items()):
        somebody = a_person(place)
        person = {"psn_name": somebody.psn_name, "psn_cert_type": "01", "certno": somebody.certno}
        numbers[name] = await gateway.accepted(person=person)
        for sender, event in course:
            await gateway.receive((sender, numbers[name], event))
    await roll_up_all(gateway)

    [month] = await _pairs(gateway, "month=202602")
    moved = {name: month[name] for name in ("opening", "paid", "returned", "received", "sent_back", "closing")}
    assert moved == {
        "opening": "0.00",
        "paid": "530.00",
        "returned": "120.00",
        "received": "520.00",
        "sent_back": "70.00",
        "closing": "-40.00",
    }
    assert (month["payments"], month["receipts"]) == (7, 5)
    assert (month["in_transit"]["cases"], month["in_transit"]["amount"]) == (2, "260.00")
    assert (month["unpaid_receipts"]["amount"], month["unpaid_receipts"]["oldest_on"]) == ("300.00", "2026-02-24")

    [day] = await _pairs(gateway, f"day=2026-02-22&trafout_admdvs={JINAN}&trafin_admdvs={CHENGDU}")
    assert (day["opening"], day["paid"], day["closing"], day["unpaid_receipts"]["cases"]) == (
        "250.00",
        "0.00",
        "250.00",
        0,
    )
    aged = {each["code"]: each["amount"] for each in day["in_transit"]["ages"] if each["cases"]}
    assert (aged, day["in_transit"]["oldest_on"]) == ({"d0_3": "200.00", "d8_15": "50.00"}, "2026-02-10")

    answer = await gateway.call("GET", "/reconciliations/platform/cases?month=202602&is_in_transit=false", _WATCHER)
    shown = {item["rlts_traf_id"]: (item["amount"], item["since"], item["age"]) for item in answer.json()["items"]}
    assert shown == {
        numbers["under way"]: ("200.00", "2026-02-20", "d8_15"),
        numbers["more under way"]: ("60.00", "2026-02-27", "d0_3"),
        numbers["not told as paid"]: ("300.00", "2026-02-24", "d4_7"),
    }
    held = await gateway.rows("SELECT rlts_traf_id FROM transit_span WHERE ends_on IS NULL")
    assert {row["rlts_traf_id"] for row in held} == set(shown)

    csv = await gateway.call("GET", "/reconciliations/platform?month=202602&format=csv", _WATCHER)
    assert csv.text.splitlines()[1].startswith(f"{JINAN},{CHENGDU},2026-02-01,2026-02-28,0.00,530.00,7,120.00")
    assert await _pairs(gateway, "month=202602", _WATCHER | {"oversight": BEIJING}) == []
    both = await gateway.call("GET", "/reconciliations/platform?month=202602&day=2026-02-01", _WATCHER)
    assert both.status_code == 422


async def _pairs(gateway: Gateway, query: str, caller: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    answer = await gateway.call("GET", f"/reconciliations/platform?{query}", caller or _WATCHER)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items
