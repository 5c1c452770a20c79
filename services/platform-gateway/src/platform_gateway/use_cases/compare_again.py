"""Compare what stands reported of every case with the platform's own tables anew: a change there by hand is found."""

from platform_gateway.context import GatewayContext
from platform_gateway.domain.breaks import Verdict
from platform_gateway.domain.invariants import is_level
from platform_gateway.repository import figures, own_cases
from platform_gateway.use_cases.keep_figures import LOOKED_AT_ONCE, Compared, compared, keep_compared
from shared.clock import local_date
from shared.law import design, law


@law("S53-2")
@design("每日以各方最近报送的数字再核对平台自己的数据")
async def compare_again(context: GatewayContext) -> int:
    """The next reports of the day's pass over all, once a day; how many there were.

    Cases of which messages have come or gone since they were reported are left to the report that tells them anew.
    """
    now = context.clock.now()
    async with context.database.transaction() as connection:
        after = await figures.lock_pass(connection, local_date(now))
        standing = await figures.compared_after(connection, after, LOOKED_AT_ONCE)
        if not standing:
            return 0
        own = await own_cases.read(connection, [one.asked for one, _ in standing])
        found = [(compared(context, one, own.get(one.asked), now), verdict) for one, verdict in standing]
        news = [each for each, verdict in found if _is_news(each, verdict)]
        await keep_compared(connection, news, now, is_told_now=False)
        await figures.advance_pass(connection, standing[-1][0].key)
    return len(standing)


def _is_news(each: Compared, verdict: str) -> bool:
    reported, own, comparison = each
    is_told = comparison.verdict is not Verdict.IN_TRANSIT and (own is None or is_level(own, reported.figures))
    return is_told and (comparison.verdict is Verdict.BREAKS or comparison.verdict != verdict)
