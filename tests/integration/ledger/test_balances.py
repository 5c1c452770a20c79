"""Balances on any day, and the check that finds what does not agree with the journal."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.repository import balance_checks
from ledger.use_cases.check_balances import check_next_account
from shared.database import Database
from tests.databases import FreshDatabase
from tests.integration.ledger.areas import BEIJING_OUT, JINAN, JINAN_IN
from tests.integration.ledger.bank import Bank
from tests.unit.ledger.files import Move, camt

EVERY = timedelta(hours=6)


async def _three_days(bank: Bank) -> tuple[date, date, date]:
    last = bank.clock.now().date()
    first, second = last - timedelta(days=2), last - timedelta(days=1)
    opening = 1000
    for number, (day, moves) in enumerate([(first, [100, 250]), (second, [-50]), (last, [7, 7])], start=1):
        lines = [Move(fen, "无", BEIJING_OUT, on=day) for fen in moves]
        await bank.book(camt(JINAN_IN, lines, opening=opening, day=day, statement_no=str(number)))
        opening += sum(moves)
    return first, second, last


async def _deposit(bank: Bank) -> str:
    return next(str(one["id"]) for one in await bank.get("/accounts") if one["bankacct"] == JINAN_IN)


@pytest.mark.law("S53-2")
async def test_statement_of_an_account_runs_from_opening_to_closing_over_pages(bank: Bank) -> None:
    first, second, last = await _three_days(bank)
    deposit = await _deposit(bank)
    path = f"/accounts/{deposit}/statement?since={first}&until={last}&limit=2"
    seen, cursor, opening = [], "", "10.00"
    for _ in range(3):
        page = await bank.get(f"{path}{cursor}")
        assert page["opening_balance"] == opening
        seen += [entry["balance"] for entry in page["items"]]
        opening = page["closing_balance"]
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == ["11.00", "13.50", "13.00", "13.07", "13.14"]
    assert page["next_cursor"] is None
    alone = await bank.get(f"/accounts/{deposit}/statement?since={second}&until={second}")
    assert (alone["opening_balance"], alone["closing_balance"]) == ("13.50", "13.00")
    nothing = await bank.get(f"/accounts/{deposit}/statement?since=2001-01-01&until=2001-12-31")
    assert (nothing["opening_balance"], nothing["items"], nothing["closing_balance"]) == ("0.00", [], "0.00")


@pytest.mark.law("S53-2")
async def test_trial_balance_adds_up_for_any_period(bank: Bank) -> None:
    first, second, last = await _three_days(bank)
    for since, until in [(first, last), (second, second), (first - timedelta(days=9), first), (last, last)]:
        trial = await bank.get(f"/trial-balance?since={since}&until={until}")
        assert trial["adds_up"]
    deposit = next(one for one in trial["accounts"] if one["bankacct"] == JINAN_IN)
    assert (deposit["opening_balance"], deposit["debit_total"], deposit["closing_balance"]) == (
        "13.00",
        "0.14",
        "13.14",
    )
    answer = await bank.call("GET", f"/trial-balance?since={last}&until={first}")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "after-until")


async def test_balances_are_recomputed_and_a_break_is_found(bank: Bank, fresh: FreshDatabase) -> None:
    first, second, _ = await _three_days(bank)
    await _check_all(bank)
    checks = await bank.get("/balance-checks")
    assert {check["break_count"] for check in checks} == {0}
    assert all(check["checked_at"] for check in checks)

    deposit = int(await _deposit(bank))
    owner = Database(fresh.owner_url)
    async with owner.transaction() as connection:
        await connection.execute(
            text(
                "UPDATE account_turnover SET debit_fen = debit_fen + 1 WHERE account_id = :id AND booking_date = :day"
            ),
            {"id": deposit, "day": first},
        )
        await connection.execute(
            text("DELETE FROM account_turnover WHERE account_id = :id AND booking_date = :day"),
            {"id": deposit, "day": second},
        )
    await owner.dispose()
    bank.clock.advance(hours=7)
    await _check_all(bank)
    broken = [check for check in await bank.get("/balance-checks") if check["break_count"]]
    assert [(int(one["account_id"]), one["break_count"], one["first_break_on"]) for one in broken] == [
        (deposit, 2, first.isoformat())
    ]
    async with bank.database.connection() as connection:
        assert await balance_checks.count_breaks(connection) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account_turnover SET debit_fen = 0",
        "DELETE FROM account_turnover",
        "INSERT INTO account_turnover SELECT id, '2001-01-01', 1, 1 FROM account",
    ],
)
async def test_nobody_but_the_journal_writes_turnovers(bank: Bank, statement: str) -> None:
    await _three_days(bank)
    with pytest.raises(DBAPIError, match="permission denied"):
        async with bank.database.transaction() as connection:
            await connection.execute(text(statement))


async def _check_all(bank: Bank) -> None:
    for _ in await bank.get("/accounts", area=JINAN):
        async with bank.database.transaction() as connection:
            await check_next_account(connection, now=bank.clock.now(), every=EVERY)
    async with bank.database.transaction() as connection:
        assert not await check_next_account(connection, now=bank.clock.now(), every=EVERY)
