"""Closing a month: the checklist, what no longer gets in, and how it is opened again."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.domain.periods import first_day_of, last_day_of
from ledger.use_cases.draw_vouchers import draw_daily_vouchers
from shared.contracts.events import BalanceCredited
from shared.months import month_at, month_index, month_of
from tests.integration.ledger.areas import BEIJING, BEIJING_OUT, JINAN, JINAN_IN
from tests.integration.ledger.bank import Bank
from tests.unit.ledger.files import Move, camt

pytestmark = pytest.mark.law("S53-2")


def _last_month(bank: Bank) -> str:
    return month_at(month_index(month_of(bank.clock.now().date())) - 1)


async def _book(bank: Bank, day: date, moves: list[Move], number: str, opening: int = 0) -> None:
    await bank.book(camt(JINAN_IN, moves, opening=opening, day=day, statement_no=number))


async def _step(bank: Bank, period: str, step: str, body: dict[str, Any], clerk: str = "li") -> httpx.Response:
    tag = (await bank.call("GET", f"/periods/{period}")).headers["ETag"]
    return await bank.call("POST", f"/periods/{period}/{step}", clerk=clerk, json=body, headers={"If-Match": tag})


async def test_a_month_is_closed_once_everything_open_was_seen(bank: Bank) -> None:
    period = _last_month(bank)
    last = last_day_of(period)
    await _book(bank, last, [Move(100, "无附言", BEIJING_OUT, on=last)], "1")
    shown = await bank.get(f"/periods/{period}")
    open_points = {item["code"]: (item["count"], item["amount"]) for item in shown["checklist"] if item["count"]}
    assert open_points["open_suspense"] == (1, "1.00")
    unseen = await _step(bank, period, "close", {})
    assert (unseen.status_code, unseen.json()["type"].rpartition("/")[2]) == (422, "checklist-not-seen")
    assert {error["code"] for error in unseen.json()["errors"]} == set(open_points)
    closed = await _step(bank, period, "close", {"seen": sorted(open_points)})
    assert (closed.status_code, closed.json()["is_closed"]) == (200, True)
    [event] = closed.json()["history"]
    assert {point["code"]: (point["count"], point["amount"]) for point in event["seen"]} == open_points
    again = await _step(bank, period, "close", {"seen": sorted(open_points)})
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "period-not-closable")


async def test_the_checklist_tells_the_age_of_what_waits_and_what_the_core_has_otherwise(bank: Bank) -> None:
    period = _last_month(bank)
    last, early = last_day_of(period), first_day_of(period)
    await _book(bank, early, [Move(100, "无附言", BEIJING_OUT, on=early)], "1")
    await _book(bank, last, [Move(200, "无附言", BEIJING_OUT, on=last)], "2", opening=100)
    credited, matched = bank.case(), bank.case()
    for case in (credited, matched):
        await bank.payable(case, 300, to="payee")
    told = BalanceCredited(obligation_no="1", amount=300, credited_on=last, core_ref="C-1")
    await bank.receive(told, credited, f"inbound.{JINAN}", f"ledger.{JINAN}")
    shown = await bank.get(f"/periods/{period}")
    points = {item["code"]: item for item in shown["checklist"]}
    aged = {age["code"]: age["amount"] for age in points["open_suspense"]["ages"] if age["count"]}
    assert aged == {"d0_3": "2.00", "d16_30": "1.00"}
    # Nothing was matched with it, and the core says that it credited it.
    assert (points["core_entries_differ"]["count"], points["core_entries_differ"]["amount"]) == (1, "3.00")
    # Money leaves from an account of which no statement was ever brought.
    paid = bank.case()
    await bank.get("/bank-accounts", area=BEIJING)
    await bank.payable(paid, 300, to="payer")
    await bank.release(paid)
    periods = (period, month_of(bank.clock.now().date()))
    lists = [(await bank.get(f"/periods/{each}", area=BEIJING))["checklist"] for each in periods]
    missing = [one["count"] for each in lists for one in each if one["code"] == "statements_missing"]
    assert missing == [0, 1]


async def test_the_checklist_counts_what_nobody_classed_funded_or_answered(bank: Bank) -> None:
    await bank.get("/bank-accounts", area=BEIJING)
    body = {"hif_acct_type": "2", "use": "shared", "needs_funds": True}
    needs = await bank.call("PUT", f"/bank-accounts/{BEIJING_OUT}", area=BEIJING, json=body, headers={"If-Match": "*"})
    assert needs.status_code == 200
    case, period, day = bank.case(), month_of(bank.clock.now().date()), bank.clock.now().date()
    await bank.payable(case, 300)
    await _book(bank, day, [Move(300, f"{case} 张三", BEIJING_OUT), Move(70, "无附言", "999")], "1")
    points = {
        (area, item["code"]): (item["count"], item["amount"])
        for area in (JINAN, BEIJING)
        for item in (await bank.get(f"/periods/{period}", area=area))["checklist"]
    }
    assert points[JINAN, "unclassified_lines"] == (1, "0.70")
    # The match was told to the platform and the inbound, and neither has said that it came.
    assert points[JINAN, "messages_without_receipt"][0] == await bank.count("outbox") > 0
    assert points[BEIJING, "unfunded_orders"] == (1, "3.00")
    assert points[JINAN, "core_entries_differ"] == (1, "3.00")


@pytest.mark.parametrize("offset", [1, 0, -2])
async def test_only_the_next_month_that_is_over_can_be_closed(bank: Bank, offset: int) -> None:
    period = _last_month(bank)
    day = first_day_of(period)
    await _book(bank, day, [Move(100, "无附言", on=day)], "1")
    other = month_at(month_index(period) + offset + (0 if offset < 0 else 1))
    answer = await _step(bank, other, "close", {})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "period-not-closable")


async def test_nothing_gets_into_a_closed_month_and_late_matches_stand_on_their_own_day(bank: Bank) -> None:
    period, case = _last_month(bank), bank.case()
    last = last_day_of(period)
    await _book(bank, last, [Move(5000, f"{case} 张三", BEIJING_OUT, on=last)], "2")
    await _close(bank, period)

    earlier = last - timedelta(days=1)
    refused = await bank.upload(camt(JINAN_IN, [Move(7, "无", on=earlier)], day=earlier, statement_no="1"))
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "period-closed")
    with pytest.raises(DBAPIError, match="closed"):
        async with bank.database.transaction() as connection:
            await connection.execute(
                text(
                    "INSERT INTO posting (admdvs, fund, debit_account, credit_account, amount_fen, booking_date,"
                    " effective_date, cause, cause_id, recorded_at) SELECT admdvs, fund, debit_account, credit_account,"
                    " amount_fen, booking_date, effective_date, cause, -1, recorded_at FROM posting LIMIT 1"
                )
            )

    # The sheet comes after the month was closed: the match is today's, and the closed month stays as it was.
    await bank.payable(case, 5000)
    assert await bank.balance("transfer_income") == "50.00"
    assert await bank.balance("transfer_income", at=last) == "0.00"
    assert await bank.balance("temporary_receipts", at=last) == "50.00"
    assert (await bank.get(f"/reconciliations/{JINAN}/{last}"))["adds_up"]


async def test_another_person_reopens_the_last_closed_month_with_a_reason(bank: Bank) -> None:
    period = _last_month(bank)
    last = last_day_of(period)
    await _book(bank, last, [Move(100, "无附言", on=last)], "2")
    await _close(bank, period)
    reason = {"reason": "补记一份对账单"}
    same = await _step(bank, period, "reopening", reason, "li")
    assert (same.status_code, same.json()["type"].rpartition("/")[2]) == (403, "second-person-needed")
    assert (await _step(bank, period, "reopening", {}, "wang")).status_code == 422
    before = await _step(bank, month_at(month_index(period) - 1), "reopening", reason, "wang")
    assert (before.status_code, before.json()["type"].rpartition("/")[2]) == (409, "period-not-reopenable")
    opened = await _step(bank, period, "reopening", reason, "wang")
    assert (opened.status_code, opened.json()["is_closed"]) == (200, False)
    assert [event["what"] for event in opened.json()["history"]] == ["closed", "reopened"]
    earlier = last - timedelta(days=1)
    await _book(bank, earlier, [Move(-30, "无附言", on=earlier)], "1", opening=30)


async def test_who_closed_a_month_does_not_open_it_after_another_closed_the_next(bank: Bank) -> None:
    period = _last_month(bank)
    before = month_at(month_index(period) - 1)
    for number, month in enumerate((before, period), 1):
        day = last_day_of(month)
        await _book(bank, day, [Move(100, "无附言", on=day)], str(number), opening=100 * (number - 1))
    await _close(bank, before, "li")
    await _close(bank, period, "wang")
    reason = {"reason": "补记一份对账单"}
    assert (await _step(bank, period, "reopening", reason, "li")).status_code == 200
    same = await _step(bank, before, "reopening", reason, "li")
    assert (same.status_code, same.json()["type"].rpartition("/")[2]) == (403, "second-person-needed")
    assert (await _step(bank, before, "reopening", reason, "wang")).status_code == 200


async def test_every_posting_stands_in_exactly_one_voucher(bank: Bank) -> None:
    day, case = bank.clock.now().date(), bank.case()
    await _book(bank, day, [Move(5000, f"{case} 张三", BEIJING_OUT), Move(100, "无"), Move(200, "无")], "1")
    await _draw(bank)
    await _draw(bank)
    [first] = (await bank.get(f"/vouchers?date={day}"))["items"]
    assert [(line["amount"], line["posting_count"]) for line in first["lines"]] == [("53.00", 3)]

    await bank.payable(case, 5000)
    bank.clock.advance(days=1)
    await _draw(bank)
    vouchers = (await bank.get(f"/vouchers?date={day}"))["items"]
    assert [voucher["voucher_no"] for voucher in vouchers] == [1, 2]
    assert [line["credit_title"] for line in vouchers[1]["lines"]] == ["transfer_income"]
    async with bank.database.connection() as connection:
        held = await connection.scalar(text("SELECT sum(posting_count) FROM voucher_line"))
        assert held == await connection.scalar(text("SELECT count(*) FROM posting"))


async def test_the_general_ledgers_number_comes_back(bank: Bank) -> None:
    day = bank.clock.now().date()
    await _book(bank, day, [Move(100, "无")], "1")
    await _draw(bank)
    [voucher] = (await bank.get(f"/vouchers?date={day}&has_gl_number=false"))["items"]
    path = f"/vouchers/{voucher['id']}"
    tag = (await bank.call("GET", path)).headers["ETag"]
    body = {"gl_voucher_no": "记-2026-0031"}
    kept = await bank.call("PUT", f"{path}/gl-number", json=body, headers={"If-Match": tag})
    assert (kept.status_code, kept.json()["gl_voucher_no"]) == (200, "记-2026-0031")
    stale = await bank.call("PUT", f"{path}/gl-number", json=body, headers={"If-Match": tag})
    assert stale.status_code == 412
    again = await bank.call("PUT", f"{path}/gl-number", json=body, headers={"If-Match": "*"}, clerk="wang")
    assert again.json() == kept.json(), "the same number twice is one"
    other = {"gl_voucher_no": "记-2026-0032"}
    changed = await bank.call("PUT", f"{path}/gl-number", json=other, headers={"If-Match": "*"}, clerk="wang")
    numbers = [(one["gl_voucher_no"], one["recorded_by"]) for one in changed.json()["gl_numbers"]]
    assert numbers == [("记-2026-0031", "zhang"), ("记-2026-0032", "wang")]
    bank.clock.advance(days=1)
    await _book(bank, day + timedelta(days=1), [Move(7, "无", on=day + timedelta(days=1))], "2", opening=100)
    await _draw(bank)
    queries = ("", "&has_gl_number=true", "&has_gl_number=false")
    pages = [await bank.get(f"/vouchers?limit=1{query}") for query in queries]
    assert [page["items"][0]["total"] for page in pages] == ["1.00", "1.00", "0.07"]
    assert [page["next_cursor"] is None for page in pages] == [False, True, True]
    [later] = (await bank.get(f"/vouchers?limit=1&cursor={pages[0]['next_cursor']}"))["items"]
    assert later == pages[2]["items"][0]
    elsewhere = await bank.call("PUT", f"{path}/gl-number", area="110000", json=body, headers={"If-Match": "*"})
    assert elsewhere.status_code == 404


async def _close(bank: Bank, period: str, clerk: str = "li") -> None:
    shown = await bank.get(f"/periods/{period}")
    seen = [item["code"] for item in shown["checklist"] if item["count"]]
    closed = await _step(bank, period, "close", {"seen": seen}, clerk)
    assert closed.status_code == 200, closed.text


async def _draw(bank: Bank) -> None:
    async with bank.database.transaction() as connection:
        await draw_daily_vouchers(connection, JINAN, now=bank.clock.now())
