"""Changes of a line's class, and the postings and suspense items that follow them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.line_classes import OTHER_THAN_TRANSFER, LineClass
from ledger.domain.reclassification import ClassedLine
from ledger.domain.statement import Direction
from ledger.domain.suspense import ADVICE
from ledger.repository.left import restated
from ledger.tables import adjustment, line_class_change

_LINES = text(
    f"""
    SELECT l.id, l.direction, l.booked_on, coalesce(last.to_class, l.line_class) AS line_class,
           coalesce(last.change_no, 0) AS change_count, l.reference_count > 0 AS names_case,
           EXISTS (SELECT FROM claim c WHERE c.line_id = l.id AND c.undone_on IS NULL)
             OR EXISTS (SELECT FROM fund_request f WHERE f.line_id = l.id)
             OR EXISTS (SELECT FROM clearing c WHERE c.credit_line_id = l.id OR c.debit_line_id = l.id)
             OR EXISTS (SELECT FROM payment_order o WHERE o.returns_line_id = l.id
                        AND o.state NOT IN ('cancelled', 'rejected'))
             OR {restated("l.id")} AS is_claimed,
           s.settled_on AS left_suspense_on
    FROM statement_line l
    LEFT JOIN LATERAL (
        SELECT to_class, change_no FROM line_class_change WHERE line_id = l.id ORDER BY change_no DESC LIMIT 1
    ) last ON true
    LEFT JOIN suspense s ON s.line_id = l.id
    WHERE l.admdvs = :admdvs AND l.id = ANY(:ids)
    ORDER BY l.id
    """  # noqa: S608  # only our own SQL is put in
)
_CHANGE = text(
    """
    WITH told AS (
        SELECT * FROM unnest(CAST(:line_ids AS bigint[]), CAST(:numbers AS integer[]), CAST(:froms AS text[]),
                             CAST(:days AS date[]), CAST(:adjustment_ids AS uuid[]))
        AS t (line_id, change_no, from_class, booked_on, adjustment_id)
    )
    INSERT INTO line_class_change (admdvs, line_id, change_no, from_class, to_class, reason, booked_on, changed_by,
                                   changed_at, adjustment_id, adjustment_state)
    SELECT a.admdvs, t.line_id, t.change_no, t.from_class, a.to_class, a.reason, t.booked_on, a.proposed_by, :now,
           a.id, a.state
    FROM told t JOIN adjustment a ON a.id = t.adjustment_id ORDER BY t.line_id
    RETURNING id
    """
)
# Each line has one posting that stands: its own, that of its last change, or that of a claim that was undone,
# whichever is not reversed.
_MOVE = text(
    """
    WITH change AS MATERIALIZED (
        SELECT c.id, c.line_id, c.booked_on, c.reason, c.to_class = ANY(:others) AS is_other, l.direction, l.value_on,
               l.amount_fen, l.rlts_traf_id, b.admdvs, b.fund, b.other_business,
               CASE WHEN l.statement_id IS NULL THEN b.other_business ELSE b.deposit END AS deposit,
               CASE l.direction WHEN 'C' THEN b.temporary_receipts ELSE b.temporary_payments END AS suspense
        FROM line_class_change c
        JOIN statement_line l ON l.id = c.line_id
        JOIN bank_account_books b ON b.bank_account_id = l.bank_account_id
        WHERE c.id = ANY(:ids)
    ), standing AS (
        SELECT p.*, c.booked_on AS moved_on, c.reason AS why
        FROM change c
        JOIN posting p ON (p.cause = 'line' AND p.cause_id = c.line_id)
          OR (p.cause = 'reclassification'
              AND p.cause_id IN (SELECT e.id FROM line_class_change e WHERE e.line_id = c.line_id))
          OR (p.cause = 'undone_claim' AND p.cause_id IN (SELECT m.id FROM claim m
                                                              WHERE m.line_id = c.line_id AND m.undone_on IS NOT NULL))
        WHERE NOT EXISTS (SELECT FROM posting r WHERE r.reverses = p.id)
    )
    INSERT INTO posting (admdvs, fund, dimension, debit_account, credit_account, amount_fen, booking_date,
                         effective_date, cause, cause_id, rlts_traf_id, reverses, reason, recorded_at)
    SELECT admdvs, fund, dimension, credit_account, debit_account, amount_fen, moved_on, effective_date, 'correction',
           id, rlts_traf_id, id, why, CAST(:now AS timestamptz)
    FROM standing
    UNION ALL
    SELECT admdvs, fund, 'personal_account',
           CASE WHEN direction = 'C' THEN deposit WHEN is_other THEN other_business ELSE suspense END,
           CASE WHEN direction = 'D' THEN deposit WHEN is_other THEN other_business ELSE suspense END,
           amount_fen, booked_on, value_on, 'reclassification', id, rlts_traf_id, NULL, NULL, CAST(:now AS timestamptz)
    FROM change
    WHERE NOT (is_other AND deposit = other_business)
    """
)
_SUSPEND = text(
    """
    WITH change AS (
        SELECT c.line_id, c.booked_on, c.to_class = ANY(:others) AS is_other, l.admdvs, l.kind, l.rlts_traf_id,
               l.amount_fen,
               CASE WHEN l.foreign_currency IS NOT NULL THEN 'foreign_currency'
                    WHEN l.is_return THEN 'return_unlinked' ELSE 'no_reference' END AS reason
        FROM line_class_change c JOIN statement_line l ON l.id = c.line_id
        WHERE c.id = ANY(:ids)
    ), closed AS (
        UPDATE suspense s SET settled_on = c.booked_on, version = s.version + 1 FROM change c
        WHERE s.line_id = c.line_id AND c.is_other AND s.settled_on IS NULL
    )
    INSERT INTO suspense AS present (line_id, admdvs, kind, reason, owner, amount_fen, booked_on, opened_at,
                                     rlts_traf_id)
    SELECT c.line_id, c.admdvs, c.kind, c.reason, o.owner, c.amount_fen, c.booked_on, :now, c.rlts_traf_id
    FROM change c
    JOIN unnest(CAST(:reasons AS text[]), CAST(:owners AS text[])) AS o (reason, owner) ON o.reason = c.reason
    WHERE NOT c.is_other
    ON CONFLICT (line_id) DO UPDATE SET settled_on = NULL, version = present.version + 1
    """
)


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of a line."""

    line: ClassedLine
    to: LineClass
    booked_on: date
    adjustment_id: UUID


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change as it is kept."""

    from_class: str
    to_class: str
    reason: str
    changed_by: str
    changed_at: datetime
    approved_by: str | None


async def lines(connection: AsyncConnection, admdvs: str, ids: Sequence[int]) -> list[ClassedLine]:
    """The agency's lines among ``ids``; the caller holds the agency's matching lock."""
    rows = await connection.execute(_LINES, {"admdvs": admdvs, "ids": list(ids)})
    return [
        ClassedLine(**{**row._mapping, "direction": Direction(row.direction), "line_class": LineClass(row.line_class)})
        for row in rows
    ]


async def changes_of(connection: AsyncConnection, line_id: int) -> list[ChangeRow]:
    """Every change of a line, in order."""
    own = (line_class_change.c[name] for name in ChangeRow.__dataclass_fields__ if name != "approved_by")
    joined = line_class_change.outerjoin(adjustment, adjustment.c.id == line_class_change.c.adjustment_id)
    query = select(*own, adjustment.c.decided_by.label("approved_by")).select_from(joined)
    query = query.where(line_class_change.c.line_id == line_id).order_by(line_class_change.c.change_no)
    return [ChangeRow(**row._mapping) for row in await connection.execute(query)]


async def add(connection: AsyncConnection, changes: Sequence[Change], *, now: datetime) -> list[int]:
    """Keep changes that approved adjustments make; their ids, in the order of the lines."""
    ordered = sorted(changes, key=lambda change: change.line.id)
    values = {
        "line_ids": [change.line.id for change in ordered],
        "numbers": [change.line.change_count + 1 for change in ordered],
        "froms": [change.line.line_class.value for change in ordered],
        "days": [change.booked_on for change in ordered],
        "adjustment_ids": [change.adjustment_id for change in ordered],
        "now": now,
    }
    return list((await connection.scalars(_CHANGE, values)).all())


async def move(connection: AsyncConnection, change_ids: Sequence[int], *, now: datetime) -> None:
    """Reverse the posting that stands for each changed line, post it anew, and open or close its suspense item."""
    shared = {"ids": list(change_ids), "others": sorted(OTHER_THAN_TRANSFER), "now": now}
    await connection.execute(_MOVE, shared)
    owners = {"reasons": [reason.value for reason in ADVICE], "owners": [advice.owner for advice in ADVICE.values()]}
    await connection.execute(_SUSPEND, shared | owners)
