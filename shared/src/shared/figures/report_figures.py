"""Tell the platform, part by part, what stands in our own tables of each case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import TextClause
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import SHANGHAI, Clock
from shared.contracts.events import FiguresReported
from shared.contracts.events.figures import AFTER_ALL, MOST_CASES, CaseFigures, figures_key
from shared.contracts.party import PLATFORM, Party, Role
from shared.database import Database
from shared.figures import runs
from shared.figures.rotation import range_of
from shared.figures.runs import FiguresRun
from shared.figures.settings import ReportingSettings
from shared.law import design, law
from shared.messaging import Outgoing, enqueue
from shared.signing.signers import Signers

# What was committed while the last report began may carry a time before it.
_OVERLAP = timedelta(minutes=10)


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
    wanted = {"low": cases.low, "high": cases.high or AFTER_ALL, "since": run.since - _OVERLAP}
    place = {"admdvs": run.admdvs, "after": run.after, "limit": most_cases}
    numbers = list((await connection.execute(source.pick, wanted | place)).scalars())
    is_last = len(numbers) < most_cases
    event = FiguresReported(
        reported_on=run.reported_on,
        started_at=run.started_at,
        as_of=now,
        range_from=cases.low,
        range_to=cases.high,
        part=run.part + 1,
        is_last=is_last,
        figures=tuple(await _figures(connection, source, sender, numbers)),
    )
    key = figures_key(sender, run.reported_on)
    await enqueue(connection, [Outgoing(sender, PLATFORM, key, event)], signers=signers, now=now)
    after = numbers[-1] if numbers else run.after
    await runs.advance(connection, run, after, len(numbers), now if is_last else None)


async def _figures(
    connection: AsyncConnection, source: FiguresSource, sender: Party, numbers: Sequence[str]
) -> list[CaseFigures]:
    values = {"admdvs": sender.admdvs, "sender": str(sender), "numbers": list(numbers)}
    return [CaseFigures.model_validate(dict(row._mapping)) for row in await connection.execute(source.figures, values)]
