"""撤销: the applicant ends a case, until the platform has accepted a first sheet version."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.history import Cause, move, refused
from platform_gateway.domain.states import Command, CommandNotAllowed
from platform_gateway.repository import cases as case_rows
from platform_gateway.repository import deadlines, histories
from platform_gateway.use_cases.changes import Changes, save_changes
from platform_gateway.visibility import CaseNotFound, Viewer
from shared.contracts.events import TransferWithdrawn
from shared.contracts.party import PLATFORM, Party, Role
from shared.law import design
from shared.messaging.outgoing import Outgoing
from shared.time_limits import ClockKind
from shared.web.etags import Expected
from shared.web.idempotency import KeyedRequest, once, remember


@design("until when a case may be withdrawn")
async def withdraw_transfer(
    context: GatewayContext,
    viewer: Viewer,
    rlts_traf_id: str,
    reason: str,
    expected: Expected | None,
    keyed: KeyedRequest,
) -> None:
    """Withdraw a case that ``viewer`` may see; this commit decides the race against a sheet.

    Raises ``CaseNotFound``, ``PreconditionFailed``, or ``CommandNotAllowed``, which leaves its trace.
    """
    now = context.clock.now()
    not_allowed: CommandNotAllowed | None = None
    async with context.database.transaction() as connection:
        if await once(connection, keyed, now=now) is not None:
            return
        case = (await case_rows.lock(connection, [rlts_traf_id])).get(rlts_traf_id)
        if case is None or not viewer.may_change(case):
            raise CaseNotFound
        if expected is not None:
            expected.require(case.row_version)
        cause = Cause(viewer.principal.subject, now, reason=reason)
        try:
            await _withdraw(connection, context, case, cause)
        except CommandNotAllowed as error:
            await histories.append(connection, [refused(case, Command.WITHDRAW, cause)])
            not_allowed = error
        else:
            await remember(connection, keyed, status=200, location=None, resource_id=rlts_traf_id, now=now)
    if not_allowed is not None:
        raise not_allowed


async def _withdraw(connection: AsyncConnection, context: GatewayContext, case: Case, cause: Cause) -> None:
    moved, entries = move(case, Command.WITHDRAW, cause)
    changes = Changes()
    changes.put(replace(moved, next_check_at=None, handover_message_id=None), entries)
    if case.accepted_at is not None:
        event = TransferWithdrawn(withdrawn_at=cause.at, reason=cause.reason or "")
        number = case.rlts_traf_id
        changes.send(
            Outgoing(PLATFORM, Party(Role.OUTBOUND, case.trafout_admdvs), number, event),
            Outgoing(PLATFORM, Party(Role.INBOUND, case.trafin_admdvs), number, event),
        )
        await deadlines.stop(connection, [number], list(ClockKind), cause.at)
    await save_changes(connection, context, changes, cause.at)
