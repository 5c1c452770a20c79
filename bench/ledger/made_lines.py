"""Fills a ledger's tables set-wise: lines that were matched and lines that wait, over many agencies and days."""

# ruff: noqa: S608  # only our own SQL is put together

from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

FIRST, DAYS, BATCH = date(2025, 7, 1), 240, "00000000-0000-4000-8000-000000000001"
_AREA = "CAST(100000 + n % :agencies AS text)"
_FILE = "CAST(lpad(to_hex(n % :agencies * 1000 + n * :days / :lines), 32, '0') AS uuid)"
_STATEMENT = "n % :agencies * 1000 + n * :days / :lines + 1"
_DAY = "CAST(:first AS date) + CAST(n * :days / :lines AS int)"
_CASE = "upper(left(md5(CAST(n AS text)), 16))"
# Every eleventh line waits, and an eleventh of all obligations is still to be answered: one open to ten closed.
_IS_OPEN = "n % 11 = 0"
_N = "generate_series(CAST(:since AS bigint), :until) AS n"
_GROUND = (
    """
    INSERT INTO bank_account (id, admdvs, fund, bankacct, acctname, hif_acct_type, valid_from, updated_at, updated_by)
    SELECT a + 1, CAST(100000 + a AS text), '310', '6201' || a, '某医保中心', '1', :first, now(), 'bench'
    FROM generate_series(0, CAST(:agencies AS int) - 1) AS a
    """,
    """
    INSERT INTO statement_file (id, admdvs, digest, form, size_bytes, received_at, received_by)
    SELECT CAST(lpad(to_hex(a * 1000 + d), 32, '0') AS uuid), CAST(100000 + a AS text), CAST(d AS text), 'camt.053', 1,
           CAST(:first AS date) + d + 1, 'bench'
    FROM generate_series(0, CAST(:agencies AS int) - 1) AS a, generate_series(0, CAST(:days AS int)) AS d
    """,
    """
    INSERT INTO statement (id, file_id, bank_account_id, statement_no, period_from, period_to, opening_fen, closing_fen,
                           line_count, credit_fen, debit_fen, is_newest_first, content_digest)
    SELECT a * 1000 + d + 1, CAST(lpad(to_hex(a * 1000 + d), 32, '0') AS uuid), a + 1, CAST(d AS text),
           CAST(:first AS date) + d, CAST(:first AS date) + d, 0, 0, 0, 0, 0, false, ''
    FROM generate_series(0, CAST(:agencies AS int) - 1) AS a, generate_series(0, CAST(:days AS int)) AS d
    """,
    """
    INSERT INTO payment_batch (id, admdvs, state, proposed_by, proposed_at, decided_by, decided_at)
    VALUES (:batch, '100000', 'released', 'zhang', now(), 'li', now())
    """,
)
_ROWS = (
    f"""
    INSERT INTO statement_line (id, file_id, statement_id, bank_account_id, admdvs, entry_no, detail_no, kind,
                                direction, amount_fen, booked_on, value_on, note, is_return, rlts_traf_id,
                                reference_count, names, line_class)
    SELECT n, {_FILE}, {_STATEMENT}, n % :agencies + 1, {_AREA}, n, 1, 'receipt', 'C', 100 + n % 5000000, {_DAY},
           {_DAY}, {_CASE} || ' 张三', false, {_CASE}, 1, ARRAY['张三'], 'transfer_in'
    FROM {_N}
    """,
    f"""
    INSERT INTO obligation (id, admdvs, side, rlts_traf_id, obligation_no, sheet_version, reason, trafout_admdvs,
                            trafin_admdvs, psn_name, match_name, amount_fen, direction, due_fen, payer_bankacct,
                            payee_bankacct, sheet_digest, state, known_on, known_at, settled_on, origin)
    SELECT n, {_AREA}, CASE WHEN n % 3 = 0 THEN 'payer' ELSE 'payee' END, {_CASE}, '1', 1, 'balance', '110000', {_AREA},
           '张三', '张三', 100 + n % 5000000, 'pay', 100 + n % 5000000, '6202', '6201', '0',
           CASE WHEN {_IS_OPEN} THEN 'open' WHEN n % 3 = 0 THEN 'paid' ELSE 'credited' END, {_DAY}, now(),
           CASE WHEN NOT {_IS_OPEN} THEN {_DAY} END, 'electronic'
    FROM {_N}
    """,
    f"""
    INSERT INTO claim (admdvs, kind, line_id, obligation_id, amount_fen, is_exclusive, claimed_on, claimed_at)
    SELECT {_AREA}, 'receipt', n, n, 100 + n % 5000000, true, {_DAY}, now() FROM {_N} WHERE NOT {_IS_OPEN}
    """,
    f"""
    INSERT INTO suspense (line_id, admdvs, kind, reason, owner, booked_on, opened_at, settled_on, rlts_traf_id)
    SELECT n, {_AREA}, 'receipt',
           (ARRAY['no_reference', 'amount_differs', 'awaiting_sheet', 'payer_differs'])[n % 4 + 1], '财务岗',
           {_DAY}, now(), CASE WHEN NOT {_IS_OPEN} THEN {_DAY} + 2 END, {_CASE}
    FROM {_N} WHERE {_IS_OPEN} OR n % 50 = 1
    """,
    f"""
    INSERT INTO payment_order (id, admdvs, obligation_id, rlts_traf_id, obligation_no, end_to_end_id, remittance_note,
                               match_name, amount_fen, payer_bankacct, payee_bankacct, payee_acctname, state, batch_id,
                               proposed_by, released_by, created_at)
    SELECT CAST(md5(CAST(n AS text)) AS uuid), {_AREA}, n, {_CASE}, '1', {_CASE} || '-1', {_CASE}, '张三',
           100 + n % 5000000, '6202', '6201', '某医保中心', CASE WHEN {_IS_OPEN} THEN 'ready' ELSE 'paid' END,
           CASE WHEN NOT {_IS_OPEN} THEN CAST(:batch AS uuid) END, CASE WHEN NOT {_IS_OPEN} THEN 'zhang' END,
           CASE WHEN NOT {_IS_OPEN} THEN 'li' END, {_DAY}
    FROM {_N} WHERE n % 3 = 0
    """,
)


async def make_lines(connection: AsyncConnection, *, lines: int, agencies: int) -> None:
    """So many lines, of which every eleventh waits; ``connection`` is the superuser's."""
    values = {"agencies": agencies, "first": FIRST, "days": DAYS, "batch": BATCH, "lines": lines + 1}
    # Millions of made-up rows need no proof that what they refer to is there.
    await connection.execute(text("SET LOCAL session_replication_role = replica"))
    await connection.execute(text("SET LOCAL synchronous_commit = off"))
    for statement in _GROUND:
        await _run(connection, statement, values)
    for since in range(1, lines + 1, 500_000):
        span = {"since": since, "until": min(since + 499_999, lines)}
        for statement in _ROWS:
            await _run(connection, statement, values | span)


async def _run(connection: AsyncConnection, statement: str, values: dict[str, object]) -> None:
    wanted = text(statement)
    await connection.execute(wanted, {name: values[name] for name in wanted._bindparams})
