"""What follows when the core answers; runs in the transaction that records its answers."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.office import Office
from inbound.repository.cases import lock_cases
from inbound.use_cases.complete_cases import complete_cases
from inbound.use_cases.confirm_credits import confirm_credits
from inbound.use_cases.finish_benefits import apply_reports
from inbound.use_cases.release_money import confirm_reversals
from inbound.use_cases.revoke_back_payments import confirm_revocations
from inbound.use_cases.undo_imports import confirm_undone
from shared.agency.core import CoreResult, TaskKind


async def apply_core_results(connection: AsyncConnection, results: Sequence[CoreResult], office: Office) -> None:
    """Go on with the cases of ``results``."""
    cases = await lock_cases(connection, [result.task.rlts_traf_id for result in results])
    imports = [result for result in results if result.task.kind is TaskKind.IMPORT_PERIODS]
    credited = [result for result in results if result.task.kind is TaskKind.CREDIT_ACCOUNT]
    back_payments = [result for result in results if result.task.kind is TaskKind.ALLOW_BACK_PAYMENT]
    revoked = [result for result in results if result.task.kind is TaskKind.REVOKE_BACK_PAYMENT]
    reversed_credits = [result for result in results if _takes_money_back(result)]
    if imports:
        await complete_cases(connection, cases, imports, office)
    if credited:
        await confirm_credits(connection, cases, credited, office)
    if back_payments:
        await apply_reports(connection, cases, back_payments, office)
    if revoked:
        await confirm_revocations(connection, cases, revoked, office)
    undone = [result for result in results if _takes_periods_back(result)]
    if undone:
        await confirm_undone(connection, cases, undone, office)
    if reversed_credits:
        await confirm_reversals(connection, cases, reversed_credits, office)


def _takes_periods_back(result: CoreResult) -> bool:
    return result.task.kind is TaskKind.REVERSE_ENTRY and result.task.amount is None


def _takes_money_back(result: CoreResult) -> bool:
    return result.task.kind is TaskKind.REVERSE_ENTRY and result.task.amount is not None
