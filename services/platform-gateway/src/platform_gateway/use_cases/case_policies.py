"""The policies of cases: those they were accepted under, whatever has been loaded since."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.case import Case
from platform_gateway.repository.policies import policies_named
from shared.clock import local_date
from shared.registry.policy.effective import DIGEST_LENGTH, PolicyBook, files_named
from shared.registry.policy.region_file import RegionFile
from shared.registry.registry import Registry
from shared.time_limits import CasePolicies, Transfer, policies_of_paper


def transfer_of(case: Case) -> Transfer:
    """From where to where a case goes, and in which schemes."""
    return Transfer(case.trafout_admdvs, case.trafin_admdvs, case.trafout_insutype, case.trafin_insutype)


def version_of(registry: Registry, policies: CasePolicies) -> str:
    """How a case names what it was decided under: each region file's version and digest, and the registry's version."""
    parts = f"{policies.outbound.version}+{policies.inbound.version}".split("+")
    return " ".join([*dict.fromkeys(parts), f"registry:{registry.version}"])


async def policies_of(
    connection: AsyncConnection, registry: Registry, cases: Collection[Case], today: date
) -> dict[str, CasePolicies]:
    """By case number, the policies that accepted cases were accepted under; of ``today`` for one on paper that is older
    than every policy.
    """
    named = {case.rlts_traf_id: files_named(case.policy_version or "") for case in cases}
    gone = frozenset[tuple[str, str]]().union(*named.values()) - registry.policies.names
    before = await policies_named(connection, gone) if gone else []
    return {
        case.rlts_traf_id: _policies_then(
            registry, before, named[case.rlts_traf_id], transfer_of(case), local_date(case.accepted_at), today
        )
        for case in cases
        if case.accepted_at is not None
    }


def _policies_then(
    registry: Registry,
    before: Sequence[RegionFile],
    names: frozenset[tuple[str, str]],
    transfer: Transfer,
    on: date,
    today: date,
) -> CasePolicies:
    present = policies_of_paper(registry, transfer, on, today)
    if not names or names == files_named(version_of(registry, present)):
        return present
    # Exactly the files of then: a region that had none may have one by now.
    files = {(file.region, file.digest[:DIGEST_LENGTH]): file for file in (*registry.policies.files.values(), *before)}
    then = PolicyBook([files[name] for name in sorted(names) if name in files])
    return policies_of_paper(registry.under(then), transfer, on, today)
