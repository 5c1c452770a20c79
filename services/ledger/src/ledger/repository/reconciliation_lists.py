"""The lists of the reports, page by page or one row after the other; each item with the amount it had on the day."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.reconciliation import ReportPeriod
from ledger.domain.report_lists import Section, Settling, reasons_of
from ledger.domain.suspense import LineKind, SuspenseReason
from ledger.repository.standing import NO_LONGER, OWED_PAGE, WAITING_PAGE, WAITING_PAGES

Key = tuple[str | int, ...]
"""An item's place in its list."""
_BATCH = 1000
# All lists have the same columns in the same order, as ``_item`` takes them: the place in the list (of matched items in
# three parts), then what is shown. Each branch stops by itself, at the end of the day on which the page is full.
_MATCHED = text(
    """
    SELECT m.matched_on, m.part, m.id, coalesce(m.kind, l.kind) AS kind, m.line_id,
           CASE WHEN m.obligation_id IS NULL THEN l.rlts_traf_id ELSE o.rlts_traf_id END AS rlts_traf_id,
           o.obligation_no, m.amount_fen, l.booked_on AS since, CAST(NULL AS text) AS reason,
           CAST(NULL AS bigint) AS difference_fen, CAST(NULL AS text) AS owner, false AS is_carried, m.settled_as,
           CAST(NULL AS text) AS other_admdvs
    FROM (
        (SELECT claimed_on AS matched_on, 0 AS part, id, kind, 'claim' AS settled_as, line_id, obligation_id, amount_fen
         FROM claim
         WHERE admdvs = :admdvs AND claimed_on BETWEEN greatest(CAST(:since AS date), :after_on) AND :day
           AND (undone_on IS NULL OR undone_on > :day) AND (claimed_on, 0, id) > (:after_on, :after_part, :after_id)
         ORDER BY claimed_on, id LIMIT :limit)
        UNION ALL
        (SELECT cleared_on, 1, id, NULL, kind, coalesce(credit_line_id, debit_line_id), NULL, amount_fen
         FROM clearing
         WHERE admdvs = :admdvs AND cleared_on BETWEEN greatest(CAST(:since AS date), :after_on) AND :day
           AND (cleared_on, 1, id) > (:after_on, :after_part, :after_id)
         ORDER BY cleared_on, id LIMIT :limit)
        ORDER BY matched_on, part, id LIMIT :limit
    ) m
    JOIN statement_line l ON l.id = m.line_id
    LEFT JOIN obligation o ON o.id = m.obligation_id
    ORDER BY m.matched_on, m.part, m.id
    """
)
_WAITING_OF = """
    SELECT w.booked_on, CAST(NULL AS int) AS part, w.line_id AS id, w.kind, w.line_id, s.rlts_traf_id,
           CAST(NULL AS text) AS obligation_no, w.open_fen AS amount_fen, w.booked_on AS since, w.reason,
           CASE WHEN p.owner IS NULL THEN s.difference_fen ELSE p.difference_fen END AS difference_fen,
           coalesce(p.owner, s.owner) AS owner, w.booked_on < :since AS is_carried, CAST(NULL AS text) AS settled_as,
           CAST(NULL AS text) AS other_admdvs {section}
    FROM {page} w JOIN suspense s ON s.line_id = w.line_id
    LEFT JOIN LATERAL (
        SELECT owner, difference_fen FROM suspense_past
        WHERE line_id = w.line_id AND until_on > :day ORDER BY until_on LIMIT 1
    ) p ON true
    ORDER BY w.booked_on, w.line_id
"""
_WAITING = text(_WAITING_OF.format(section="", page=WAITING_PAGE))
# The first pages of several lists by one plan.
_SECTIONS = """
    (SELECT section, string_to_array(reasons, ',') AS reasons
     FROM unnest(CAST(:sections AS text[]), CAST(:reason_lists AS text[])) AS l (section, reasons) OFFSET 0) x
"""
_PAGES = f"{_SECTIONS} CROSS JOIN LATERAL {WAITING_PAGES.replace(':reasons', 'x.reasons')}"
_WAITING_FIRST = text(f"WITH {NO_LONGER} {_WAITING_OF.format(section=', x.section', page=_PAGES)}")
_OWED = text(
    f"""
    SELECT w.known_on, CAST(NULL AS int) AS part, w.id, w.kind, CAST(NULL AS bigint) AS line_id, o.rlts_traf_id,
           o.obligation_no, w.open_fen AS amount_fen, w.known_on AS since, CAST(NULL AS text) AS reason,
           CAST(NULL AS bigint) AS difference_fen, CAST(NULL AS text) AS owner, w.known_on < :since AS is_carried,
           CAST(NULL AS text) AS settled_as,
           CASE :admdvs WHEN o.trafout_admdvs THEN o.trafin_admdvs ELSE o.trafout_admdvs END AS other_admdvs
    FROM {OWED_PAGE} w JOIN obligation o ON o.id = w.id
    ORDER BY w.known_on, w.id
    """  # noqa: S608  # only our own SQL is put in
)


_TOLD = text(
    """
    SELECT l.id, b.bankacct, l.bank_ref, l.counterparty_name
    FROM statement_line l JOIN bank_account b ON b.id = l.bank_account_id WHERE l.id = ANY(:line_ids)
    """
)


@dataclass(frozen=True, slots=True)
class LineTold:
    """By what people find a line in the bank's own papers: our account, the bank's number, the other side's name."""

    bankacct: str
    bank_ref: str | None
    counterparty_name: str | None


@dataclass(frozen=True, slots=True)
class ListedItem:
    """A bank line, or an obligation that no money answers (without ``line_id``), on the day of the report.

    ``key`` is its place in the list; ``since`` the day the bank booked it, or we knew of it; amounts in fen.
    ``settled_as`` is of what was matched, ``other_admdvs`` (the other side's area) of obligations.
    """

    key: Key
    kind: LineKind
    line_id: int | None
    rlts_traf_id: str | None
    obligation_no: str | None
    amount_fen: int
    since: date
    reason: SuspenseReason | None
    difference_fen: int | None
    owner: str | None
    is_carried: bool
    settled_as: Settling | None
    other_admdvs: str | None


async def page(
    connection: AsyncConnection,
    period: ReportPeriod,
    section: Section,
    *,
    after: Key | None,
    limit: int,
) -> list[ListedItem]:
    """A list after the item with the key ``after``, up to ``limit + 1`` items.

    ``ValueError`` where ``after`` is no key of the list.
    """
    statement, values = _asked(period, section, after, limit + 1)
    return [_item(row) for row in await connection.execute(statement, values)]


async def first_pages(
    connection: AsyncConnection, period: ReportPeriod, sections: Collection[Section], *, limit: int
) -> dict[Section, list[ListedItem]]:
    """The first ``limit`` items of each of ``sections``, and one more where there is one."""
    waiting = {each: ",".join(reasons_of(each)) for each in sections if reasons_of(each)}
    found = {
        each: [] if each in waiting else await page(connection, period, each, after=None, limit=limit)
        for each in sections
    }
    if waiting:
        _, values = _asked(period, next(iter(waiting)), None, limit + 1)
        asked = {**values, "sections": list(waiting), "reason_lists": list(waiting.values())}
        for row in await connection.execute(_WAITING_FIRST, asked):
            found[Section(row.section)].append(_item(row))
    return found


async def batches(
    connection: AsyncConnection, period: ReportPeriod, section: Section
) -> AsyncIterator[Sequence[ListedItem]]:
    """The whole list in its order, some at a time; the caller holds a transaction."""
    async with connection.stream(*_asked(period, section, None, None)) as rows:
        async for batch in rows.partitions(_BATCH):
            yield [_item(row) for row in batch]


async def lines_told(connection: AsyncConnection, items: Iterable[ListedItem]) -> dict[int, LineTold]:
    """What the bank told of the lines among ``items``, by their ids."""
    line_ids = [item.line_id for item in items if item.line_id is not None]
    rows = await connection.execute(_TOLD, {"line_ids": line_ids})
    return {row.id: LineTold(row.bankacct, row.bank_ref, row.counterparty_name) for row in rows}


def key_kinds(section: Section) -> tuple[type[str | int], ...]:
    """What the keys of a list are made of."""
    return (str, int, int) if section is Section.MATCHED else (str, int)


def _asked(
    period: ReportPeriod, section: Section, after: Key | None, limit: int | None
) -> tuple[TextClause, Mapping[str, Any]]:
    on, *rest = after or (date.min.isoformat(), 0, 0)
    values = {
        "admdvs": period.admdvs,
        "since": period.since,
        "day": period.on,
        "after_on": date.fromisoformat(str(on)),
        "after_id": rest[-1],
        "limit": limit,
    }
    if section is Section.MATCHED:
        if rest[0] not in (0, 1):
            raise ValueError("no part of the list")
        return _MATCHED, values | {"after_part": rest[0]}
    if section is Section.BUSINESS_WITHOUT_MONEY:
        return _OWED, values
    return _WAITING, values | {"reasons": [reason.value for reason in reasons_of(section)]}


def _item(row: Sequence[Any]) -> ListedItem:
    on, part, number, kind, line_id, case, obligation_no, amount_fen, since, reason, difference_fen, owner = row[:12]
    is_carried, settled_as, other_admdvs = row[12:15]
    return ListedItem(
        (on.isoformat(), number) if part is None else (on.isoformat(), part, number),
        LineKind(kind),
        line_id,
        case,
        obligation_no,
        amount_fen,
        since,
        None if reason is None else SuspenseReason(reason),
        difference_fen,
        owner,
        is_carried,
        None if settled_as is None else Settling(settled_as),
        other_admdvs,
    )
