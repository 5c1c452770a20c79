"""What follows when the core answers; runs in the transaction that records its answers."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.office import Office
from inbound.repository.cases import lock_cases
from inbound.use_cases.complete_cases import complete_cases
from inbound.use_cases.confirm_credits import confirm_credits
from shared.agency.core import CoreResult, TaskKind


async def apply_core_results(connection: AsyncConnection, results: Sequence[CoreResult], office: Office) -> None:
    """Go on with the cases of ``results``."""
    cases = await lock_cases(connection, [result.task.rlts_traf_id for result in results])
    imports = [result for result in results if result.task.kind is TaskKind.IMPORT_PERIODS]
    credited = [result for result in results if result.task.kind is TaskKind.CREDIT_ACCOUNT]
    if imports:
        await complete_cases(connection, cases, imports, office)
    if credited:
        await confirm_credits(connection, cases, credited, office)
