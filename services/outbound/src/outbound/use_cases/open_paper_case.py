"""Take an application for an area that is not connected at the agency's own window (N6; A11; *design*)."""

from datetime import datetime

from outbound.domain.case import Actor
from outbound.domain.decision import to_platform
from outbound.office import Office
from outbound.repository.paper import open_case_of
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
from shared.errors import Conflict, FieldError, InvalidInput
from shared.law import design, law
from shared.messaging.ids import new_ids
from shared.registry.models import AreaState
from shared.web.idempotency import KeyedRequest, once, remember


@law("N6", "N7", "N8")
@design("a case with an area that is not connected")
async def open_paper_case(
    office: Office, actor: Actor, lodged: LodgedApplication, disposition: AcctDisposition, keyed: KeyedRequest
) -> str:
    """The new case's number; raises ``InvalidInput`` with every reason against it, or ``Conflict``."""
    number, now = new_case_number(), office.now()
    application = lodged.application
    _require_not_connected(office, application.trafin_admdvs)
    admdvs = application.trafout_admdvs
    [checked] = await answer_checks(
        office, [CheckQuery(rlts_traf_id=number, side=Side.OUTBOUND, admdvs=admdvs, lodged=lodged)]
    )
    async with office.database.transaction() as connection:
        before = await once(connection, keyed, now=now)
        if before is not None:
            return before.resource_id
        _require_no_obstacle(checked)
        await lock_paper(connection, admdvs)
        in_the_way = await open_case_of(connection, admdvs, checked.facts.psn_no or "", application.trafout_insutype)
        if in_the_way is not None:
            raise Conflict(f"同一参保关系已有正在办理的转移：{in_the_way}。", code="paper-case-duplicate")
        event = _accepted(office, number, lodged, checked, disposition, now)
        told = PaperCaseOpened(
            lodged=lodged,
            trafout_admdvs=admdvs,
            trafin_admdvs=application.trafin_admdvs,
            accepted_at=now,
            acct_disposition=disposition,
        )
        (message_id,) = new_ids(now, 1)
        taken = TakenOn(number, event, actor, message_id, Origin.PAPER, (to_platform(told),))
        await take_on(office, connection, [taken])
        location = f"/v1/cases/{number}"
        await remember(connection, keyed, status=201, location=location, resource_id=number, now=now)
    return number


def _require_not_connected(office: Office, trafin_admdvs: str) -> None:
    area = office.registry.area(trafin_admdvs)
    if area is None:
        error = FieldError("/trafin_admdvs", "area-unknown", "不是登记的统筹区，请先由平台登记")
        raise InvalidInput("转入地不是登记的统筹区。", errors=[error])
    if area.state is AreaState.CONNECTED:
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


def _accepted(
    office: Office,
    number: str,
    lodged: LodgedApplication,
    checked: CheckResult,
    disposition: AcctDisposition,
    now: datetime,
) -> TransferAccepted:
    """What the platform would have said: the outbound's own days, and no facts of the other side."""
    application, registry, today = lodged.application, office.registry, local_date(now)
    deadlines = registry.policy(application.trafout_admdvs, today).sections.deadlines
    provinces = {registry.province_of(code) for code in (application.trafout_admdvs, application.trafin_admdvs)}
    days = deadlines.within_province if len(provinces) == 1 else deadlines.across_provinces
    due = registry.calendar.due(today, days.outbound_days)
    unknown = CheckResult(
        rlts_traf_id=number,
        side=Side.INBOUND,
        admdvs=application.trafin_admdvs,
        facts=SideFacts(facts_as_of=None),
    )
    return TransferAccepted(
        lodged=lodged,
        trafout_admdvs=application.trafout_admdvs,
        trafin_admdvs=application.trafin_admdvs,
        accepted_at=now,
        outbound_facts=checked,
        inbound_facts=unknown,
        acct_disposition=disposition,
        outbound_due_on=due.on,
        outbound_days=days.outbound_days,
        total_days=days.total_days,
        inbound_days=days.inbound_days,
        total_due_on=registry.calendar.due(today, days.total_days).on if days.total_days else None,
        is_due_provisional=due.is_provisional,
    )
