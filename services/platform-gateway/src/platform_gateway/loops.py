"""What a worker of the platform turns: the exchange's loops and the platform's own timers."""

from collections.abc import Awaitable, Callable, Sequence

from platform_gateway import metrics
from platform_gateway.context import GatewayContext, GatewayProcess
from platform_gateway.use_cases.begin_outbound import begin_outbound
from platform_gateway.use_cases.check_cases import recheck_due_cases
from platform_gateway.use_cases.compare_again import compare_again
from platform_gateway.use_cases.keep_figures import LOOKED_AT_ONCE, look_again
from platform_gateway.use_cases.purge_answers import purge_answers
from platform_gateway.use_cases.roll_up_statistics import roll_up_statistics
from platform_gateway.use_cases.watch_deadlines import Recounting, watch_deadlines
from shared.runtime.loops import Every, Loop

_RECHECK_SECONDS = 0.5
_HANDOVER_SECONDS = 0.5
_REGISTRY_SECONDS = 1.0
_MEASURE_SECONDS = 10.0
_FIGURES_SECONDS = 60.0
_PASS_SECONDS = 600.0
_RECOUNT_SECONDS = 10.0
_SELDOM_SECONDS = 3600.0


def build_loops(process: GatewayProcess) -> Sequence[Loop]:
    """Everything that a worker turns."""
    return [*process.exchange.loops, *timers(process)]


def timers(context: GatewayContext) -> list[Every]:
    """Every timer of the platform."""
    settings, recounting = context.settings, Recounting()
    return [
        Every("registry", _REGISTRY_SECONDS, lambda: _follow_registry(context)),
        Every("recheck", _RECHECK_SECONDS, _until_less_than(settings.check_batch, context, recheck_due_cases)),
        Every("handover", _HANDOVER_SECONDS, _until_less_than(settings.timer_batch, context, begin_outbound)),
        Every("deadlines", settings.timer_seconds, _until_less_than(settings.timer_batch, context, watch_deadlines)),
        Every(
            "statistics",
            settings.statistics_seconds,
            _until_less_than(settings.statistics_batch, context, roll_up_statistics),
        ),
        Every("figures", _FIGURES_SECONDS, _until_less_than(LOOKED_AT_ONCE, context, look_again)),
        Every("figures-pass", _PASS_SECONDS, _until_less_than(LOOKED_AT_ONCE, context, compare_again)),
        Every("recount", _RECOUNT_SECONDS, lambda: recounting.turn(context)),
        Every("purge", _SELDOM_SECONDS, _once(context, purge_answers)),
        Every("case-gauges", _MEASURE_SECONDS, lambda: metrics.measure(context)),
    ]


_Counting = Callable[[GatewayContext], Awaitable[int]]


def _until_less_than(full: int, context: GatewayContext, action: _Counting) -> Callable[[], Awaitable[bool]]:
    """Go on at once after a full batch."""

    async def turn() -> bool:
        return await action(context) >= full

    return turn


async def _follow_registry(context: GatewayContext) -> bool:
    """Without it a worker that nobody asks anything would have no keys to verify messages with, or old ones."""
    await context.registry.refresh_for_unknown()
    return False


def _once(context: GatewayContext, action: _Counting) -> Callable[[], Awaitable[bool]]:
    async def turn() -> bool:
        await action(context)
        return False

    return turn
