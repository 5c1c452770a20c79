"""The report of a month that was closed, asked again after everything that can happen later."""

from datetime import date
from typing import Any

import pytest

from tests.integration.ledger.areas import BEIJING, BEIJING_OUT, JINAN, JINAN_IN
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.by_hand import match
from tests.integration.ledger.report_lists import listed, require_lists_add_up
from tests.integration.ledger.test_rejections import change
from tests.unit.ledger.files import DAY, Move, camt

_MARCH = "202603"


@pytest.mark.law("S53-2")
async def test_a_closed_months_reports_stay_what_they_were(bank: Bank) -> None:
    unknown, paid_late, overtaken, short = (bank.case() for _ in range(4))
    await bank.payable(overtaken, 100, to="payee")
    await bank.payable(short, 200, to="payee")
    await bank.payable(paid_late, 300, to="payer")
    await bank.release(paid_late)
    [order] = await bank.orders(paid_late)
    assert (await change(bank, order, "rejection", {"reason": "户名不符", "code": "BE01"})).status_code == 200
    waits = [
        Move(70, unknown, BEIJING_OUT),
        Move(199, f"{short} 张三", BEIJING_OUT),
        Move(5, "无附言"),
    ]
    await bank.book(camt(JINAN_IN, waits))
    debit = Move(-300, f"{paid_late} 张三", JINAN_IN, e2e=f"{paid_late}-1")
    await bank.book(camt(BEIJING_OUT, [debit], opening=1000), area=BEIJING)
    lines = [item["id"] for item in (await bank.get("/suspense"))["items"]]
    bank.clock.advance(days=3)
    await bank.payable(overtaken, 150, to="payee", version=2, obligation_no="2")
    bank.clock.advance(days=35)
    await _close(bank, JINAN)
    await _close(bank, BEIJING)
    before = await _reports(bank)

    # A reason changes, a part is matched by hand, what a bank had refused was paid, and a version that was overtaken.
    await bank.payable(unknown, 80, to="payee")
    await match(bank, lines[1], (short, "1", "1.50"))
    [order] = await bank.orders(paid_late)
    withdrawn = await change(bank, order, "rejection-withdrawal", {"reason": "银行确认已付"})
    assert withdrawn.json()["state"] == "paid"
    today = bank.clock.now().date()
    late = Move(100, f"{overtaken} 张三", BEIJING_OUT, on=today)
    await bank.book(camt(JINAN_IN, [late], opening=274, day=today, statement_no="2"))
    assert [one["due"] for one in await bank.obligations(overtaken)] == ["0.50", "1.00"]
    assert await bank.reasons() == ["amount_differs", "partly_matched", "no_reference"]
    assert await _reports(bank) == before

    bank.clock.advance(days=1)
    await match(bank, lines[2], (unknown, "1", "0.05"))
    assert await _reports(bank) == before
    for area in (JINAN, BEIJING):
        for when in (DAY, DAY.replace(day=10), today, f"months/{_MARCH}"):
            assert (await bank.get(f"/reconciliations/{area}/{when}", area=area))["adds_up"]
            await require_lists_add_up(bank, area, f"/reconciliations/{area}/{when}")


async def _close(bank: Bank, area: str) -> None:
    shown = await bank.call("GET", f"/periods/{_MARCH}", area=area)
    seen = [item["code"] for item in shown.json()["checklist"] if item["count"]]
    headers = {"If-Match": shown.headers["ETag"]}
    closed = await bank.call("POST", f"/periods/{_MARCH}/close", area=area, json={"seen": seen}, headers=headers)
    assert closed.status_code == 200, closed.text


async def _reports(bank: Bank) -> list[Any]:
    """What both agencies' reports of two days and of the month say, figures, lists and files."""
    days: list[date | str] = [DAY, DAY.replace(day=10), f"months/{_MARCH}"]
    told: list[Any] = []
    for area in (JINAN, BEIJING):
        for when in days:
            path = f"/reconciliations/{area}/{when}"
            told.append(await bank.get(path, area=area))
            told.append((await bank.call("GET", f"{path}?format=csv", area=area)).content)
            told += [await listed(bank, area, f"{path}/lists/{one['section']}") for one in told[-2]["sections"]]
    return told
