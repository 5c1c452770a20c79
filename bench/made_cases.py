"""Made-up cases by SQL, as many as wanted, the same for the same seed: for measuring and checking the statistics."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.repository import roll_up

_MADE = """
    CREATE TEMPORARY TABLE made AS
    SELECT i, 'M' || lpad(i::text, 15, '0') AS id, areas[1 + floor(random() * cardinality(areas))] AS trafout,
           areas[1 + floor(random() * cardinality(areas))] AS trafin,
           CASE WHEN random() < 0.8 THEN '310' ELSE '390' END AS scheme_out,
           CASE WHEN random() < 0.7 THEN '310' ELSE '390' END AS scheme_in,
           CAST(:first AS date) + interval '9 hours' + random() * CAST(:days AS int) * interval '1 day' AS applied_at,
           1 + floor(random() * 8)::int AS county, floor(random() * 3000000)::bigint AS amount,
           1 + floor(random() * 20)::int AS days_out, 1 + floor(random() * 9)::int AS days_in,
           1 + floor(random() * 15)::int AS days_paid, random() AS fate, random() AS money_fate, random() AS return_fate
    FROM generate_series(1, CAST(:cases AS int)) AS i, (SELECT CAST(:areas AS text[]) AS areas) a
"""
_FATES = """
    CREATE TEMPORARY TABLE fated AS
    SELECT f.*, state IN ('inbound_processing', 'returned', 'terminated', 'completed') AS has_sheet,
           state NOT IN ('checking', 'refused') AS is_accepted,
           state = 'completed' AND money IN ('none', 'credited') AS is_closed
    FROM (SELECT m.*, m.applied_at + m.days_out * interval '1 day' AS sheet_at,
           m.applied_at + (m.days_out + m.days_in) * interval '1 day' AS done_at,
           (m.applied_at + (m.days_out + m.days_paid) * interval '1 day')::date AS paid_on,
           CASE WHEN fate < 0.07 THEN 'refused' WHEN fate < 0.09 THEN 'withdrawn' WHEN fate < 0.10 THEN 'terminated'
                WHEN NOT may_be_open THEN 'completed'
                WHEN fate < 0.12 THEN 'checking' WHEN fate < 0.18 THEN 'accepted'
                WHEN fate < 0.30 THEN 'outbound_processing' WHEN fate < 0.42 THEN 'inbound_processing'
                WHEN fate < 0.45 THEN 'returned' ELSE 'completed' END AS state,
           CASE WHEN money_fate < 0.08 THEN 'none' WHEN NOT may_be_open THEN 'credited'
                WHEN money_fate < 0.20 THEN 'awaiting_payment' WHEN money_fate < 0.30 THEN 'paid'
                WHEN money_fate < 0.33 THEN 'mismatched' WHEN money_fate < 0.35 THEN 'returned_to_payer'
                ELSE 'credited' END AS money
    -- What was applied for long ago is finished, but for a few that are stuck.
    FROM (SELECT *, return_fate < 0.01 OR applied_at > CAST(:last AS date) - 60 AS may_be_open
          FROM made) m) f
"""
_CASES = """
    INSERT INTO transfer_case (rlts_traf_id, lodged, person_key, trafout_admdvs, trafin_admdvs, trafout_insutype,
        trafin_insutype, applicant_subject, applied_at, state, state_since, is_duplicate, reasons, unknown_sides,
        outbound_check, inbound_check, acct_disposition, accepted_at, sheet_version, completed_at, money_state,
        closed_at, check_attempts, origin, row_version)
    SELECT id, '{"application": {"psn_name": "某", "certno": "111111199001011111"}, "opt_chnl": "platform"}',
        '01:' || i, trafout, trafin, scheme_out, scheme_in, 'hall', applied_at, state,
        CASE WHEN state IN ('completed', 'terminated', 'returned') THEN done_at WHEN has_sheet THEN sheet_at
             ELSE applied_at + interval '1 day' END, false, '[]', '[]',
        jsonb_build_object('facts', jsonb_build_object('relations', jsonb_build_array(jsonb_build_object(
            'insutype', scheme_out, 'insu_admdvs', left(trafout, 4) || lpad(county::text, 2, '0'))))),
        jsonb_build_object('facts', jsonb_build_object('relations', jsonb_build_array(jsonb_build_object(
            'insutype', scheme_in, 'insu_admdvs', left(trafin, 4) || lpad(county::text, 2, '0'))))),
        'transfer', CASE WHEN is_accepted THEN applied_at + interval '1 minute' END,
        CASE WHEN has_sheet THEN 1 ELSE 0 END, CASE WHEN state = 'completed' THEN done_at END,
        CASE WHEN has_sheet THEN money ELSE 'unknown' END,
        CASE WHEN is_closed THEN greatest(done_at, paid_on) END, 1,
        CASE WHEN i % 50 = 0 THEN 'paper' ELSE 'electronic' END, 1
    FROM fated
"""

_LINES = """
    INSERT INTO case_history (rlts_traf_id, at, command, from_state, to_state, is_allowed, actor, reason)
    SELECT id, at, command, from_state, to_state, is_allowed, 'made', reason FROM (
        SELECT id, applied_at AS at, 'apply' AS command, NULL AS from_state, 'checking' AS to_state,
               true AS is_allowed, NULL AS reason FROM fated
        UNION ALL SELECT id, applied_at + interval '1 minute', 'accept', 'checking', 'accepted', true, NULL
            FROM fated WHERE is_accepted
        UNION ALL SELECT id, applied_at + interval '1 day', 'refuse', 'checking', 'refused', true, 'A01'
            FROM fated WHERE state = 'refused'
        UNION ALL SELECT id, applied_at + interval '2 minutes', 'begin_outbound', 'accepted', 'outbound_processing',
            true, NULL FROM fated WHERE is_accepted AND state NOT IN ('accepted', 'withdrawn')
        UNION ALL SELECT id, applied_at + interval '1 day', 'withdraw', 'accepted', 'withdrawn', true, NULL
            FROM fated WHERE state = 'withdrawn'
        UNION ALL SELECT id, applied_at + interval '2 days', 'withdraw', state, state, false, NULL
            FROM fated WHERE state = 'completed' AND return_fate < 0.01
        UNION ALL SELECT id, sheet_at, 'take_sheet', 'outbound_processing', 'sheet_issued', true, NULL
            FROM fated WHERE has_sheet
        UNION ALL SELECT id, sheet_at, 'route_sheet', 'sheet_issued', 'inbound_processing', true, NULL
            FROM fated WHERE has_sheet
        UNION ALL SELECT id, done_at, 'return_sheet', 'inbound_processing', 'returned', true,
            'v1: S0' || (1 + county % 6) || CASE WHEN county = 1 THEN ',S06' ELSE '' END
            FROM fated WHERE state = 'returned' OR (state = 'completed' AND return_fate < 0.05)
        UNION ALL SELECT id, done_at, 'take_sheet', 'outbound_processing', 'sheet_issued', true, NULL
            FROM fated WHERE state = 'completed' AND return_fate < 0.05
        UNION ALL SELECT id, done_at, 'complete', 'inbound_processing', 'completed', true, NULL
            FROM fated WHERE state = 'completed'
        UNION ALL SELECT id, done_at, 'terminate', 'inbound_processing', 'terminated', true, 'death'
            FROM fated WHERE state = 'terminated'
        UNION ALL SELECT id, greatest(done_at, paid_on), 'closed', 'completed', 'completed', true, NULL
            FROM fated WHERE is_closed
    ) lines ORDER BY at, id
"""

_CLOCKS = """
    INSERT INTO deadline (rlts_traf_id, kind, sheet_version, started_on, days, due_on, warn_on, is_provisional, skipped,
        source, stopped_at)
    SELECT id, kind, sheet_version, started_on, days, started_on + days, started_on + days, false, '[]', 'made',
           stopped_at
    FROM (
        SELECT id, 'outbound' AS kind, 0 AS sheet_version, applied_at::date AS started_on, 14 AS days,
               CASE WHEN has_sheet THEN sheet_at WHEN state = 'withdrawn' THEN applied_at + interval '1 day'
               END AS stopped_at FROM fated WHERE is_accepted
        UNION ALL SELECT id, 'total', 0, applied_at::date, 21,
               CASE WHEN state IN ('completed', 'terminated') THEN done_at
                    WHEN state = 'withdrawn' THEN applied_at + interval '1 day' END FROM fated WHERE is_accepted
        UNION ALL SELECT id, 'inbound', 1, sheet_at::date, 7,
               CASE WHEN state <> 'inbound_processing' THEN done_at END FROM fated WHERE has_sheet
        UNION ALL SELECT id, 'payment', 1, sheet_at::date, 14,
               CASE WHEN state = 'terminated' THEN done_at WHEN money IN ('paid', 'mismatched', 'credited')
               THEN paid_on + interval '8 hours' END FROM fated WHERE has_sheet AND money <> 'none'
    ) clocks
"""

_SHEETS = """
    INSERT INTO sheet (rlts_traf_id, sheet_version, sealed_sheet, sheet_digest, arrival, arrived_at, amount,
        acct_disposition, message_id)
    SELECT id, 1, '', md5(id), '', sheet_at, CASE WHEN money = 'none' THEN 0 ELSE amount END, 'transfer',
           gen_random_uuid() FROM fated WHERE has_sheet ORDER BY sheet_at
"""

_FACTS = """
    INSERT INTO money_fact (rlts_traf_id, kind, amount, booked_on, obligation_no, receipt_no, sender, message_id,
        recorded_at)
    SELECT id, kind, amount, booked_on, '1', CASE WHEN kind IN ('received', 'matched') THEN 'r' || id END, sender,
           gen_random_uuid(), booked_on
    FROM (
        SELECT id, 'paid' AS kind, amount, paid_on AS booked_on, 'ledger.' || trafout AS sender FROM fated
            WHERE has_sheet AND money IN ('paid', 'mismatched', 'returned_to_payer', 'credited')
        UNION ALL SELECT id, 'returned', amount, paid_on + 2, 'ledger.' || trafout FROM fated
            WHERE has_sheet AND money = 'returned_to_payer'
        UNION ALL SELECT id, 'received', amount, paid_on + 1, 'ledger.' || trafin FROM fated
            WHERE has_sheet AND money IN ('mismatched', 'returned_to_payer', 'credited')
        UNION ALL SELECT id, 'matched', amount, paid_on + 1, 'ledger.' || trafin FROM fated
            WHERE has_sheet AND money = 'credited'
        UNION ALL SELECT id, 'credited', amount, paid_on + 1, 'inbound.' || trafin FROM fated
            WHERE has_sheet AND money = 'credited'
    ) facts ORDER BY booked_on
"""


async def make_cases(
    connection: AsyncConnection, areas: Sequence[str], *, cases: int, first: date, days: int, seed: int
) -> None:
    """Put ``cases`` cases of all fates, applied for within ``days`` from ``first`` on, into an empty platform database.

    Needs a connection of the owner in a transaction. Every case is marked to be counted.
    """
    values = {"areas": list(areas), "cases": cases, "first": first, "days": days}
    await connection.execute(text("SET LOCAL timezone = 'Asia/Shanghai'"))
    await connection.execute(text("SELECT setseed(:seed)"), {"seed": seed / 2**31})
    await connection.execute(text(_MADE), values)
    await connection.execute(text(_FATES), {"last": first + timedelta(days=days)})
    for statement in (_CASES, _LINES, _CLOCKS, _SHEETS, _FACTS):
        await connection.execute(text(statement))
    await roll_up.mark_all(connection, datetime.now(UTC))
    await connection.execute(text("DROP TABLE fated, made"))
