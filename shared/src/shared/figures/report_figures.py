"""Tell the platform, part by part, what stands in our own tables of each case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, TextClause
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import SHANGHAI, Clock
from shared.contracts.events import FiguresReported
from shared.contracts.events.figures import AFTER_ALL, MOST_CASES, CaseGone, figures_key
from shared.contracts.party import PLATFORM, Party, Role
from shared.database import Database
from shared.figures import runs, told
from shared.figures.rotation import CaseRange, range_of
from shared.figures.runs import FiguresRun
from shared.figures.settings import ReportingSettings
from shared.law import design, law
from shared.messaging import Outgoing, enqueue
from shared.signing.signers import Signers

# What was committed while the last report began may carry a time before it.
_OVERLAP = timedelta(minutes=10)
_ALL = {"low": "", "high": AFTER_ALL, "since": datetime(9999, 1, 1, tzinfo=UTC)}
_LOOKED_THROUGH = 4
"""So many times as many cases are looked at in one turn as a part can hold."""


@dataclass(frozen=True, slots=True)
class FiguresSource:
    """Where one service's figures stand.

    ``pick`` finds the numbers after ``:after`` of cases of ``:admdvs`` in order, up to ``:limit``: those from ``:low``
    below ``:high``, and those that something happened to since ``:since``. ``figures`` reads ``:numbers`` of
    ``:admdvs``, in one statement so that all of a case is of one moment; its columns are the fields of
    ``CaseFigures``, ``:sender`` the service's own address.
    """

    role: Role
    pick: TextClause
    figures: TextClause


@law("S53-2")
@design("每日向平台报送逐件数字，平台核对三方一致")
async def report_figures(
    database: Database,
    source: FiguresSource,
    settings: ReportingSettings,
    *,
    signers: Signers,
    clock: Clock,
    most_cases: int = MOST_CASES,
) -> bool:
    """Write one part of one agency's report of the day; whether there may be more to do at once."""
    now = clock.now()
    local = now.astimezone(SHANGHAI)
    async with database.transaction() as connection:
        if local.hour >= settings.figures_hour:
            await runs.start(connection, settings.agencies, local.date(), now)
        run = await runs.lock_next(connection, settings.agencies)
        if run is None:
            return False
        await _report(connection, source, run, settings.figures_rotation_days, signers, now, most_cases)
    return True


async def _report(
    connection: AsyncConnection,
    source: FiguresSource,
    run: FiguresRun,
    days: int,
    signers: Signers,
    now: datetime,
    most_cases: int,
) -> None:
    cases, sender = range_of(run.reported_on, days), Party(source.role, run.admdvs)
    part = await _look_through(connection, source, run, cases, most_cases)
    if part.is_empty:
        await runs.advance(connection, run, part.upto, 0, is_part=False)
        return
    event = FiguresReported(
        reported_on=run.reported_on,
        started_at=run.started_at,
        as_of=now,
        range_from=cases.low,
        range_to=cases.high,
        part=run.part + 1,
        is_last=part.is_last,
        figures=tuple(told.as_figures(row) for row in part.rows),
        gone=part.gone,
    )
    key = figures_key(sender, run.reported_on)
    await enqueue(connection, [Outgoing(sender, PLATFORM, key, event)], signers=signers, now=now)
    await told.keep(connection, run.admdvs, part.rows)
    count = len({row.rlts_traf_id for row in part.rows})
    await runs.advance(connection, run, part.upto, count, finished_at=now if part.is_last else None)


@dataclass(frozen=True, slots=True)
class _Part:
    """What is to be told of the cases after the run's place, up to ``upto``."""

    rows: Sequence[Row[Any]]
    gone: tuple[CaseGone, ...]
    upto: str
    is_last: bool

    @property
    def is_empty(self) -> bool:
        return not (self.rows or self.gone or self.is_last)


async def _look_through(
    connection: AsyncConnection, source: FiguresSource, run: FiguresRun, cases: CaseRange, most_cases: int
) -> _Part:
    """Every case is looked at, since what is changed by hand leaves no trace; few of them have anything to tell."""
    most = _LOOKED_THROUGH * most_cases
    place = {"admdvs": run.admdvs, "after": run.after, "limit": most}
    numbers = await _picked(connection, source, _ALL | place)
    wanted = {"low": cases.low, "high": cases.high or AFTER_ALL, "since": run.since - _OVERLAP}
    asked = set(await _picked(connection, source, wanted | place))
    sender = str(Party(source.role, run.admdvs))
    values = {"admdvs": run.admdvs, "sender": sender, "numbers": numbers}
    rows = await told.beside_told(connection, source.figures, values)
    news = asked.intersection(numbers) | {row.rlts_traf_id for row in rows if row.is_news}
    chosen = sorted(news)[:most_cases]
    is_last = len(numbers) < most and len(chosen) == len(news)
    upto = chosen[-1] if len(chosen) < len(news) else max(numbers, default=run.after)
    gone = await told.forget_gone(
        connection, run.admdvs, run.after, AFTER_ALL if is_last else upto, rows, limit=most_cases
    )
    told_now = set(chosen)
    return _Part([row for row in rows if row.rlts_traf_id in told_now], gone, upto, is_last)


async def _picked(connection: AsyncConnection, source: FiguresSource, values: dict[str, Any]) -> list[str]:
    return list((await connection.execute(source.pick, values)).scalars())
