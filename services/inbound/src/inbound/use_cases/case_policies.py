"""The policies that a case's benefits and years are decided under: those of its acceptance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.case import InboundCase
from inbound.office import Office
from inbound.repository.policies import files_kept, keep_policies, versions_of
from shared.clock import local_date
from shared.registry.copy import RegistryMissing
from shared.registry.policy.effective import (
    DIGEST_LENGTH,
    EffectivePolicy,
    PolicyBook,
    PolicyMissing,
    PolicyNotInForce,
    files_named,
)
from shared.registry.policy.region_file import RegionFile
from shared.registry.registry import AreaUnknown, Registry


@dataclass(frozen=True, slots=True)
class CasePolicies:
    """Of the area that is joined, and of the one that is left."""

    inbound: EffectivePolicy
    outbound: EffectivePolicy

    @property
    def version(self) -> str:
        """Every file that these stand on, with its digest."""
        return f"{self.inbound.version} {self.outbound.version}"


async def policies_of(
    connection: AsyncConnection, cases: Sequence[InboundCase], office: Office
) -> dict[str, CasePolicies]:
    """By case number, as first decided under; else as in force on the day of acceptance.

    A case is left out where no policy was in force or has been loaded, or where an area is not in our copy of the
    registry yet: then nothing is decided, and nothing held up.
    """
    try:
        registry = office.registry.current
    except RegistryMissing:
        return {}
    versions = await versions_of(connection, [case.rlts_traf_id for case in cases])
    named = {number: files_named(version) for number, version in versions.items()}
    gone = frozenset[tuple[str, str]]().union(*named.values()) - registry.policies.names
    before = await files_kept(connection, gone) if gone else []
    found = ((case, _policies_then(registry, before, named.get(case.rlts_traf_id), case)) for case in cases)
    return {case.rlts_traf_id: policies for case, policies in found if policies is not None}


async def pin_policies(
    connection: AsyncConnection, cases: Sequence[InboundCase], office: Office
) -> dict[str, CasePolicies]:
    """As ``policies_of``; what each case is decided under stays so, a file that reaches back in time or not."""
    found = await policies_of(connection, cases, office)
    if found:
        await _keep(connection, found, office.registry.current.policies)
    return found


async def _keep(connection: AsyncConnection, found: Mapping[str, CasePolicies], present: PolicyBook) -> None:
    versions = {number: policies.version for number, policies in found.items()}
    names = frozenset[tuple[str, str]]().union(*map(files_named, set(versions.values())))
    files = [present.files[region] for region, digest in sorted(names) if (region, digest) in present.names]
    await keep_policies(connection, versions, files)


def _policies_then(
    registry: Registry, before: Sequence[RegionFile], names: frozenset[tuple[str, str]] | None, case: InboundCase
) -> CasePolicies | None:
    present = _policies_on(registry, case)
    if names is None or (present is not None and names == files_named(present.version)):
        return present
    # Exactly the files of then: a region that had none may have one by now.
    files = {(file.region, file.digest[:DIGEST_LENGTH]): file for file in (*registry.policies.files.values(), *before)}
    then = PolicyBook([files[name] for name in sorted(names) if name in files])
    return _policies_on(registry.under(then), case)


def _policies_on(registry: Registry, case: InboundCase) -> CasePolicies | None:
    on = local_date(case.accepted_at)
    try:
        return CasePolicies(registry.policy(case.trafin_admdvs, on), registry.policy(case.trafout_admdvs, on))
    except (PolicyMissing, PolicyNotInForce, AreaUnknown):
        return None
