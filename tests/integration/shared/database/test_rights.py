"""What the app role of every service may do, table by table, as the catalogue itself says it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.database import Database
from tests.conftest import NewDatabase

_TABLES = """
    SELECT c.relname, c.relispartition,
           array(SELECT p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES',
                                            'TRIGGER']) AS p
                 WHERE has_table_privilege(current_user, c.oid, p)) AS rights,
           has_any_column_privilege(current_user, c.oid, 'UPDATE') AS may_change,
           pg_has_role(current_user, c.relowner, 'USAGE') AS is_owner
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
"""
_AT_LARGE = """
    SELECT has_schema_privilege(current_user, 'public', 'CREATE') AS schema,
           has_database_privilege(current_user, current_database(), 'CREATE') AS database,
           rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls AS attributes
    FROM pg_roles WHERE rolname = current_user
"""
# PostgreSQL looks among temporary tables first, which any role may make, wherever it is not told otherwise.
_MISLED = """
    SELECT proname FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
      AND NOT coalesce('search_path=public, pg_temp' = ANY(proconfig), false)
"""
_EXCHANGE = {"message_log", "custody_receipt", "message_receipt"}
_RECORDS = {
    "relation_end",
    "account_movement",
    "period_taken_over",
    "period_reversal",
    "record_conflict",
    "core_task_answer",
}
# What happened, what was signed, what a bank said, what was booked: nobody rewrites it.
EVIDENCE = {
    "platform_gateway": _EXCHANGE
    | {
        "case_history",
        "sheet",
        "addendum",
        "answer_without_case",
        "money_fact",
        "application_batch",
        "registry_version",
        "registry_snapshot",
    }
    | {"policy_version", "calendar_year"},
    "outbound": _EXCHANGE
    | _RECORDS
    | {"accepted_transfer", "draft_correction", "sealed_sheet", "sheet_answer", "sheet_return"}
    | {"payment_fact", "case_history", "old_case"},
    "inbound": _EXCHANGE
    | _RECORDS
    | {"accepted_application", "received_sheet", "received_addendum", "case_history", "balance_match"}
    | {"benefits_decision", "years_assessment", "case_policy", "policy_file"},
    "ledger": _EXCHANGE
    | {"posting", "statement_file", "statement", "statement_line", "bank_account_books", "claim"}
    | {"claim_reversal", "proposal_part"}
    | {
        "payment_batch_item",
        "payment_file",
        "payment_file_item",
        "order_event",
        "status_report",
        "status_report_line",
        "fund_request_item",
        "line_rule_set",
        "line_class_change",
        "suspense_event",
        "suspense_past",
        "restated_line",
        "statement_shift",
        "obligation_past",
        "clearing",
        "notification",
        "period_event",
        "voucher_line",
        "voucher_number",
    },
}

# Sums that a trigger keeps, and what a view adds up.
ONLY_READ = {"ledger": {"account_turnover", "statement_now"}}


@pytest.mark.parametrize("package", EVIDENCE)
async def test_app_role_never_rewrites_evidence(new_database: NewDatabase, package: str) -> None:
    database = Database((await new_database(package)).app_url)
    try:
        async with database.connection() as connection:
            rows = (await connection.execute(text(_TABLES))).all()
            [at_large] = (await connection.execute(text(_AT_LARGE))).all()
            assert (await connection.scalars(text(_MISLED))).all() == []
        rights = {row.relname: set(row.rights) for row in rows if not row.relispartition}
        changeable = {row.relname for row in rows if row.may_change}
        assert {name for name, held in rights.items() if held == {"SELECT", "INSERT"}} == EVIDENCE[package]
        assert rights.pop("alembic_version") == {"SELECT"}
        assert all(held <= {"SELECT", "INSERT", "UPDATE", "DELETE"} for held in rights.values())
        only_read = ONLY_READ.get(package, set())
        assert {name for name, held in rights.items() if held == {"SELECT"}} == only_read
        assert changeable == rights.keys() - EVIDENCE[package] - only_read
        assert not any(row.rights for row in rows if row.relispartition), "a partition is a way round its table"
        assert not any(row.is_owner for row in rows)
        assert tuple(at_large) == (False, False, False)
    finally:
        await database.dispose()


@pytest.mark.parametrize("package", EVIDENCE)
async def test_app_role_has_no_way_to_change_tables(new_database: NewDatabase, package: str) -> None:
    database = Database((await new_database(package)).app_url)
    statements = [
        "CREATE TABLE mine (id int)",
        "ALTER TABLE message_log ADD COLUMN more text",
        "DROP TABLE message_log",
        "TRUNCATE message_log",
        "DELETE FROM message_log",
        "UPDATE message_receipt SET recorded_at = now()",
        "ALTER TABLE message_log DISABLE TRIGGER ALL",
    ]
    try:
        for statement in statements:
            with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
                async with database.transaction() as connection:
                    await connection.execute(text(statement))
    finally:
        await database.dispose()
