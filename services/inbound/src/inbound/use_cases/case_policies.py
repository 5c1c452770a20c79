"""The policies that a case's benefits and years are decided under: those in force when it was accepted."""

from dataclasses import dataclass

from inbound.domain.case import InboundCase
from inbound.office import Office
from shared.clock import local_date
from shared.registry.copy import RegistryMissing
from shared.registry.policy.effective import EffectivePolicy, PolicyMissing, PolicyNotInForce


@dataclass(frozen=True, slots=True)
class CasePolicies:
    """Of the area that is joined, and of the one that is left."""

    inbound: EffectivePolicy
    outbound: EffectivePolicy


def policies_of(case: InboundCase, office: Office) -> CasePolicies | None:
    """``None`` where no policy was in force or has been loaded: then nothing is decided, and nothing held up."""
    on = local_date(case.accepted_at)
    try:
        registry = office.registry.current
        return CasePolicies(registry.policy(case.trafin_admdvs, on), registry.policy(case.trafout_admdvs, on))
    except (RegistryMissing, PolicyMissing, PolicyNotInForce):
        return None
