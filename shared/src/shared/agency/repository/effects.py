"""Keeping as our own records what the core has carried out."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.agency.core import CoreResult, TaskKind

_RESULTS = """
WITH r AS (
    SELECT * FROM jsonb_to_recordset(CAST(:results AS jsonb)) AS r(
        task_id uuid, admdvs text, rlts_traf_id text, psn_no text, psn_insu_rlts_id text, kind text,
        step text, effective_date date, amount bigint, balc bigint, trafin_admdvs text, periods jsonb,
        at timestamptz)
)
"""


def _over_results(statement: str) -> TextClause:
    """``statement`` over ``r``, the results handed in as one JSON array."""
    return text(_RESULTS + statement)


_EFFECTS: dict[TaskKind, TextClause] = {
    TaskKind.SUSPEND_RELATION: _over_results(
        """INSERT INTO relation_hold (task_id, admdvs, psn_no, psn_insu_rlts_id, rlts_traf_id, held_at)
        SELECT task_id, admdvs, psn_no, psn_insu_rlts_id, rlts_traf_id, at FROM r ON CONFLICT DO NOTHING"""
    ),
    TaskKind.RESUME_RELATION: _over_results(
        """UPDATE relation_hold h SET released_at = r.at FROM r
        WHERE h.admdvs = r.admdvs AND h.psn_no = r.psn_no AND h.rlts_traf_id = r.rlts_traf_id
          AND h.released_at IS NULL"""
    ),
    TaskKind.FREEZE_ACCOUNT: _over_results(
        """INSERT INTO account_freeze (task_id, admdvs, psn_no, rlts_traf_id, balc, frozen_at)
        SELECT task_id, admdvs, psn_no, rlts_traf_id, COALESCE(balc, 0), at FROM r ON CONFLICT DO NOTHING"""
    ),
    TaskKind.UNFREEZE_ACCOUNT: _over_results(
        """UPDATE account_freeze f SET released_at = r.at FROM r
        WHERE f.admdvs = r.admdvs AND f.psn_no = r.psn_no AND f.rlts_traf_id = r.rlts_traf_id
          AND f.released_at IS NULL"""
    ),
    TaskKind.TERMINATE_RELATION: _over_results(
        """INSERT INTO relation_end (admdvs, psn_no, psn_insu_rlts_id, rlts_traf_id, trafin_admdvs, ended_on,
                                       recorded_at)
        SELECT admdvs, psn_no, psn_insu_rlts_id, rlts_traf_id, trafin_admdvs, effective_date, at FROM r
        ON CONFLICT DO NOTHING"""
    ),
    TaskKind.IMPORT_PERIODS: _over_results(
        """INSERT INTO period_taken_over (admdvs, rlts_traf_id, sheet_version, row_no, psn_no, sheet_row,
                                          taken_over_at)
        SELECT r.admdvs, r.rlts_traf_id, CAST(r.step AS int), CAST(p.value ->> 'row_no' AS int), r.psn_no, p.value,
               r.at
        FROM r CROSS JOIN LATERAL jsonb_array_elements(r.periods) AS p(value) ON CONFLICT DO NOTHING"""
    ),
}
_MOVE = _over_results(
    """INSERT INTO account_movement (task_id, admdvs, psn_no, rlts_traf_id, kind, amount, booked_on, booked_at)
    SELECT task_id, admdvs, psn_no, rlts_traf_id, kind,
           CASE kind WHEN 'credit_account' THEN amount ELSE -amount END, effective_date, at
    FROM r WHERE amount IS NOT NULL ON CONFLICT DO NOTHING"""
)
_TAKE_BACK = _over_results(
    """INSERT INTO period_reversal (admdvs, rlts_traf_id, sheet_version, reversed_at)
    SELECT admdvs, rlts_traf_id, CAST(split_part(step, '-', 2) AS int), at FROM r
    WHERE kind = 'reverse_entry' AND amount IS NULL ON CONFLICT DO NOTHING"""
)
"""``reverse_entry`` without an amount takes back the periods of a version: its step is ``import-<version>``."""
_MOVING = (TaskKind.DEBIT_ACCOUNT, TaskKind.CREDIT_ACCOUNT, TaskKind.REVERSE_ENTRY)


async def apply_effects(connection: AsyncConnection, done: Sequence[CoreResult]) -> None:
    """Keep as our own records what the core has done; the same again changes nothing.

    ``allow_back_payment`` and ``revoke_back_payment`` leave no record of ours. One statement per kind.
    """
    for kind in TaskKind:
        results = [each for each in done if each.task.kind == kind]
        statement = _MOVE if kind in _MOVING else _EFFECTS.get(kind)
        if results and statement is not None:
            await connection.execute(statement, {"results": _dump(results)})
            if kind is TaskKind.REVERSE_ENTRY:
                await connection.execute(_TAKE_BACK, {"results": _dump(results)})


def _dump(results: Sequence[CoreResult]) -> str:
    return json.dumps([_to_row(each) for each in results], default=_isoformat)


def _isoformat(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _to_row(result: CoreResult) -> dict[str, object]:
    task = result.task
    return {
        "task_id": task.task_id,
        "admdvs": task.admdvs,
        "rlts_traf_id": task.rlts_traf_id,
        "psn_no": task.psn_no,
        "psn_insu_rlts_id": task.psn_insu_rlts_id,
        "kind": task.kind.value,
        "step": task.step,
        "effective_date": task.effective_date,
        "amount": task.amount,
        "balc": result.answer.balc,
        "trafin_admdvs": task.trafin_admdvs,
        "periods": [row.model_dump(mode="json") for row in task.periods],
        "at": result.answer.at,
    }
