"""Old money items: kept, found again, decided, listed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.opening_items import ItemState, OpeningItem
from ledger.tables import obligation, opening_duplicate, opening_item, payment_order
from shared.database.rowset import ROWS, insert_rows, rowset
from shared.web.line_imports import KeptRow

_ITEM = TypeAdapter(OpeningItem)
_JSON = TypeAdapter(list[dict[str, object]])
_NAMES = tuple(field.name for field in fields(OpeningItem))
_ADD = insert_rows(opening_item, (*_NAMES, "own_ref", "side", "match_name"))
_DECIDED = ("state", "decided_by", "decided_at", "reason", "row_version", "obligation_id")
_GIVEN = rowset(opening_item, ("item_id", *_DECIDED))
_DECIDE = (
    update(opening_item)
    .where(opening_item.c.item_id == _GIVEN.c.item_id)
    .values({name: _GIVEN.c[name] for name in _DECIDED})
)
_NAME_LINES = text(
    """
    WITH named AS (
        UPDATE opening_item i SET line_id = l.id, state = 'booked', decided_by = n.by, decided_at = n.at,
               reason = n.reason, row_version = n.row_version
        FROM jsonb_to_recordset(CAST(:rows AS jsonb))
            AS n (item_id uuid, entry_no int, by text, at timestamptz, reason text, row_version int)
        JOIN statement_line l ON l.file_id = :file_id AND l.entry_no = n.entry_no
        WHERE i.item_id = n.item_id RETURNING l.id
    ) SELECT count(*) FROM named
    """
)
_FIRST_DAYS = text(
    """
    SELECT b.bankacct, min(s.period_from) AS first_day
    FROM bank_account b JOIN statement s ON s.bank_account_id = b.id
    WHERE b.admdvs = :admdvs GROUP BY b.bankacct
    """
)
_LAST_DAY = text(
    """
    SELECT max(booked_on) FROM opening_item
    WHERE admdvs = :admdvs AND bankacct = ANY(:accounts) AND line_id IS NOT NULL AND booked_on >= :since
    """
)
# A number that a sheet has come for since is told like any other.
_ONLY_OLD = text(
    """
    SELECT i.admdvs, i.rlts_traf_id FROM opening_item i
    WHERE i.admdvs = ANY(:agencies) AND i.obligation_id IS NOT NULL AND i.rlts_traf_id = ANY(:cases)
      AND NOT EXISTS (SELECT FROM obligation o
                      WHERE o.rlts_traf_id = i.rlts_traf_id AND o.admdvs = i.admdvs AND o.origin <> 'opening')
    """
)
_DUPLICATES = text(
    """
    SELECT d.item_id, o.rlts_traf_id, o.obligation_no, d.is_same_number, d.is_same_amount,
           d.settled_at IS NOT NULL AS is_settled
    FROM opening_duplicate d JOIN obligation o ON o.id = d.obligation_id
    WHERE d.item_id = ANY(CAST(:items AS uuid[])) ORDER BY d.item_id, d.obligation_id
    """
)
_OUTCOMES = text(
    """
    SELECT i.item_id, o.state, coalesce(o.settled_on, s.settled_on) AS settled_on
    FROM opening_item i
    LEFT JOIN obligation o ON o.id = i.obligation_id
    LEFT JOIN suspense s ON s.line_id = i.line_id
    WHERE i.item_id = ANY(CAST(:items AS uuid[]))
    """
)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item with what became of it; ``duplicates`` are the cases that look like the same money."""

    item: OpeningItem
    obligation_state: str | None
    settled_on: date | None
    is_doubtful: bool
    duplicates: Sequence[dict[str, Any]]


async def add_items(connection: AsyncConnection, items: Sequence[OpeningItem]) -> None:
    """Keep new items."""
    if items:
        await connection.execute(_ADD, {ROWS: [_to_row(item) for item in items]})


async def rows_of_import(
    connection: AsyncConnection, admdvs: str, import_key: str, lines: Sequence[int]
) -> dict[int, KeptRow[UUID]]:
    """By line: the items that an earlier attempt at this import has kept."""
    columns = (opening_item.c.import_line, opening_item.c.item_id, opening_item.c.row_digest)
    query = select(*columns).where(
        opening_item.c.admdvs == admdvs,
        opening_item.c.import_key == import_key,
        opening_item.c.import_line.in_(lines),
    )
    return {row[0]: KeptRow(row[1], row[2]) for row in await connection.execute(query)}


async def refs_taken(connection: AsyncConnection, admdvs: str, items: Sequence[OpeningItem]) -> set[str]:
    """Which own numbers of ``items`` other items of the agency have."""
    c = opening_item.c
    query = select(c.own_ref).where(
        c.admdvs == admdvs,
        c.own_ref.in_([item.own_ref for item in items]),
        c.state != ItemState.REJECTED.value,
        c.item_id.not_in([item.item_id for item in items]),
    )
    return set((await connection.scalars(query)).all())


async def cases_known(connection: AsyncConnection, admdvs: str, items: Sequence[OpeningItem]) -> set[tuple[str, str]]:
    """(side, case) of the items' case numbers that have an obligation already, or stand at another open item."""
    numbers = [item.rlts_traf_id for item in items if item.rlts_traf_id is not None]
    owed = select(obligation.c.side, obligation.c.rlts_traf_id).where(
        obligation.c.admdvs == admdvs, obligation.c.rlts_traf_id.in_(numbers)
    )
    old = select(opening_item.c.side, opening_item.c.rlts_traf_id).where(
        opening_item.c.admdvs == admdvs,
        opening_item.c.rlts_traf_id.in_(numbers),
        opening_item.c.state == ItemState.ENTERED.value,
        opening_item.c.item_id.not_in([item.item_id for item in items]),
    )
    return {(row[0], row[1]) for row in await connection.execute(owed.union(old))}


async def first_days(connection: AsyncConnection, admdvs: str) -> dict[str, date]:
    """By account: the first day that a statement covers."""
    return {row[0]: row[1] for row in await connection.execute(_FIRST_DAYS, {"admdvs": admdvs})}


async def last_old_day(connection: AsyncConnection, admdvs: str, accounts: Collection[str], since: date) -> date | None:
    """The last day, from ``since`` on, of old money on these accounts."""
    values = {"admdvs": admdvs, "accounts": list(accounts), "since": since}
    found: date | None = await connection.scalar(_LAST_DAY, values)
    return found


async def only_old_cases(connection: AsyncConnection, cases: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of (agency, case) the platform knows nothing of, since only an old item bears the number."""
    agencies = sorted({admdvs for admdvs, _ in cases})
    is_there = select(opening_item.c.item_id).where(opening_item.c.admdvs.in_(agencies)).limit(1)
    if not cases or await connection.scalar(is_there) is None:
        return set()
    values = {"agencies": agencies, "cases": [case for _, case in cases]}
    return {(row[0], row[1]) for row in await connection.execute(_ONLY_OLD, values)} & set(cases)


async def lock_items(connection: AsyncConnection, admdvs: str, ids: Collection[UUID]) -> dict[UUID, OpeningItem]:
    """Items of the agency, locked in the order of their ids."""
    query = _items().where(opening_item.c.admdvs == admdvs, opening_item.c.item_id.in_(sorted(set(ids))))
    rows = await connection.execute(query.order_by(opening_item.c.item_id).with_for_update())
    return {row["item_id"]: _to_item(row) for row in rows.mappings()}


async def save_decided(connection: AsyncConnection, items: Sequence[OpeningItem]) -> None:
    """Keep what the second person said, and the obligations that arose."""
    if items:
        await connection.execute(_DECIDE, {ROWS: [_to_row(item) for item in items]})


async def save_lines(connection: AsyncConnection, items: Sequence[OpeningItem], file_id: UUID) -> None:
    """Keep approved money that waits, with the lines of the file that hold it, in the order of ``items``."""
    rows: list[dict[str, object]] = [
        {
            "item_id": str(item.item_id),
            "entry_no": number,
            "by": item.decided_by,
            "at": item.decided_at.isoformat() if item.decided_at else None,
            "reason": item.reason,
            "row_version": item.row_version,
        }
        for number, item in enumerate(items, 1)
    ]
    await connection.execute(_NAME_LINES, {"rows": _JSON.dump_json(rows).decode(), "file_id": file_id})


async def has_moved(connection: AsyncConnection, obligation_id: int) -> bool:
    """Whether the money of an old obligation has been released, or has come."""
    has_come = or_(obligation.c.state != "open", obligation.c.claimed_fen > 0)
    owed = select(obligation.c.id).where(obligation.c.id == obligation_id, has_come)
    sent = select(payment_order.c.obligation_id).where(
        payment_order.c.obligation_id == obligation_id, payment_order.c.state.in_(("released", "paid", "returned"))
    )
    return (await connection.execute(owed.union(sent))).first() is not None


async def list_items(
    connection: AsyncConnection,
    admdvs: str,
    *,
    state: str | None = None,
    kind: str | None = None,
    is_doubtful: bool | None = None,
    item_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 1,
) -> list[ItemRow]:
    """The agency's items, oldest first, up to ``limit + 1``; or the one of ``item_id``."""
    query = _items().where(opening_item.c.admdvs == admdvs)
    for column, value in (("state", state), ("kind", kind), ("item_id", item_id)):
        if value is not None:
            query = query.where(opening_item.c[column] == value)
    if is_doubtful is not None:
        open_pair = select(opening_duplicate.c.item_id).where(
            opening_duplicate.c.item_id == opening_item.c.item_id, opening_duplicate.c.settled_at.is_(None)
        )
        query = query.where(open_pair.exists() if is_doubtful else ~open_pair.exists())
    if after is not None:
        query = query.where(opening_item.c.item_id > after)
    rows = await connection.execute(query.order_by(opening_item.c.item_id).limit(limit + 1))
    return await _with_outcomes(connection, [_to_item(row) for row in rows.mappings()])


async def _with_outcomes(connection: AsyncConnection, items: Sequence[OpeningItem]) -> list[ItemRow]:
    pairs: dict[UUID, list[dict[str, Any]]] = {item.item_id: [] for item in items}
    found = await connection.execute(_DUPLICATES, {"items": list(pairs)})
    for row in found.mappings():
        pairs[row["item_id"]].append(dict(row))
    outcomes = {row.item_id: row for row in await connection.execute(_OUTCOMES, {"items": list(pairs)})}
    return [
        ItemRow(
            item,
            outcomes[item.item_id].state,
            outcomes[item.item_id].settled_on,
            any(not each["is_settled"] for each in pairs[item.item_id]),
            pairs[item.item_id],
        )
        for item in items
    ]


def _items() -> Any:
    return select(*(opening_item.c[name] for name in _NAMES))


def _to_row(item: OpeningItem) -> dict[str, object]:
    row: dict[str, object] = _ITEM.dump_python(item, mode="json")
    side = None if item.side is None else item.side.value
    return row | {"own_ref": item.own_ref, "side": side, "match_name": item.match_name}


def _to_item(row: RowMapping) -> OpeningItem:
    return _ITEM.validate_python(dict(row))
