"""camt.054 announces; camt.053 books, once, with what was announced."""

from datetime import date

from sqlalchemy import text

from tests.integration.ledger.areas import BEIJING_OUT, JINAN_IN, JINAN_OUT
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.restating import correct
from tests.unit.ledger.files import DAY, Move, batch, camt, camt054, ccb, entry


async def test_notified_batch_is_booked_once_in_parts_when_the_statement_comes(bank: Bank) -> None:
    cases = [bank.case(), bank.case()]
    for case, fen in zip(cases, (100, 250), strict=True):
        await bank.payable(case, fen)
    moves = [
        Move(fen, f"{case} 张三", BEIJING_OUT, e2e=f"{case}-1") for case, fen in zip(cases, (100, 250), strict=True)
    ]
    notified = await bank.book(camt054(JINAN_IN, batch(moves, "B77")))
    assert notified["statements"] == []
    assert (notified["notices"]["line_count"], notified["notices"]["credit_total"]) == (2, "3.50")
    assert (await bank.balance("income_deposit"), await bank.reasons()) == ("0.00", [])
    made_anew = camt054(JINAN_IN, batch(moves, "B77")).replace(b"T12:00:00", b"T12:30:00")
    again = await bank.book(made_anew)
    assert again["id"] == notified["id"]
    restated = await bank.upload(camt054(JINAN_IN, batch(moves[:1], "B77")))
    assert restated.status_code == 409
    assert restated.json()["type"].endswith("/notice-restated")

    bare = batch(moves, "B77", is_told=False)
    stated = await bank.book(camt(JINAN_IN, [Move(350)], entries=bare))
    assert {(one["outcome"], one["line_count"]) for one in stated["outcomes"]} == {("receipt", 2)}
    assert await bank.balance("income_deposit") == "3.50"
    # Told again with a later line, the entry says no more than before.
    evening = camt(JINAN_IN, [Move(357)], entries=bare + entry(Move(7, "结息", ref="R7")))
    taken = await bank.upload(evening, params={"is_supplement": True})
    assert taken.status_code == 202, taken.text
    assert [(one["line_count"], one["opening_balance"]) for one in taken.json()["statements"]] == [(1, "3.50")]
    page = await bank.get(f"/notices?is_confirmed=true&file_id={notified['id']}")
    assert [notice["amount"] for notice in page["items"]] == ["2.50", "1.00"]
    assert (await bank.get("/alerts"))["items"] == []


async def test_notification_after_the_statement_is_confirmed_at_once(bank: Bank) -> None:
    move = Move(100, "款", BEIJING_OUT, e2e="E1")
    await bank.book(camt(JINAN_IN, [move]))
    taken = await bank.upload(camt054(JINAN_IN, entry(move)), params={"is_supplement": True})
    assert (taken.status_code, taken.json()["notices"]["confirmed_count"]) == (202, 1)
    assert await bank.balance("income_deposit") == "1.00"


async def test_notified_money_that_the_statement_lacks_is_one_alert_until_a_further_part_shows_it(bank: Bank) -> None:
    await bank.book(camt054(JINAN_IN, entry(Move(700, ref="X1")) + entry(Move(40, ref="X4"))))
    await bank.book(camt(JINAN_IN, [Move(100, ref="X2")]))
    [alert] = (await bank.get("/alerts?is_open=true"))["items"]
    assert (alert["kind"], alert["data"]["amount"]) == ("notice_unconfirmed", "7.40")
    stated = [Move(100, ref="X2")]
    # What it shows is what is still missing.
    for further, missing in ((Move(5, ref="X3"), "7.40"), (Move(700, ref="X1"), "0.40"), (Move(40, ref="X4"), "0.40")):
        stated.append(further)
        taken = await bank.upload(camt(JINAN_IN, stated), params={"is_supplement": True})
        assert taken.status_code == 202, taken.text
        [seen] = (await bank.get("/alerts"))["items"]
        assert (seen["id"], seen["data"]["amount"]) == (alert["id"], missing)
    assert seen["settled_by"] == "system"
    async with bank.database.connection() as connection:
        told = await connection.scalars(text("SELECT type FROM feed WHERE type LIKE 'Alert%' ORDER BY feed_id"))
        assert told.all() == ["AlertRaised", "AlertChanged"]


async def test_a_corrected_statement_leaves_what_was_notified_and_misses_what_it_takes_out(bank: Bank) -> None:
    bank.clock.advance(days=1)
    moves = [Move(100, "款", BEIJING_OUT, e2e="E1"), Move(250, "款", BEIJING_OUT, e2e="E2")]
    fee, more = entry(Move(-5, "手续费", ref="F")), entry(Move(-6, "手续费", ref="F"))
    await bank.book(camt054(JINAN_IN, batch(moves, "B77")))
    bare = batch(moves, "B77", is_told=False)
    await bank.book(camt(JINAN_IN, [], entries=bare + fee, closing=345))
    taken = await correct(bank, camt(JINAN_IN, [], entries=bare + more, closing=344))
    assert ([one["amount"] for one in taken["gone"]], [one["amount"] for one in taken["added"]]) == (["0.05"], ["0.06"])
    made_anew = camt(JINAN_IN, [], entries=bare + more, closing=344).replace(b"T18:00:00", b"T19:00:00")
    assert (await bank.book(made_anew))["id"] == taken["statement_id"]
    taken = await correct(bank, camt(JINAN_IN, [], entries=more, closing=-6))
    assert [one["amount"] for one in taken["gone"]] == ["1.00", "2.50"]
    made_anew = camt(JINAN_IN, [], entries=more, closing=-6).replace(b"T18:00:00", b"T19:00:00")
    assert (await bank.book(made_anew))["id"] == taken["statement_id"]
    [alert] = (await bank.get("/alerts?is_open=true"))["items"]
    assert (alert["kind"], alert["data"]["amount"]) == ("notice_unconfirmed", "3.50")
    # It comes the next day, with what was notified of it.
    next_day = DAY.replace(day=3)
    entries = bare.replace(str(DAY), str(next_day))
    stated = await bank.book(camt(JINAN_IN, [], entries=entries, opening=-6, closing=344, day=next_day))
    assert [one["line_count"] for one in stated["outcomes"]] == [2]
    assert (await bank.get("/alerts?is_open=true"))["items"] == []
    assert await bank.balance("income_deposit") == "3.44"


async def test_of_notified_twins_the_one_that_the_statement_lacks_stays_open(bank: Bank) -> None:
    twin = Move(100, "款", BEIJING_OUT, e2e="E1")
    await bank.book(camt054(JINAN_IN, entry(twin) * 2))
    await bank.book(camt(JINAN_IN, [twin]))
    [alert] = (await bank.get("/alerts?is_open=true"))["items"]
    assert (alert["kind"], alert["data"]["amount"]) == ("notice_unconfirmed", "1.00")
    assert [one["is_confirmed"] for one in (await bank.get("/notices"))["items"]] == [False, True]
    await bank.upload(camt(JINAN_IN, [twin, twin]), params={"is_supplement": True})
    assert (await bank.get("/alerts?is_open=true"))["items"] == []


async def test_notification_of_a_foreign_account_is_refused_whole(bank: Bank) -> None:
    refused = await bank.upload(camt054(BEIJING_OUT, entry(Move(1))))
    assert refused.status_code == 422
    assert refused.json()["type"].endswith("/statement-account-not-ours")
    assert await bank.count("notice_line") == 0


async def test_gap_between_statements_is_an_alert_until_the_missing_one_comes(bank: Bank) -> None:
    bank.clock.advance(days=2)
    first, second, third = (date(2026, 3, day) for day in (2, 3, 4))
    await bank.book(camt(JINAN_IN, [Move(100)], day=first, statement_no="1"))
    moves = [Move(1, on=third)]
    report = await bank.book(camt(JINAN_IN, moves, day=third, statement_no="3", opening=140))
    assert report["statements"][0]["gap_before"] == "0.40"
    [alert] = (await bank.get("/alerts?kind=statement_gap&is_open=true"))["items"]
    assert (alert["data"]["difference"], alert["data"]["bankacct"]) == ("0.40", JINAN_IN)
    await bank.book(camt(JINAN_IN, [Move(40, on=second)], day=second, statement_no="2", opening=100))
    [settled] = (await bank.get("/alerts"))["items"]
    assert (settled["settled_by"], settled["version"]) == ("system", 2)
    stale = await bank.call(
        "PUT", f"/alerts/{settled['id']}/settlement", json={"reason": "已核对"}, headers={"If-Match": '"2"'}
    )
    assert stale.status_code == 409


async def test_a_missing_day_that_nets_to_nothing_shows_by_the_banks_own_count(bank: Bank) -> None:
    bank.clock.advance(days=3)
    days = [DAY, DAY.replace(day=3), DAY.replace(day=4), DAY.replace(day=5)]
    moves = [[Move(100)], [Move(40, "来", on=days[1]), Move(-40, "往", on=days[1])], [Move(1, on=days[2])]]
    files = [_numbered(camt(JINAN_IN, moves[n], day=days[n], opening=0 if n == 0 else 100), n + 251) for n in range(3)]
    await bank.book(files[0])
    report = await bank.book(files[2])
    assert report["statements"][0]["gap_before"] == "0.00"
    [alert] = (await bank.get("/alerts?kind=statement_gap&is_open=true"))["items"]
    told = [alert["data"][name] for name in ("difference", "previous_sequence_no", "sequence_no", "missing_count")]
    assert told == ["0.00", 251, 253, 1]
    await bank.book(files[1])
    # Days count as told however they came: by an export without numbers, which went on with another day.
    noon, later = (Move(5, "款", BEIJING_OUT, ref=f"A{day}", on=day) for day in days[1:3])
    await bank.book(_numbered(camt(JINAN_OUT, [Move(100)]), 251))
    await bank.book(ccb(JINAN_OUT, [noon], opening=100))
    more = await bank.upload(ccb(JINAN_OUT, [noon, later], opening=100), params={"is_supplement": True})
    assert more.status_code == 202, more.text
    await bank.book(_numbered(camt(JINAN_OUT, [Move(1, on=days[3])], day=days[3], opening=110), 254))
    assert (await bank.get("/alerts?is_open=true"))["items"] == []


def _numbered(content: bytes, number: int) -> bytes:
    return content.replace(b"<Id>S1</Id>", f"<Id>S1</Id><ElctrncSeqNb>{number}</ElctrncSeqNb>".encode())


async def test_clerk_settles_an_alert_with_a_reason(bank: Bank) -> None:
    bank.clock.advance(days=2)
    await bank.book(camt(JINAN_IN, [Move(100)], statement_no="1"))
    day = DAY.replace(day=3)
    await bank.book(camt(JINAN_IN, [Move(1, on=day)], day=day, statement_no="2", opening=99))
    [alert] = (await bank.get("/alerts"))["items"]
    path = f"/alerts/{alert['id']}/settlement"
    stale = await bank.call("PUT", path, json={"reason": "银行更正"}, headers={"If-Match": '"7"'})
    done = await bank.call("PUT", path, json={"reason": "银行更正"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, done.status_code, done.json()["settled_by"]) == (412, 200, "zhang")
    held_nothing = await bank.call(
        "POST", f"/alerts/{alert['id']}/release", json={"reason": "银行更正"}, headers={"If-Match": '"2"'}
    )
    assert held_nothing.json()["type"].endswith("/alert-already-settled")
    # What somebody has looked at is not asked again by every file that follows.
    later = DAY.replace(day=4)
    await bank.book(camt(JINAN_IN, [Move(1, on=later)], day=later, statement_no="3", opening=100))
    assert (await bank.get("/alerts?is_open=true"))["items"] == []


async def test_line_paid_in_a_foreign_currency_waits_however_well_it_agrees(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    foreign = b"</Sts><AmtDtls><InstdAmt><Amt Ccy='USD'>0.14</Amt></InstdAmt></AmtDtls>"
    content = camt(JINAN_IN, [Move(100, f"{case} 张三", BEIJING_OUT)])
    await bank.book(content.replace(b"</Sts>", foreign))
    assert await bank.reasons() == ["foreign_currency"]
    assert await bank.balance("income_deposit") == "1.00"


async def test_future_dated_statement_is_refused_whole(bank: Bank) -> None:
    day = date(2027, 1, 4)
    refused = await bank.upload(camt(JINAN_OUT, [Move(1, on=day)], day=day))
    assert refused.status_code == 422
    assert refused.json()["type"].endswith("/statement-future-dated")
    assert await bank.count("statement") == 0
