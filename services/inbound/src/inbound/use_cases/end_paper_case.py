"""Note that a case on paper ends after its sheet, by one clerk; carry it out when another approves it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.addressing import to_platform
from inbound.domain.case import InboundCase
from inbound.domain.decisions import Clerk
from inbound.domain.paper_end import EndState, PaperEnd, decide_end, require_endable
from inbound.office import Office
from inbound.repository.cases import lock_cases
from inbound.repository.paper_ends import add_end, ends_of, load_end, save_end
from inbound.use_cases.outcomes import CaseNotFound
from inbound.use_cases.terminate_cases import Ended, end_cases
from shared.contracts.events import TransferTerminated
from shared.errors import Conflict, NotFound
from shared.law import design
from shared.messaging import enqueue
from shared.web.etags import Expected


async def enter_paper_end(connection: AsyncConnection, admdvs: str, end: PaperEnd, expected: Expected) -> None:
    """Keep a note for another clerk; raises ``CaseNotFound``, ``NotAllowed``, ``Conflict``, ``PreconditionFailed``."""
    case = await _own_case(connection, admdvs, end.rlts_traf_id)
    expected.require(case.version)
    require_endable(case)
    if any(each.state is EndState.ENTERED for each in await ends_of(connection, end.rlts_traf_id)):
        raise Conflict("该办件有一项终止登记尚待批准。", code="paper-end-open")
    await add_end(connection, end)


@design("two people note what paper says")
async def decide_paper_end(
    connection: AsyncConnection,
    admdvs: str,
    rlts_traf_id: str,
    end_id: UUID,
    clerk: Clerk,
    expected: Expected,
    office: Office,
    *,
    is_approved: bool,
    reason: str | None,
) -> PaperEnd:
    """Carry a note out, or send it back; the platform is told.

    Raises ``NotFound``, ``SamePerson``, ``PaperEndDecided``, ``NotAllowed`` or ``PreconditionFailed``.
    """
    now = office.clock.now()
    case = await _own_case(connection, admdvs, rlts_traf_id)
    expected.require(case.version)
    end = await load_end(connection, rlts_traf_id, end_id)
    if end is None:
        raise NotFound("没有这项终止登记。", code="paper-end-not-found")
    decided = decide_end(end, clerk, now, is_approved=is_approved, reason=reason)
    await save_end(connection, decided)
    if decided.state is EndState.APPROVED:
        require_endable(case)
        event = TransferTerminated(terminated_at=now, cause=end.cause, reason=end.note, money_path=end.money_path)
        await enqueue(connection, [to_platform(case, event)], signers=office.signers, now=now)
        await end_cases(connection, [Ended(case, event, clerk)], office)
    return decided


async def _own_case(connection: AsyncConnection, admdvs: str, rlts_traf_id: str) -> InboundCase:
    case = (await lock_cases(connection, [rlts_traf_id], trafin_admdvs=admdvs)).get(rlts_traf_id)
    if case is None:
        raise CaseNotFound("没有这个办件。")
    return case
