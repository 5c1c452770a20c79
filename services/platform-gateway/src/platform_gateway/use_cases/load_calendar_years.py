"""Load yearly holiday arrangements: checked as a whole, audited; the dates in them are counted anew after it."""

from collections.abc import Sequence

from platform_gateway.context import RegistryKeeper
from platform_gateway.repository import deadlines, policies
from platform_gateway.repository import registry as repository
from platform_gateway.use_cases.change_registry import add_checked_version
from shared.registry.calendar_year import CalendarYear
from shared.web.etags import Expected
from shared.web.refusals import PreconditionRequired


async def load_calendar_years(
    keeper: RegistryKeeper, by: str, years: Sequence[CalendarYear], expected: Expected | None
) -> dict[int, int]:
    """The revision of each year now, all of them or none; the same days again change nothing.

    A change wants the revision that the caller has seen (``expected``).
    """
    async with keeper.database.transaction() as connection:
        await repository.lock(connection)
        held = {row.year: row for row in await policies.years(connection)}
        for year in years:
            if year.year in held and expected is None:
                raise PreconditionRequired("修改已载入的放假安排须带 If-Match 请求头。")
            if year.year in held and expected is not None:
                expected.require(held[year.year].revision)
        revisions = {year: row.revision for year, row in held.items()}
        documents = {year: row.document for year, row in held.items()}
        changed = [each for each in years if documents.get(each.year) != each.model_dump(mode="json")]
        for each in changed:
            revisions[each.year] = revisions.get(each.year, 0) + 1
        rows = [(each, revisions[each.year]) for each in changed]
        await policies.add_years(connection, rows, by=by, now=keeper.clock.now())
        await deadlines.doubt(connection, [each.year for each in changed])
        if changed and await repository.version(connection):
            subject = ",".join(str(each.year) for each in changed)
            content = {"years": [each.model_dump(mode="json") for each in changed]}
            await add_checked_version(keeper, connection, by, what="calendar", subject=subject, content=content)
    return {each.year: revisions[each.year] for each in years}
