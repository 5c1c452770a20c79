"""The journal cannot be bent, whoever asks."""

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from ledger.domain.titles import Title
from ledger.tables import metadata
from shared.database import Database
from tests.databases import FreshDatabase
from tests.integration.ledger.areas import BEIJING_OUT, JINAN_IN
from tests.integration.ledger.bank import Bank
from tests.unit.ledger.files import Move, camt


async def test_migrations_make_exactly_the_tables(bank: Bank) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _: kind != "table" or name in metadata.tables,
            },
        )
        # Comments explain the code's tables; they are not kept in the database.
        found = compare_metadata(context, metadata)
        return [one for one in found if "comment" not in str(one[0])]

    async with bank.database.transaction() as connection:
        assert await connection.run_sync(differences) == []
        titles = set((await connection.scalars(text("SELECT title FROM account_title"))).all())
    assert titles == set(Title)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE posting SET amount_fen = amount_fen + 1",
        "DELETE FROM posting",
        "TRUNCATE posting",
        "UPDATE statement_line SET amount_fen = 1",
        "DELETE FROM claim",
        "UPDATE statement SET closing_fen = 0",
        "DROP TABLE posting",
    ],
)
async def test_app_role_cannot_rewrite_evidence(bank: Bank, statement: str) -> None:
    await bank.book(camt(JINAN_IN, [Move(100, "无", BEIJING_OUT)]))
    with pytest.raises(DBAPIError) as refused:
        async with bank.database.transaction() as connection:
            await connection.execute(text(statement))
    assert isinstance(refused.value.orig.__cause__, asyncpg.InsufficientPrivilegeError)  # type: ignore[union-attr]


async def _post(database: Database, **changes: object) -> None:
    """Copy the first posting, with changes."""
    columns = ["admdvs", "fund", "debit_account", "credit_account", "amount_fen", "booking_date", "effective_date"]
    columns += ["cause", "cause_id", "reverses", "reason", "recorded_at"]
    given = {name: f":{name}" for name in changes}
    values = ", ".join(given.get(name, name) for name in columns)
    async with database.transaction() as connection:
        await connection.execute(
            text(f"INSERT INTO posting ({', '.join(columns)}) SELECT {values} FROM posting ORDER BY id LIMIT 1"),  # noqa: S608
            changes,
        )


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"cause_id": -1, "amount_fen": 0}, "ck_posting_amount_positive"),
        ({"cause_id": -1, "amount_fen": -5}, "ck_posting_amount_positive"),
        ({}, "uq_posting_cause_cause_id"),
        ({"cause_id": -1, "admdvs": "110000"}, "a row of posting refers to"),
        ({"cause_id": -1, "fund": "390"}, "a row of posting refers to"),
        ({"cause": "correction", "cause_id": 1}, "ck_posting_correction_reverses"),
    ],
)
async def test_database_refuses_a_crooked_posting(bank: Bank, changes: dict[str, object], constraint: str) -> None:
    await bank.book(camt(JINAN_IN, [Move(100, "无", BEIJING_OUT)]))
    with pytest.raises(DBAPIError, match=constraint):
        await _post(bank.database, **changes)


async def test_no_temporary_table_stands_in_for_the_books(bank: Bank) -> None:
    await bank.book(camt(JINAN_IN, [Move(100, "无", BEIJING_OUT)]))
    async with bank.database.transaction() as connection:
        made = "CREATE TEMP TABLE account_turnover (LIKE public.account_turnover INCLUDING ALL) ON COMMIT DROP"
        for statement in (made, "GRANT ALL ON TABLE pg_temp.account_turnover TO PUBLIC"):
            await connection.execute(text(statement))
        await connection.execute(
            text(
                "INSERT INTO posting (admdvs, fund, debit_account, credit_account, amount_fen, booking_date,"
                " effective_date, cause, cause_id, recorded_at) SELECT admdvs, fund, debit_account, credit_account,"
                " amount_fen, booking_date, effective_date, cause, -1, recorded_at FROM posting"
            )
        )
        assert await connection.scalar(text("SELECT count(*) FROM pg_temp.account_turnover")) == 0
    assert await bank.balance("income_deposit") == "2.00"


async def test_database_refuses_a_reversal_that_does_not_mirror(bank: Bank) -> None:
    await bank.book(camt(JINAN_IN, [Move(100, "无", BEIJING_OUT)]))
    async with bank.database.connection() as connection:
        first = await connection.scalar(text("SELECT min(id) FROM posting"))
    with pytest.raises(DBAPIError, match="does not mirror"):
        await _post(bank.database, cause="correction", cause_id=first, reverses=first, reason="方向没有反过来")


async def test_an_earlier_statement_moves_the_opening_by_reversal(bank: Bank) -> None:
    second = bank.clock.now().date()
    first = second.replace(day=1)
    await bank.book(camt(JINAN_IN, [Move(100, "甲", on=second)], opening=700, day=second, statement_no="2"))
    assert await bank.balance("other_business") == "7.00"
    await bank.book(camt(JINAN_IN, [Move(200, "乙", on=first)], opening=500, day=first, statement_no="1"))
    assert await bank.balance("other_business") == "5.00"
    assert await bank.balance("income_deposit") == "8.00"
    assert await bank.balance("income_deposit", at=first) == "7.00"
    accounts = await bank.get("/accounts")
    deposit = next(one["id"] for one in accounts if one["bankacct"] == JINAN_IN)
    entries = (await bank.get(f"/accounts/{deposit}/entries"))["items"]
    reversal = next(entry for entry in entries if entry["reverses"])
    assert reversal["reason"]
    assert [entry["cause"] for entry in entries] == ["opening", "opening", "line", "correction", "line"]


async def test_entries_come_page_by_page_in_the_books_order(bank: Bank) -> None:
    await bank.book(camt(JINAN_IN, [Move(fen, "无") for fen in range(1, 8)]))
    accounts = await bank.get("/accounts")
    deposit = next(one["id"] for one in accounts if one["bankacct"] == JINAN_IN)
    seen, cursor = [], ""
    for _ in range(4):
        page = await bank.get(f"/accounts/{deposit}/entries?limit=2{cursor}")
        seen += [entry["amount"] for entry in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [f"0.0{fen}" for fen in range(1, 8)]
    assert page["next_cursor"] is None


async def test_owner_role_is_not_what_the_service_uses(fresh: FreshDatabase, bank: Bank) -> None:
    async with bank.database.connection() as connection:
        user = await connection.scalar(text("SELECT current_user"))
    assert user == fresh.app_role


async def test_database_refuses_rows_that_refer_to_what_is_not_there(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    await bank.book(camt(JINAN_IN, [Move(100, f"{case} 张三", BEIJING_OUT)]))
    for table, column, value in (
        ("statement_line", "statement_id", "statement_id + 1"),
        ("statement_line", "bank_account_id", "999"),
        ("statement_line", "file_id", "gen_random_uuid()"),
        ("statement_line", "admdvs", "'110000'"),
        ("claim", "line_id", "999"),
        ("claim", "obligation_id", "999"),
        ("claim", "order_id", "gen_random_uuid()"),
        ("claim", "admdvs", "'110000'"),
    ):
        with pytest.raises(DBAPIError, match=f"a row of {table} refers to"):
            await _copy_row(bank.database, table, column, value)


async def _copy_row(database: Database, table: str, column: str, value: str) -> None:
    """The only row of a table once more, with another value in one column and in what has to be unique."""
    async with database.transaction() as connection:
        names = await connection.scalars(
            text("SELECT column_name FROM information_schema.columns WHERE table_name = :name AND column_name <> 'id'"),
            {"name": table},
        )
        own = {name: name for name in names} | {column: value}
        own |= {"entry_no": "entry_no + 1"} if table == "statement_line" else {"undone_on": "claimed_on"}
        listed, values = ", ".join(own), ", ".join(own.values())
        await connection.execute(text(f"INSERT INTO {table} ({listed}) SELECT {values} FROM {table}"))  # noqa: S608
