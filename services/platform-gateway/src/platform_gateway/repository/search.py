"""Finding cases: lists for agencies, oversight and applicants, always only what the caller may know of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.case import Case
from platform_gateway.domain.money import MoneyState
from platform_gateway.domain.states import CaseState
from platform_gateway.repository.cases import CASE_COLUMNS, to_case
from platform_gateway.tables import deadline, transfer_case
from platform_gateway.visibility import Viewer
from shared.clock import SHANGHAI
from shared.contracts.facts import Side

_c = transfer_case.c


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What to look for; ``None`` does not matter. Dates are those of Asia/Shanghai, both ends counted."""

    admdvs: str | None = None
    side: Side | None = None
    state: CaseState | None = None
    money_state: MoneyState | None = None
    accepted_from: date | None = None
    accepted_to: date | None = None
    is_overdue: bool | None = None
    is_due_soon: bool | None = None
    person_key: str | None = None


async def find_cases(
    connection: AsyncConnection,
    viewer: Viewer,
    wanted: CaseFilter,
    *,
    today: date,
    after: tuple[datetime, str] | None,
    limit: int,
) -> Sequence[Case]:
    """Up to ``limit`` cases, the latest application first, that follow ``after`` (applied at, number)."""
    query: Select[Any] = select(*CASE_COLUMNS).where(_visible(viewer), *_conditions(wanted, viewer, today))
    if after is not None:
        query = query.where(tuple_(_c.applied_at, _c.rlts_traf_id) < tuple_(*after))
    query = query.order_by(_c.applied_at.desc(), _c.rlts_traf_id.desc()).limit(limit)
    return [to_case(row) for row in await connection.execute(query)]


def _visible(viewer: Viewer) -> ColumnElement[bool]:
    """The same rule as ``Viewer.sees``, for the database."""
    caller = viewer.principal
    if caller.is_platform_wide:
        return true()
    if caller.admdvs is not None:
        return _either_side_in([caller.admdvs, *sorted(caller.counties)])
    if caller.oversight is not None:
        return _below(viewer.oversight_prefix)
    mine = _c.applicant_subject == caller.subject
    holder_key = viewer.holder_key
    return mine if holder_key is None else or_(mine, _c.person_key == holder_key)


def _below(prefix: str) -> ColumnElement[bool]:
    return or_(_c.trafout_admdvs.startswith(prefix), _c.trafin_admdvs.startswith(prefix)) if prefix else true()


def _either_side_in(areas: Sequence[str]) -> ColumnElement[bool]:
    return or_(_c.trafout_admdvs.in_(areas), _c.trafin_admdvs.in_(areas))


def _conditions(wanted: CaseFilter, viewer: Viewer, today: date) -> list[ColumnElement[bool]]:
    found = [_of_side(wanted, viewer)]
    if wanted.state is not None:
        found.append(_c.state == wanted.state.value)
    if wanted.money_state is not None:
        found.append(_c.money_state == wanted.money_state.value)
    if wanted.person_key is not None:
        found.append(_c.person_key == wanted.person_key)
    if wanted.accepted_from is not None:
        found.append(_c.accepted_at >= _midnight(wanted.accepted_from))
    if wanted.accepted_to is not None:
        found.append(_c.accepted_at < _midnight(wanted.accepted_to + timedelta(days=1)))
    if wanted.is_overdue is not None:
        late = _has_clock(deadline.c.due_on < today)
        found.append(late if wanted.is_overdue else ~late)
    if wanted.is_due_soon is not None:
        soon = _has_clock(deadline.c.warn_on <= today, deadline.c.due_on >= today)
        found.append(soon if wanted.is_due_soon else ~soon)
    return found


def _of_side(wanted: CaseFilter, viewer: Viewer) -> ColumnElement[bool]:
    """``side`` is that of ``admdvs``, or of the caller's own agency."""
    areas = [wanted.admdvs] if wanted.admdvs else _own_areas(viewer)
    if wanted.side is None:
        return _either_side_in(areas) if wanted.admdvs else true()
    if not areas:
        return false()
    column = _c.trafout_admdvs if wanted.side is Side.OUTBOUND else _c.trafin_admdvs
    return column.in_(areas)


def _own_areas(viewer: Viewer) -> list[str]:
    caller = viewer.principal
    return [] if caller.admdvs is None else [caller.admdvs, *sorted(caller.counties)]


def _has_clock(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a running clock of the case is so."""
    of_case = deadline.c.rlts_traf_id == _c.rlts_traf_id
    return exists().where(and_(of_case, deadline.c.stopped_at.is_(None), *conditions))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI)
