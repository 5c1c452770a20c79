"""Reads the sums of the statistics; never the cases themselves."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Table, and_, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.statistics import (
    AMOUNTS,
    FLOWS,
    NATION,
    OUTSTANDING,
    Distance,
    Figures,
    FiguresWanted,
    GroupBy,
    Kind,
)
from platform_gateway.tables import statistic_due, statistic_month, statistic_standing
from shared.contracts.facts import Side
from shared.law import law
from shared.time_limits import ClockKind

_KEYS: Mapping[GroupBy, tuple[str, ...]] = {
    GroupBy.TOTAL: (),
    GroupBy.MONTH: ("month",),
    GroupBy.AREA: ("area",),
    GroupBy.DIRECTION: ("area", "other"),
    GroupBy.COUNTY: ("kind", "area", "other"),
    GroupBy.SCHEMES: ("trafout_insutype", "trafin_insutype"),
    GroupBy.DISTANCE: ("distance",),
}
_WITHOUT_AREA = (GroupBy.TOTAL, GroupBy.MONTH, GroupBy.SCHEMES, GroupBy.DISTANCE)
_WITH_ONE_SIDE: Mapping[GroupBy, tuple[Distance, ...]] = {
    GroupBy.AREA: (Distance.SAME_CITY, Distance.SAME_PROVINCE, Distance.ACROSS_PROVINCES),
    GroupBy.PROVINCE: (Distance.ACROSS_PROVINCES,),
}
"""At which distances a case belongs to two lines; at the others its outbound stands for both sides."""


@law("N3", "S53-4")
async def figures(
    connection: AsyncConnection, wanted: FiguresWanted, today: date, after: Sequence[str], limit: int
) -> list[Figures]:
    """Up to ``limit`` lines whose keys follow ``after``, in the order of their keys.

    By month there is nothing standing: what stands now belongs to no month.
    """
    flows = await _flows(connection, wanted, after, limit)
    standing = {} if wanted.by is GroupBy.MONTH else await _standing(connection, wanted, today, after, limit)
    keys = sorted(flows.keys() | standing.keys())[:limit]
    return [Figures(key, flows.get(key, _NO_FLOWS), standing.get(key, _NOTHING_STANDING)) for key in keys]


async def as_of(connection: AsyncConnection) -> datetime | None:
    """Since when something waits to be counted, ``None`` when the sums are up to date."""
    query = select(statistic_due.c.marked_at).order_by(statistic_due.c.due_no).limit(1)
    found: datetime | None = await connection.scalar(query)
    return found


async def count_marked(connection: AsyncConnection) -> int:
    """How many marks wait to be counted."""
    return await connection.scalar(select(func.count()).select_from(statistic_due)) or 0


_Lines = dict[tuple[str, ...], Mapping[str, int]]
_NO_FLOWS = dict.fromkeys((*FLOWS, *AMOUNTS), 0)


async def _flows(connection: AsyncConnection, wanted: FiguresWanted, after: Sequence[str], limit: int) -> _Lines:
    cells = _cells(statistic_month, wanted, statistic_month.c.month.between(wanted.month_from, wanted.month_to))
    sums = [func.coalesce(func.sum(cells.c[name]), 0).label(name) for name in (*FLOWS, *AMOUNTS)]
    query = _grouped(cells, sums, wanted, after, limit)
    return await _lines(connection, query, list(_NO_FLOWS))


async def _standing(
    connection: AsyncConnection, wanted: FiguresWanted, today: date, after: Sequence[str], limit: int
) -> _Lines:
    cells = _cells(statistic_standing, wanted)
    sums = [each.label(name) for name, each in _standing_sums(cells.c, today)]
    query = _grouped(cells, sums, wanted, after, limit)
    return await _lines(connection, query, list(_NOTHING_STANDING))


def _standing_sums(c: Any, today: date) -> list[tuple[str, ColumnElement[int]]]:
    def total(column: ColumnElement[int], *conditions: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(column).filter(and_(*conditions)), 0)

    found = []
    for kind in ClockKind:
        of_kind = c.measure == f"running_{kind.value}"
        found.append((f"{kind.value}_running", total(c.n, of_kind, c.day >= today)))
        found.append((f"{kind.value}_overdue", total(c.n, of_kind, c.day < today)))
    for state in OUTSTANDING:
        found.append((f"{state.value}_cases", total(c.n, c.measure == f"outstanding_{state.value}")))
        found.append((f"{state.value}_amount", total(c.amount, c.measure == f"outstanding_{state.value}")))
    return found


_NOTHING_STANDING = {name: 0 for name, _ in _standing_sums(statistic_standing.c, date.min)}


def _cells(table: Table, wanted: FiguresWanted, *conditions: ColumnElement[bool]) -> CTE:
    """The cells that are asked for. Directions of some areas are found first and ordered then: in the order of their
    keys, page by page, the database would read those of the whole country.
    """
    query = select(table).where(_of_areas(table, wanted), *_filters(table, wanted), *conditions)
    is_of_some = wanted.by is GroupBy.DIRECTION and wanted.areas != NATION
    return query.cte("cells").prefix_with("MATERIALIZED" if is_of_some else "NOT MATERIALIZED")


def _grouped(cells: CTE, sums: Sequence[Any], wanted: FiguresWanted, after: Sequence[str], limit: int) -> Select[Any]:
    keys = _keys(cells, wanted.by)
    query: Select[Any] = select(*keys, *sums).select_from(cells)
    if not keys:
        return query
    if after:
        query = query.where(tuple_(*keys) > tuple_(*(literal(each) for each in after)))
    return query.group_by(*keys).order_by(*keys).limit(limit)


def _keys(table: Any, by: GroupBy) -> list[Any]:
    if by is GroupBy.PROVINCE:
        return [func.left(table.c.area, 2)]
    return [table.c[name] for name in _KEYS[by]]


def _of_areas(table: Any, wanted: FiguresWanted) -> ColumnElement[bool]:
    """Which cells count: those of the areas, of the wanted side, and none of them twice."""
    kind, areas = table.c.kind, wanted.areas
    own = table.c.area.between(areas.low, areas.high)
    is_outbound, is_inbound = wanted.side is not Side.INBOUND, wanted.side is not Side.OUTBOUND
    if wanted.by is GroupBy.DIRECTION:
        ends = [own] * is_outbound + [table.c.other.between(areas.low, areas.high)] * is_inbound
        return and_(kind == Kind.DIRECTION, or_(*ends))
    if wanted.by is GroupBy.COUNTY:
        kinds = [Kind.OUTBOUND_COUNTY] * is_outbound + [Kind.INBOUND_COUNTY] * is_inbound
        return and_(kind.in_(kinds), own)
    if wanted.areas == NATION and wanted.by in _WITHOUT_AREA:
        return and_(kind == Kind.NATION)
    out_kind, in_kind = _kinds(wanted)
    outbound, inbound = and_(kind == out_kind, own), and_(kind == in_kind, own)
    if wanted.side is not None:
        return outbound if wanted.side is Side.OUTBOUND else inbound
    leaving = _WITH_ONE_SIDE.get(wanted.by, areas.leaving)
    return or_(outbound, and_(inbound, table.c.distance.in_(leaving))) if leaving else outbound


def _kinds(wanted: FiguresWanted) -> tuple[Kind, Kind]:
    """The coarsest sums that answer: a province's where whole provinces are asked for."""
    is_coarse = wanted.areas.is_province and wanted.by in _WITHOUT_AREA
    if is_coarse or (wanted.by is GroupBy.PROVINCE and (wanted.areas.is_province or wanted.areas == NATION)):
        return Kind.OUTBOUND_PROVINCE, Kind.INBOUND_PROVINCE
    return Kind.OUTBOUND, Kind.INBOUND


def _filters(table: Any, wanted: FiguresWanted) -> list[ColumnElement[bool]]:
    names = ("trafout_insutype", "trafin_insutype", "distance", "origin")
    return [table.c[name] == getattr(wanted, name) for name in names if getattr(wanted, name) is not None]


async def _lines(connection: AsyncConnection, query: Select[Any], names: Sequence[str]) -> _Lines:
    rows = (await connection.execute(query)).all()
    values = len(names)
    return {tuple(row[:-values]): dict(zip(names, map(int, row[-values:]), strict=True)) for row in rows}
