"""试算: decide by the very rules of real cases; nothing is stored."""

from datetime import date
from functools import partial

from inbound.domain.benefits.decide import Decision, decide
from inbound.domain.years.assess import Assessment, assess
from inbound.pooling_areas import pooling_area
from inbound.schemas.trials import BenefitsTrial, YearsTrial
from shared.registry.known_areas import require_known
from shared.registry.registry import Registry
from shared.registry.tried_policy import with_policy


def try_benefits(trial: BenefitsTrial, registry: Registry, today: date) -> Decision:
    """The decision; raises ``InvalidInput`` for an unknown area, a wrong policy file or facts that contradict."""
    tried = with_policy(registry, trial.policy)
    outbound = trial.trafout_admdvs or trial.trafin_admdvs
    facts = trial.facts(today, is_within_province=_is_within(tried, outbound, trial.trafin_admdvs))
    return decide(facts, tried.policy(trial.trafin_admdvs, facts.as_of), tried.policy(outbound, facts.as_of))


def try_years(trial: YearsTrial, registry: Registry, today: date) -> Assessment:
    """The assessment; raises as ``try_benefits`` does."""
    tried = with_policy(registry, trial.policy)
    is_within = _is_within(tried, trial.trafout_admdvs, trial.trafin_admdvs)
    area_of = partial(pooling_area, tried, on=trial.as_of or today)
    facts = trial.facts(today, area_of=area_of, is_within_province=is_within)
    return assess(facts, tried.policy(trial.trafin_admdvs, facts.as_of))


def _is_within(registry: Registry, trafout_admdvs: str, trafin_admdvs: str) -> bool:
    require_known(registry, {"trafout_admdvs": trafout_admdvs, "trafin_admdvs": trafin_admdvs})
    return registry.province_of(trafout_admdvs) == registry.province_of(trafin_admdvs)
