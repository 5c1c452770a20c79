"""Matches of the ledger, and credits that rest on them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.credit import Match

_ADD = text("""
INSERT INTO balance_match (rlts_traf_id, obligation_no, amount, receipt_no, matched_at, recorded_at)
SELECT m.rlts_traf_id, m.obligation_no, m.amount, m.receipt_no, m.matched_at, :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS m(
    rlts_traf_id text, obligation_no text, amount bigint, receipt_no text, matched_at timestamptz)
ON CONFLICT (rlts_traf_id, obligation_no) DO NOTHING
""")
_MATCHES = text("""
SELECT m.rlts_traf_id, m.obligation_no, m.amount, m.receipt_no, m.matched_at,
       c.rlts_traf_id IS NOT NULL AS is_credit_opened, coalesce(c.amount, 0) AS credited
FROM balance_match m LEFT JOIN balance_credit c USING (rlts_traf_id, obligation_no)
WHERE m.rlts_traf_id = ANY(:cases) ORDER BY m.rlts_traf_id, m.obligation_no
""")
_OPEN = text("""
INSERT INTO balance_credit (rlts_traf_id, obligation_no, amount, matched_amount, opened_at)
SELECT c.rlts_traf_id, c.obligation_no, c.amount, c.matched_amount, :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS c(
    rlts_traf_id text, obligation_no text, amount bigint, matched_amount bigint)
""")
_CONFIRM = text("""
UPDATE balance_credit b SET credited_on = c.credited_on, core_ref = c.core_ref, core_failure = c.core_failure
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS c(
    rlts_traf_id text, obligation_no text, credited_on date, core_ref text, core_failure text)
WHERE b.rlts_traf_id = c.rlts_traf_id AND b.obligation_no = c.obligation_no AND b.credited_on IS NULL
""")
_TRACK = text("""
SELECT m.obligation_no, m.amount, m.receipt_no, m.matched_at, c.opened_at, c.credited_on, c.core_ref, c.core_failure
FROM balance_match m LEFT JOIN balance_credit c USING (rlts_traf_id, obligation_no)
WHERE m.rlts_traf_id = :case ORDER BY m.matched_at, m.obligation_no
""")


@dataclass(frozen=True, slots=True)
class CreditOutcome:
    """What the core said of one credit: done on a date (Shanghai), or why not."""

    rlts_traf_id: str
    obligation_no: str
    credited_on: date | None = None
    core_ref: str | None = None
    core_failure: str | None = None


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One matched obligation and what became of its credit; amount in fen."""

    obligation_no: str
    amount: int
    receipt_no: str
    matched_at: datetime
    opened_at: datetime | None
    credited_on: date | None
    core_ref: str | None
    core_failure: str | None


async def add_matches(connection: AsyncConnection, matches: Sequence[Match], *, now: datetime) -> None:
    """Keep the ledger's matches; the first one of an obligation counts."""
    rows = [
        {
            "rlts_traf_id": each.rlts_traf_id,
            "obligation_no": each.obligation_no,
            "amount": each.amount,
            "receipt_no": each.receipt_no,
            "matched_at": each.matched_at.isoformat(),
        }
        for each in matches
    ]
    await connection.execute(_ADD, {"rows": json.dumps(rows), "now": now})


async def matches_of(connection: AsyncConnection, cases: Collection[str]) -> dict[str, list[Match]]:
    """All matches of these cases."""
    found: dict[str, list[Match]] = {case: [] for case in cases}
    for row in (await connection.execute(_MATCHES, {"cases": sorted(cases)})).mappings():
        found[row["rlts_traf_id"]].append(Match(**row))
    return found


async def open_credits(connection: AsyncConnection, shares: Sequence[tuple[Match, int]], *, now: datetime) -> None:
    """Note how much of these the core is asked to credit; the database refuses one without its match."""
    rows = [
        {
            "rlts_traf_id": each.rlts_traf_id,
            "obligation_no": each.obligation_no,
            "amount": amount,
            "matched_amount": each.amount,
        }
        for each, amount in shares
    ]
    await connection.execute(_OPEN, {"rows": json.dumps(rows), "now": now})


async def confirm_credits(connection: AsyncConnection, outcomes: Sequence[CreditOutcome]) -> None:
    """Note what the core said."""
    rows = [
        {
            "rlts_traf_id": each.rlts_traf_id,
            "obligation_no": each.obligation_no,
            "credited_on": each.credited_on.isoformat() if each.credited_on else None,
            "core_ref": each.core_ref,
            "core_failure": each.core_failure,
        }
        for each in outcomes
    ]
    await connection.execute(_CONFIRM, {"rows": json.dumps(rows)})


async def money_track(connection: AsyncConnection, rlts_traf_id: str) -> list[MoneyLine]:
    """The money of one case as this side knows it."""
    return [MoneyLine(**row) for row in (await connection.execute(_TRACK, {"case": rlts_traf_id})).mappings()]
