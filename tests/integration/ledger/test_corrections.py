"""Matches that were wrong: exchanged or undone by two people, and the books as they were on every day."""

import pytest
from sqlalchemy import text

from shared.contracts.events import BalanceMatched
from tests.integration.ledger.areas import BEIJING_OUT, JINAN, JINAN_IN
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.by_hand import adds_up, decide, lines, match, propose_at, seen_line
from tests.integration.ledger.seen import told_and_reported
from tests.unit.ledger.files import Move, camt

pytestmark = pytest.mark.law("N9-2", "S53-2")


async def test_wrong_matches_of_two_people_are_exchanged_by_two_people(bank: Bank) -> None:
    one, other = bank.case(), bank.case()
    await bank.payable(one, 100, to="payee")
    await bank.payable(other, 100, to="payee", name="李四")
    first, second = await lines(
        bank, camt(JINAN_IN, [Move(100, f"{one} 张三", BEIJING_OUT), Move(100, "", BEIJING_OUT)])
    )
    await match(bank, second, (other, "1", "1.00"))
    told = len(await bank.sent(BalanceMatched, to="platform"))
    bank.clock.advance(days=2)
    path = f"/statement-lines/{first}/correction"
    bare = await propose_at(bank, path, 1, ())
    assert (bare.status_code, bare.json()["errors"][0]["code"]) == (409, "left-uncovered")
    shares = ((other, "1", "1.00"), (one, "1", "1.00", second))
    with_it = await seen_line(bank, second)
    stale = await propose_at(bank, path, 1, shares, other_lines=[with_it | {"version": with_it["version"] + 1}])
    assert (stale.status_code, stale.json()["errors"][0]["pointer"]) == (412, "/other_lines/0/version")
    corrected = await decide(bank, await propose_at(bank, path, 1, shares, other_lines=[with_it]))
    assert corrected.status_code == 200, corrected.text
    assert [part["action"] for part in corrected.json()["parts"]] == ["undo", "undo", "claim", "claim"]
    assert [(await bank.obligations(case))[0]["state"] for case in (one, other)] == ["matched"] * 2
    # The platform hears which receipts stand now, the inbound nothing: the persons have what was due.
    words = [(one["receipt_no"], one["amount"]) for one in (await bank.sent(BalanceMatched, to="platform"))[told:]]
    assert sorted(words) == sorted([(first, "0.00"), (first, "1.00"), (second, "0.00"), (second, "1.00")])
    assert len(await bank.sent(BalanceMatched, to=f"inbound.{JINAN}")) == 2
    assert [await told_and_reported(bank, case) for case in (one, other)] == [(100, 100), (100, 100)]
    assert (await bank.balance("transfer_income"), await bank.reasons()) == ("2.00", [])
    for day in range(3):
        assert (await bank.get(f"/reconciliations/{JINAN}/2026-03-0{2 + day}"))["adds_up"], day
    async with bank.database.connection() as connection:
        query = "SELECT count(*) FROM posting p JOIN posting o ON o.id = p.reverses WHERE p.reason = '已与付款单位核实'"
        assert await connection.scalar(text(query)) == 2
    assert await bank.count("claim WHERE undone_on IS NULL") == 2


async def test_a_share_that_nobody_was_told_of_is_undone_alone(bank: Bank) -> None:
    case, other, named = bank.case(), bank.case(), bank.case()
    await bank.payable(case, 300, to="payee")
    await bank.payable(other, 100, to="payee")
    await bank.payable(named, 500, to="payee")
    [line] = await lines(bank, camt(JINAN_IN, [Move(100, f"{named} 张三", BEIJING_OUT)]))
    await match(bank, line, (case, "1", "1.00"))
    assert await told_and_reported(bank, named) == (0, 0)
    bank.clock.advance(days=1)
    item = await bank.get(f"/suspense/{line}")
    undone = await decide(bank, await propose_at(bank, f"/statement-lines/{line}/correction", item["version"], ()))
    assert undone.status_code == 200, undone.text
    assert await bank.reasons() == ["match_undone"]
    # What its note names hears that it waits once more.
    assert await told_and_reported(bank, named) == (100, 100)
    assert await bank.balance("temporary_receipts") == "1.00"
    await adds_up(bank)
    await match(bank, line, (other, "1", "1.00"))
    assert [await told_and_reported(bank, one) for one in (case, other, named)] == [(0, 0), (100, 100), (0, 0)]
    assert [(await bank.obligations(one))[0]["state"] for one in (case, other)] == ["open", "matched"]
    await adds_up(bank)
