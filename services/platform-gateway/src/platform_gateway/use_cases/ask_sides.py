"""Ask both agencies of each case that has no usable answer yet."""

from collections.abc import Sequence
from datetime import datetime

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.verdict import Answers, decide
from platform_gateway.use_cases.terms import terms_of
from shared.contracts.application import LodgedApplication
from shared.contracts.facts import CheckQuery, CheckResult, Side
from shared.registry.registry import Registry


async def ask_sides(context: GatewayContext, registry: Registry, cases: Sequence[Case]) -> dict[str, Answers]:
    """The answers known after asking, by case number; a usable answer of before is not asked for again."""
    now = context.clock.now()
    known = {case.rlts_traf_id: stored_answers(case) for case in cases}
    queries = [
        (endpoint, query)
        for case in cases
        for query in _open_queries(registry, case, known[case.rlts_traf_id], now)
        if (endpoint := registry.endpoint(query.admdvs, query.side)) is not None
    ]
    asked = await context.sides.ask(queries)
    return {
        number: Answers(
            asked.get((number, Side.OUTBOUND), answers.outbound), asked.get((number, Side.INBOUND), answers.inbound)
        )
        for number, answers in known.items()
    }


def stored_answers(case: Case) -> Answers:
    """What the sides have answered so far."""
    return Answers(_result(case.outbound_check), _result(case.inbound_check))


def _result(document: dict[str, object] | None) -> CheckResult | None:
    return None if document is None else CheckResult.model_validate(document)


def _open_queries(registry: Registry, case: Case, answers: Answers, now: datetime) -> list[CheckQuery]:
    lodged = LodgedApplication.model_validate(case.lodged)
    areas = {Side.OUTBOUND: case.trafout_admdvs, Side.INBOUND: case.trafin_admdvs}
    return [
        CheckQuery(rlts_traf_id=case.rlts_traf_id, side=side, admdvs=areas[side], lodged=lodged)
        for side in decide(answers, terms_of(registry, case, now), now).unknown_sides
    ]
