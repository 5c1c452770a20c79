"""Fills a ledger's tables set-wise: lines that were matched and lines that wait, over many agencies and days.

A day's lines of one agency lie side by side, as its bank file brings them; some waited before they were matched, some
are matched in part, of some the match was undone, and each is booked. A quarter of what waited did so for another
reason first, and some obligations owed something else.
"""

# ruff: noqa: S608  # only our own SQL is put together

from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.ledger.bulk_indexes import without_indexes

FIRST, DAYS, BATCH = date(2025, 7, 1), 240, "00000000-0000-4000-8000-000000000001"
FILLED = (
    "statement_line", "obligation", "obligation_past", "claim", "suspense", "suspense_past", "payment_order", "posting",
    "voucher",
)  # fmt: skip
_CHUNK = 500_000
_MADE = """
    (SELECT n, slot % CAST(:agencies AS bigint) AS area,
            slot / CAST(:agencies AS bigint) AS day_no,
            CAST(:first AS date) + CAST(slot / CAST(:agencies AS bigint) AS int) AS day,
            upper(left(md5(CAST(n AS text)), 16)) AS case_no, 100 + n % 5000000 AS fen, n % 3 = 0 AS is_payment,
            n % 11 = 0 AS is_open, n % 11 = 0 AND n / 11 % 50 = 0 AND n % 3 <> 0 AS is_part,
            n % 11 = 0 AND n / 11 % 50 = 1 AS is_undone,
            CASE WHEN n % 5 = 1 THEN 1 + CAST(n % 15 AS int) ELSE 0 END AS waited
     FROM generate_series(CAST(:since AS bigint), :until) AS n
     CROSS JOIN LATERAL (SELECT (n - 1) * CAST(:slots AS bigint) / CAST(:lines AS bigint) AS slot) AS s) AS made
"""
# Every eleventh line waits, and an eleventh of all obligations is still to be answered: one open to ten closed.
_GROUND = (
    """
    INSERT INTO bank_account (id, admdvs, fund, bankacct, acctname, hif_acct_type, valid_from, updated_at, updated_by)
    SELECT a + 1, CAST(100000 + a AS text), '310', '6201' || a, '某医保中心', '3', :first, now(), 'bench'
    FROM generate_series(0, CAST(:agencies AS int) - 1) AS a
    """,
    """
    INSERT INTO account (id, admdvs, fund, title, bank_account_id)
    SELECT a * 10 + t.place, CAST(100000 + a AS text), '310', t.title, CASE WHEN t.place = 1 THEN a + 1 END
    FROM generate_series(0, CAST(:agencies AS int) - 1) AS a,
         unnest(ARRAY['expenditure_deposit', 'temporary_receipts', 'temporary_payments', 'transfer_income',
                      'transfer_expenditure']) WITH ORDINALITY AS t (title, place)
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
    INSERT INTO voucher (id, admdvs, fund, booking_date, voucher_no, made_at, gl_voucher_no, gl_recorded_by,
                         gl_recorded_at)
    SELECT gen_random_uuid(), CAST(100000 + a AS text), '310', CAST(:first AS date) + d, 1, now(), g.no,
           CASE WHEN g.no IS NOT NULL THEN 'zhang' END, CASE WHEN g.no IS NOT NULL THEN now() END
    FROM generate_series(0, CAST(:agencies AS int) - 1) AS a, generate_series(0, CAST(:days AS int) - 1) AS d
    CROSS JOIN LATERAL (SELECT CASE WHEN d % 30 > 1 THEN '记-' || d END AS no) AS g
    """,
    """
    INSERT INTO voucher_line (voucher_id, line_no, debit_account, credit_account, amount_fen, posting_count)
    SELECT v.id, 1, (CAST(v.admdvs AS int) - 100000) * 10 + 1, (CAST(v.admdvs AS int) - 100000) * 10 + 2, 100, 1
    FROM voucher v
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
    SELECT n, CAST(lpad(to_hex(area * 1000 + day_no), 32, '0') AS uuid),
           area * 1000 + day_no + 1, area + 1, CAST(100000 + area AS text), n, 1,
           CASE WHEN is_payment THEN 'payment' ELSE 'receipt' END, CASE WHEN is_payment THEN 'D' ELSE 'C' END, fen,
           day, day, case_no || ' 张三', false, case_no, 1, ARRAY['张三'],
           CASE WHEN is_payment THEN 'transfer_out' ELSE 'transfer_in' END
    FROM {_MADE}
    """,
    f"""
    INSERT INTO obligation (id, admdvs, side, rlts_traf_id, obligation_no, sheet_version, reason, trafout_admdvs,
                            trafin_admdvs, psn_name, match_name, amount_fen, direction, due_fen, payer_bankacct,
                            payee_bankacct, sheet_digest, state, known_on, known_at, settled_on, origin, claimed_fen,
                            credited_on, credited_fen)
    SELECT n, CAST(100000 + area AS text), CASE WHEN is_payment THEN 'payer' ELSE 'payee' END, case_no, '1', 1,
           'balance', '110000', CAST(100000 + area AS text), '张三', '张三', fen, 'pay', fen, '6202', '6201', '0',
           CASE WHEN is_open THEN 'open' WHEN is_payment THEN 'paid' ELSE 'credited' END, day - CAST(n % 12 AS int),
           day - CAST(n % 12 AS int), CASE WHEN NOT is_open THEN day + waited END, 'electronic',
           CASE WHEN is_part THEN 50 ELSE 0 END, CASE WHEN NOT is_open AND NOT is_payment THEN day + waited END,
           CASE WHEN NOT is_open AND NOT is_payment THEN fen END
    FROM {_MADE}
    """,
    f"""
    INSERT INTO claim (admdvs, kind, line_id, obligation_id, order_id, amount_fen, is_exclusive, claimed_on,
                       claimed_at, proposal_id, proposal_state, undone_on)
    SELECT CAST(100000 + area AS text), CASE WHEN is_payment THEN 'payment' ELSE 'receipt' END, n, n,
           CASE WHEN is_payment THEN CAST(md5(CAST(n AS text)) AS uuid) END, CASE WHEN is_part THEN 50 ELSE fen END,
           NOT is_by_hand, CASE WHEN is_part THEN day + 1 ELSE day + waited END, now(),
           CASE WHEN is_by_hand THEN CAST(:batch AS uuid) END, CASE WHEN is_by_hand THEN 'approved' END,
           CASE WHEN is_undone THEN day + waited + 3 END
    FROM {_MADE} CROSS JOIN LATERAL (SELECT is_part OR n % 100 = 1 AS is_by_hand) AS h
    WHERE NOT is_open OR is_part OR is_undone
    """,
    f"""
    INSERT INTO suspense (line_id, admdvs, kind, reason, owner, amount_fen, booked_on, opened_at, settled_on,
                          rlts_traf_id, claimed_fen)
    SELECT n, CAST(100000 + area AS text), CASE WHEN is_payment THEN 'payment' ELSE 'receipt' END,
           CASE WHEN is_part THEN 'partly_matched' WHEN is_undone THEN 'match_undone'
                ELSE (ARRAY['no_reference', 'amount_differs', 'awaiting_sheet', 'payer_differs', 'unknown_case',
                            'already_settled'])[n / 11 % 6 + 1] END,
           '财务岗', fen, day, now(), CASE WHEN NOT is_open THEN day + waited END, case_no,
           CASE WHEN is_part THEN 50 ELSE 0 END
    FROM {_MADE} WHERE is_open OR waited > 0
    """,
    f"""
    INSERT INTO suspense_past (line_id, until_on, admdvs, booked_on, reason, owner)
    SELECT n, day + 1 + CAST(n % 30 AS int), CAST(100000 + area AS text), day, 'awaiting_sheet', '财务岗'
    FROM {_MADE} WHERE (is_open OR waited > 0) AND n % 4 = 0
    """,
    f"""
    INSERT INTO obligation_past (obligation_id, until_on, admdvs, kind, known_on, due_fen)
    SELECT n, day - CAST(n % 12 AS int), CAST(100000 + area AS text),
           CASE WHEN is_payment THEN 'payment' ELSE 'receipt' END, day - 20, fen + 100
    FROM {_MADE} WHERE n % 100 = 7
    """,
    f"""
    INSERT INTO payment_order (id, admdvs, obligation_id, rlts_traf_id, obligation_no, end_to_end_id, remittance_note,
                               match_name, amount_fen, payer_bankacct, payee_bankacct, payee_acctname, state, batch_id,
                               proposed_by, released_by, created_at)
    SELECT CAST(md5(CAST(n AS text)) AS uuid), CAST(100000 + area AS text), n, case_no, '1', case_no || '-1', case_no,
           '张三', fen, '6202', '6201', '某医保中心', CASE WHEN is_open THEN 'ready' ELSE 'paid' END,
           CASE WHEN NOT is_open THEN CAST(:batch AS uuid) END, CASE WHEN NOT is_open THEN 'zhang' END,
           CASE WHEN NOT is_open THEN 'li' END, day
    FROM {_MADE} WHERE is_payment
    """,
    f"""
    INSERT INTO posting (id, admdvs, fund, debit_account, credit_account, amount_fen, booking_date, effective_date,
                         cause, cause_id, rlts_traf_id, recorded_at)
    SELECT n, CAST(100000 + area AS text), '310', area * 10 + CASE WHEN is_payment THEN 3 ELSE 1 END,
           area * 10 + CASE WHEN is_payment THEN 1 ELSE 2 END, fen, day, day, 'line', n, case_no, now()
    FROM {_MADE}
    """,
)
_TURNOVER = """
    INSERT INTO account_turnover (account_id, booking_date, debit_fen, credit_fen)
    SELECT account_id, booking_date, sum(debit_fen), sum(credit_fen)
    FROM (
        SELECT debit_account AS account_id, booking_date, amount_fen AS debit_fen, 0 AS credit_fen FROM posting
        UNION ALL
        SELECT credit_account, booking_date, 0, amount_fen FROM posting
    ) side
    GROUP BY account_id, booking_date
"""


async def make_lines(connection: AsyncConnection, *, lines: int, agencies: int) -> None:
    """So many lines, of which every eleventh waits; ``connection`` is the superuser's."""
    values = {"agencies": agencies, "first": FIRST, "days": DAYS, "batch": BATCH, "lines": lines}
    values["slots"] = agencies * DAYS
    # Millions of made-up rows need no proof that what they refer to is there.
    await connection.execute(text("SET LOCAL session_replication_role = replica"))
    for statement in _GROUND:
        await _run(connection, statement, values)
    async with without_indexes(connection, FILLED):
        for since in range(1, lines + 1, _CHUNK):
            span = {"since": since, "until": min(since + _CHUNK - 1, lines)}
            for statement in _ROWS:
                await _run(connection, statement, values | span)
    await connection.execute(text(_TURNOVER))


async def _run(connection: AsyncConnection, statement: str, values: dict[str, object]) -> None:
    wanted = text(statement)
    await connection.execute(wanted, {name: values[name] for name in wanted._bindparams})
