"""The daily report adds up, whatever happened."""

import csv
import io
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from shared.money import format_yuan
from shared.web.paging import encode_cursor
from tests.integration.ledger.areas import BEIJING, BEIJING_OUT, JINAN, JINAN_IN
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.report_lists import require_brought_forward, require_lists_add_up
from tests.unit.ledger.files import DAY, Move, camt


async def test_report_lists_what_agrees_and_what_does_not(bank: Bank) -> None:
    matched, differs, waiting, twin = (bank.case() for _ in range(4))
    for case in (matched, differs, waiting, twin):
        await bank.payable(case, 100, to="payee")
    moves = [
        Move(100, f"{matched} 张三", BEIJING_OUT),
        Move(99, f"{differs} 张三", BEIJING_OUT),
        Move(77, "不知道"),
        Move(100, twin, BEIJING_OUT),
        Move(100, twin, BEIJING_OUT),
    ]
    await bank.book(camt(JINAN_IN, moves, opening=500))
    report = await bank.get(f"/reconciliations/{JINAN}/{DAY}")
    assert report["adds_up"]
    sections = {one["section"]: one for one in report["sections"]}
    assert {name: one["count"] for name, one in sections.items()} == {
        "matched": 1,
        "money_without_business": 1,
        "business_without_money": 3,
        "differences": 1,
        "duplicates": 2,
    }
    assert sections["differences"]["items"][0]["difference"] == "-0.01"
    told = next(one for one in report["accounts"] if one["bankacct"] == JINAN_IN)
    assert (told["opening_balance"], told["closing_balance"], told["books_balance"]) == ("5.00", "9.76", "9.76")

    tomorrow = f"/reconciliations/{JINAN}/{DAY + timedelta(days=1)}"
    for ahead in (tomorrow, f"{tomorrow}/lists/matched", f"/reconciliations/{JINAN}/months/202604"):
        answer = await bank.call("GET", ahead)
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "report-period-ahead")
    bank.clock.advance(days=1)
    following = await bank.get(tomorrow)
    sections = {one["section"]: one for one in following["sections"]}
    assert following["adds_up"]
    assert sections["matched"]["count"] == 0
    assert sections["money_without_business"]["carried"] == 1
    assert sections["business_without_money"]["carried"] == 3
    require_brought_forward(report, following)


@pytest.mark.parametrize(("query", "accept"), [("?format=csv", "application/json"), ("", "text/csv")])
async def test_report_comes_as_csv_too(bank: Bank, query: str, accept: str) -> None:
    await bank.book(camt(JINAN_IN, [Move(77, "不知道")]))
    answer = await bank.call("GET", f"/reconciliations/{JINAN}/{DAY}{query}", headers={"Accept": accept})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["统筹区", JINAN]
    assert ["有款无单", "附言中没有有效的办件编号"] in [[row[0], row[7]] for row in rows if len(row) > 7]


async def test_reports_of_a_day_and_of_a_month_come_as_workbooks_with_ages(bank: Bank) -> None:
    case, late = bank.case(), bank.case()
    await bank.payable(case, 100, to="payee")
    await bank.payable(late, 250, to="payee")
    evil = '=HYPERLINK("http://x","付款")'
    await bank.book(camt(JINAN_IN, [Move(100, f"{case} 张三", BEIJING_OUT), Move(77, evil)], opening=500))
    later = DAY + timedelta(days=5)
    bank.clock.advance(days=5)
    await bank.book(camt(JINAN_IN, [Move(23, "不知道", on=later)], opening=677, day=later, statement_no="2"))
    report = await bank.get(f"/reconciliations/{JINAN}/{later}")
    sections = {one["section"]: one for one in report["sections"]}
    waiting = {age["code"]: (age["count"], age["amount"]) for age in sections["money_without_business"]["ages"]}
    assert waiting == {
        "d0_3": (1, "0.23"),
        "d4_7": (1, "0.77"),
        "d8_15": (0, "0.00"),
        "d16_30": (0, "0.00"),
        "d31": (0, "0.00"),
    }
    assert sections["money_without_business"]["carried_total"] == "0.77"
    [item] = sections["business_without_money"]["items"]
    assert (item["rlts_traf_id"], item["days"], item["age"]) == (late, 5, "d4_7")

    month = f"{DAY:%Y%m}"
    whole = await bank.get(f"/reconciliations/{JINAN}/months/{month}")
    told = next(one for one in whole["accounts"] if one["bankacct"] == JINAN_IN)
    figures = (told["opening_balance"], told["credit_total"], told["line_count"], told["closing_balance"])
    assert figures == ("5.00", "2.00", 3, "7.00")
    expected = next(one for one in whole["expectations"] if one["kind"] == "receipt")
    assert (expected["expected"], expected["matched_amount"], expected["open_amount"]) == ("3.50", "1.00", "2.50")
    assert whole["date"] == str(later), "a month that is not over is reported as far as today"
    moved = [(one["name"], one["brought"], one["added"], one["carried_forward_amount"]) for one in whole["open_items"]]
    assert moved == [("有款无单", 0, 2, "1.00"), ("有单无款", 0, 1, "2.50")]
    assert whole["adds_up"]
    assert {one["section"]: one["count"] for one in whole["sections"]}["matched"] == 1

    told = [JINAN_IN, "", "某医保中心", "匹配业务"]
    for path, matched in (
        (f"/reconciliations/{JINAN}/{later}?format=xlsx", []),
        (f"/reconciliations/{JINAN}/months/{month}?format=xlsx", [told]),
    ):
        answer = await bank.call("GET", path)
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        assert book.sheet_names == ["汇总", "已匹配", "有款无单", "有单无款", "金额或对象不符", "疑似重复"]
        summary = cells(book, "汇总")
        assert summary[0][1] == JINAN
        shown = await bank.get(path.partition("?")[0])
        same = next(one for one in shown["accounts"] if one["bankacct"] == JINAN_IN)
        names = ("opening_balance", "credit_total", "debit_total", "closing_balance", "books_balance", "difference")
        [row] = [row for row in summary if row[0] == JINAN_IN]
        assert [format_yuan(round(row[place] * 100)) for place in (1, 2, 3, 5, 6, 7)] == [same[name] for name in names]
        assert row[8] == "相符"
        open_items = [row for row in summary if row[:2] == ["有单无款", "收款"]]
        assert [format_yuan(round(row[9] * 100)) for row in open_items] == ["2.50"]
        for section in shown["sections"]:
            rows = cells(book, section["name"])[1:]
            assert format_yuan(round(sum(row[5] for row in rows) * 100)) == section["total"], section["name"]
        rows = cells(book, "有单无款")
        assert (rows[1][3], rows[1][5], rows[1][15]) == (late, 2.5, BEIJING)
        assert [row[13:17] for row in cells(book, "已匹配")[1:]] == matched


def cells(book: CalamineWorkbook, name: str) -> list[list[Any]]:
    """The rows of one page of a workbook."""
    return book.get_sheet_by_name(name).to_python()


async def test_a_missing_statement_shows_as_a_difference(bank: Bank) -> None:
    await bank.book(camt(JINAN_IN, [Move(100)], opening=0))
    day = DAY + timedelta(days=2)
    bank.clock.advance(days=2)
    await bank.book(camt(JINAN_IN, [Move(5, on=day)], opening=300, day=day, statement_no="3"))
    report = await bank.get(f"/reconciliations/{JINAN}/{day}")
    told = next(one for one in report["accounts"] if one["bankacct"] == JINAN_IN)
    assert not report["adds_up"]
    assert told["difference"] == "2.00"


async def test_yesterdays_money_for_todays_sheet_waited_in_suspense_yesterday(bank: Bank) -> None:
    case = bank.case()
    bank.clock.advance(days=1)
    await bank.payable(case, 100, to="payee")
    await bank.book(camt(JINAN_IN, [Move(100, case, BEIJING_OUT)], day=DAY))
    yesterday = await bank.get(f"/reconciliations/{JINAN}/{DAY}")
    waiting = next(one for one in yesterday["sections"] if one["section"] == "money_without_business")
    assert yesterday["adds_up"]
    assert [(item["amount"], item["reason"]) for item in waiting["items"]] == [("1.00", "awaiting_sheet")]
    today = await bank.get(f"/reconciliations/{JINAN}/{DAY + timedelta(days=1)}")
    counts = {one["section"]: one["count"] for one in today["sections"]}
    assert today["adds_up"]
    assert (counts["matched"], counts["money_without_business"]) == (1, 0)


async def test_a_day_that_is_past_does_not_change_with_a_later_version(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100, to="payee")
    before = await bank.get(f"/reconciliations/{JINAN}/{DAY}")
    bank.clock.advance(days=1)
    await bank.payable(case, 150, to="payee", version=2, obligation_no="2")
    assert await bank.get(f"/reconciliations/{JINAN}/{DAY}") == before
    today = await bank.get(f"/reconciliations/{JINAN}/{DAY + timedelta(days=1)}")
    open_items = next(one for one in today["sections"] if one["section"] == "business_without_money")
    assert [item["amount"] for item in open_items["items"]] == ["1.50"]


@pytest.mark.parametrize("key", [("2026-13-01", 0, 1), ("2026-03-02", 2**40, 1), (1,)])
async def test_a_cursor_that_no_list_gave_is_refused(bank: Bank, key: tuple[str | int, ...]) -> None:
    answer = await bank.call("GET", f"/reconciliations/{JINAN}/{DAY}/lists/matched?cursor={encode_cursor(key)}")
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (422, "invalid-cursor")


async def test_a_day_without_a_statement_says_so(bank: Bank) -> None:
    await bank.book(camt(JINAN_IN, [Move(100)], opening=0))
    bank.clock.advance(days=1)
    report = await bank.get(f"/reconciliations/{JINAN}/{DAY + timedelta(days=1)}")
    told = next(one for one in report["accounts"] if one["bankacct"] == JINAN_IN)
    assert (told["is_told"], told["closing_balance"], told["books_balance"]) == (False, None, "1.00")
    assert report["adds_up"]


@pytest.mark.parametrize("seed", range(4))
async def test_every_day_adds_up_whatever_happens(bank: Bank, seed: int) -> None:
    random = Random(seed)
    balances = {JINAN_IN: 1000, BEIJING_OUT: 100_000}
    cases = {bank.case(): random.randint(1, 3) * 50 for _ in range(10)}
    # Two days of a month and two of the next, which brings forward what the first left open.
    bank.clock.advance(days=28)
    days = [DAY + timedelta(days=28 + step) for step in range(4)]
    unsent = list(cases)
    first = {}
    for day in days:
        for case in random.sample(unsent, k=min(3, len(unsent))):
            unsent.remove(case)
            await bank.payable(case, cases[case])
            is_shown = case in await shown(bank)
            if random.random() < 0.8 and not is_shown:
                await bank.release(case)
        for account, area, moves in (
            (JINAN_IN, JINAN, receipts(random, cases, day)),
            (BEIJING_OUT, BEIJING, payments(random, cases, day)),
        ):
            number = f"{area}-{day}"
            await bank.book(camt(account, moves, opening=balances[account], day=day, statement_no=number), area=area)
            balances[account] += sum(move.fen for move in moves)
            first[area, day] = await bank.get(f"/reconciliations/{area}/{day}", area=area)
        bank.clock.advance(days=1)
    for area, account in ((JINAN, JINAN_IN), (BEIJING, BEIJING_OUT)):
        for day in days:
            report = await bank.get(f"/reconciliations/{area}/{day}", area=area)
            assert report["adds_up"], (seed, area, day, report["accounts"], report["suspense"])
            assert report == first[area, day], (seed, area, day)
            if day > days[0]:
                require_brought_forward(first[area, day - timedelta(days=1)], report)
        told = next(one for one in report["accounts"] if one["bankacct"] == account)
        assert int(told["books_balance"].replace(".", "")) == balances[account]
        months = [f"months/{day:%Y%m}" for day in (days[0], days[-1])]
        require_brought_forward(*[await bank.get(f"/reconciliations/{area}/{month}", area=area) for month in months])
        for when in (days[1], months[1]):
            await require_lists_add_up(bank, area, f"/reconciliations/{area}/{when}")


async def shown(bank: Bank) -> set[str]:
    """Cases with a debit that waits: their orders cannot be released."""
    page = await bank.get("/suspense?limit=500", area=BEIJING)
    return {item["rlts_traf_id"] for item in page["items"]}


def receipts(random: Random, cases: dict[str, int], day: date) -> list[Move]:
    """Right ones, off ones, twins, strangers, and money the bank takes back."""
    made = []
    for case in random.sample(list(cases), k=4):
        fen = cases[case] + random.choice((0, 0, 0, 1, -1))
        note = random.choice((f"{case} 张三", case, f"{case} 李四", "无"))
        made += [Move(fen, note, random.choice((BEIJING_OUT, BEIJING_OUT, "99999999")), on=day)] * random.choice(
            (1, 1, 2)
        )
    return [*made, Move(-random.randint(1, 40), "手续费", on=day)]


def payments(random: Random, cases: dict[str, int], day: date) -> list[Move]:
    """Payments of orders, released or not, some of which come back."""
    made = []
    for case in random.sample(list(cases), k=4):
        made.append(Move(-cases[case], f"{case} 张三", JINAN_IN, e2e=f"{case}-1", on=day))
        if random.random() < 0.4:
            made.append(Move(cases[case], "退汇", e2e=f"{case}-1", on=day, is_reversal=True))
    return made
