"""Take applications for areas that are not connected at the agency's own window (N6; A11; *design*)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.case import Actor
from outbound.domain.decision import to_platform
from outbound.office import Office
from outbound.repository.paper import open_cases_of
from outbound.use_cases.accept_transfers import TakenOn, take_on
from outbound.use_cases.answer_checks import answer_checks
from shared.agency.repository.paper_lock import lock_paper
from shared.case_number import new_case_number
from shared.clock import local_date
from shared.contracts.application import LodgedApplication
from shared.contracts.codes import AcctDisposition, Origin
from shared.contracts.events import PaperCaseOpened, TransferAccepted
from shared.contracts.facts import CheckQuery, CheckResult, Side, SideFacts
from shared.contracts.reasons import REASONS
from shared.errors import Conflict, DomainError, FieldError, InvalidInput
from shared.law import design, law
from shared.messaging.ids import new_ids
from shared.registry.models import AreaState
from shared.time_limits import ClockKind, Transfer, policies_of_paper, required_limit, time_limit
from shared.web.idempotency import KeyedRequest, once, remember


@dataclass(frozen=True, slots=True)
class NewPaperCase:
    """An application as it was taken; ``accepted_at`` is when, which for an old case is long ago."""

    rlts_traf_id: str
    lodged: LodgedApplication
    disposition: AcctDisposition
    accepted_at: datetime


Outcome = str | DomainError


async def open_paper_case(
    office: Office, actor: Actor, lodged: LodgedApplication, disposition: AcctDisposition, keyed: KeyedRequest
) -> str:
    """The new case's number; raises ``InvalidInput`` with every reason against it, or ``Conflict``."""
    now = office.now()
    new = NewPaperCase(new_case_number(), lodged, disposition, now)
    checks = await check_applications(office, [new])
    async with office.database.transaction() as connection:
        before = await once(connection, keyed, now=now)
        if before is not None:
            return before.resource_id
        [outcome] = await open_paper_cases(office, connection, [new], checks, actor, is_cut_over=False)
        if isinstance(outcome, DomainError):
            raise outcome
        location = f"/v1/cases/{outcome}"
        await remember(connection, keyed, status=201, location=location, resource_id=outcome, now=now)
    return outcome


async def check_applications(office: Office, new: Sequence[NewPaperCase]) -> list[CheckResult]:
    """What this side's checks say of each application, in order (N7)."""
    queries = [
        CheckQuery(
            rlts_traf_id=each.rlts_traf_id,
            side=Side.OUTBOUND,
            admdvs=each.lodged.application.trafout_admdvs,
            lodged=each.lodged,
        )
        for each in new
    ]
    return await answer_checks(office, queries)


@law("N6", "N7-1", "N8")
@design("a case with an area that is not connected")
async def open_paper_cases(
    office: Office,
    connection: AsyncConnection,
    new: Sequence[NewPaperCase],
    checks: Sequence[CheckResult],
    actor: Actor,
    *,
    is_cut_over: bool,
) -> list[Outcome]:
    """The number of each new case of one agency, in order, or what speaks against it.

    ``checks`` are those of ``check_applications``, made before the transaction opened: a core may have to be asked.
    ``is_cut_over``: old cases are brought in, also with areas that are connected by now.
    """
    if not new:
        return []
    admdvs = new[0].lodged.application.trafout_admdvs
    await lock_paper(connection, admdvs)
    relations = [
        (check.facts.psn_no or "", each.lodged.application.trafout_insutype) for each, check in _pairs(new, checks)
    ]
    taken = await open_cases_of(connection, admdvs, relations)
    outcomes: list[Outcome] = []
    for (each, check), relation in zip(_pairs(new, checks), relations, strict=True):
        error = _against(office, each, check, taken.get(relation), is_cut_over=is_cut_over)
        outcomes.append(error or each.rlts_traf_id)
        if error is None:
            taken[relation] = each.rlts_traf_id
    opened = [pair for pair, outcome in zip(_pairs(new, checks), outcomes, strict=True) if isinstance(outcome, str)]
    ids = new_ids(office.now(), len(opened)) if opened else []
    events = [_accepted(office, each, check) for each, check in opened]
    if opened:
        taken_on = [
            TakenOn(each.rlts_traf_id, event, actor, message_id, Origin.PAPER, (to_platform(_told(each, event)),))
            for (each, _), event, message_id in zip(opened, events, ids, strict=True)
        ]
        await take_on(office, connection, taken_on)
    return outcomes


def _pairs(new: Sequence[NewPaperCase], checks: Sequence[CheckResult]) -> list[tuple[NewPaperCase, CheckResult]]:
    return list(zip(new, checks, strict=True))


def _against(
    office: Office, new: NewPaperCase, checked: CheckResult, in_the_way: str | None, *, is_cut_over: bool
) -> DomainError | None:
    """What speaks against opening the case."""
    try:
        _require_area(office, new.lodged.application.trafin_admdvs, is_cut_over=is_cut_over)
        _require_no_obstacle(checked)
    except DomainError as error:
        return error
    if in_the_way is not None:
        return Conflict(f"同一参保关系已有正在办理的转移：{in_the_way}。", code="paper-case-duplicate")
    return None


def _told(new: NewPaperCase, event: TransferAccepted) -> PaperCaseOpened:
    return PaperCaseOpened(
        lodged=new.lodged,
        trafout_admdvs=event.trafout_admdvs,
        trafin_admdvs=event.trafin_admdvs,
        accepted_at=new.accepted_at,
        acct_disposition=new.disposition,
    )


def _require_area(office: Office, trafin_admdvs: str, *, is_cut_over: bool) -> None:
    area = office.registry.area(trafin_admdvs)
    if area is None:
        error = FieldError("/trafin_admdvs", "area-unknown", "不是登记的统筹区，请先由平台登记")
        raise InvalidInput("转入地不是登记的统筹区。", errors=[error])
    if area.state is AreaState.CONNECTED and not is_cut_over:
        error = FieldError("/trafin_admdvs", "area-connected", "该统筹区已接入平台")
        raise InvalidInput("该统筹区已接入平台，请通过平台申请转移。", code="area-connected", errors=[error])


def _require_no_obstacle(checked: CheckResult) -> None:
    refusals = [finding for finding in checked.findings if not finding.is_unknown]
    if refusals:
        errors = [
            FieldError("", each.code, f"{REASONS[each.code].title}，{REASONS[each.code].remedy}") for each in refusals
        ]
        raise InvalidInput("不符合转出条件。", code="paper-case-refused", errors=errors)
    if checked.findings:
        raise Conflict("本地参保信息不是最新，待核心系统更新后再办理。", code="facts-unknown")


def _accepted(office: Office, new: NewPaperCase, checked: CheckResult) -> TransferAccepted:
    """What the platform would have said: the same days, and no facts of the other side."""
    application, registry, on = new.lodged.application, office.registry, local_date(new.accepted_at)
    transfer = Transfer(
        application.trafout_admdvs, application.trafin_admdvs, application.trafout_insutype, application.trafin_insutype
    )
    policies = policies_of_paper(registry, transfer, on, office.today())
    outbound = required_limit(ClockKind.OUTBOUND, policies).days
    total = time_limit(ClockKind.TOTAL, policies)
    due = registry.calendar.due(on, outbound)
    total_due = registry.calendar.due(on, total.days) if total else None
    unknown = CheckResult(
        rlts_traf_id=new.rlts_traf_id,
        side=Side.INBOUND,
        admdvs=application.trafin_admdvs,
        facts=SideFacts(facts_as_of=None),
    )
    return TransferAccepted(
        lodged=new.lodged,
        trafout_admdvs=application.trafout_admdvs,
        trafin_admdvs=application.trafin_admdvs,
        accepted_at=new.accepted_at,
        outbound_facts=checked,
        inbound_facts=unknown,
        acct_disposition=new.disposition,
        outbound_due_on=due.on,
        outbound_days=outbound,
        total_days=total.days if total else None,
        inbound_days=required_limit(ClockKind.INBOUND, policies).days,
        total_due_on=total_due.on if total_due else None,
        is_due_provisional=any(each.is_provisional for each in (due, total_due) if each is not None),
    )
