"""试算 of deadlines: by the very limits and calendar of real cases; nothing is stored."""

from datetime import date

from platform_gateway.domain.deadlines import Deadline, start
from platform_gateway.schemas.deadlines import DeadlinesTrial, DeadlinesTried, ShownComputation
from platform_gateway.use_cases.case_policies import version_of
from shared.registry.known_areas import require_known
from shared.registry.registry import Registry
from shared.registry.tried_policy import with_policy
from shared.time_limits import ClockKind, Transfer, policies_on, required_limit, time_limit


def try_deadlines(trial: DeadlinesTrial, registry: Registry, today: date, warn_share: float) -> DeadlinesTried:
    """Every clock of the transfer; raises ``InvalidInput`` for an unknown area, ``PolicyRefused`` for a wrong file."""
    tried = with_policy(registry, trial.policy)
    require_known(tried, {"trafout_admdvs": trial.trafout_admdvs, "trafin_admdvs": trial.trafin_admdvs})
    accepted_on = trial.accepted_on or today
    transfer = Transfer(trial.trafout_admdvs, trial.trafin_admdvs, trial.trafout_insutype, trial.trafin_insutype)
    policies = policies_on(tried, transfer, accepted_on)
    outbound = start(required_limit(ClockKind.OUTBOUND, policies), accepted_on, tried.calendar, warn_share)
    received_on = trial.sheet_received_on or outbound.due_on
    clocks: list[Deadline] = [outbound]
    starts = ((ClockKind.INBOUND, received_on), (ClockKind.TOTAL, accepted_on), (ClockKind.PAYMENT, received_on))
    for kind, started_on in starts:
        limit = time_limit(kind, policies)
        if limit is not None:
            clocks.append(start(limit, started_on, tried.calendar, warn_share))
    return DeadlinesTried(
        accepted_on=accepted_on,
        clocks=[ShownComputation.of(clock) for clock in clocks],
        policy_version=version_of(tried, policies),
    )
