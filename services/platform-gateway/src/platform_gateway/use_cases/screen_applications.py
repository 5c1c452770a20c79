"""Judge applications by what they and the registry say alone; no side is asked yet."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from platform_gateway.domain.case import Case
from platform_gateway.domain.channel import opt_chnl
from platform_gateway.domain.explained import GivenException, with_exception
from platform_gateway.domain.reasons import StatedReason
from platform_gateway.domain.screened import Screened
from platform_gateway.domain.screening import Request, not_needed, screen
from platform_gateway.domain.states import CaseState
from platform_gateway.schemas.applications import TransferRequest
from shared import certno
from shared.case_number import new_case_number
from shared.clock import local_date
from shared.contracts.application import LodgedApplication
from shared.eligibility.policy import rules_for
from shared.errors import FieldError, InvalidInput
from shared.registry.models import Area
from shared.registry.registry import Registry
from shared.web.principal import Principal


class ApplicationNotTaken(InvalidInput):
    """The request and the registry alone rule the application out (A06, A07, A11, A14); no case arises."""

    code = "application-not-taken"

    def __init__(self, reasons: Sequence[StatedReason]) -> None:
        super().__init__("申请未受理：" + "；".join(_text(reason) for reason in reasons), errors=_errors(reasons))
        self.reasons = tuple(reasons)


def screen_applications(
    applications: Sequence[TransferRequest], caller: Principal, registry: Registry, now: datetime
) -> list[Screened]:
    """Screen each application in order."""
    return [_screen(application, caller, registry, now) for application in applications]


def _screen(asked: TransferRequest, caller: Principal, registry: Registry, now: datetime) -> Screened:
    today, application = local_date(now), asked.application
    trafout = registry.resolve(application.trafout_admdvs, today)
    trafin = registry.resolve(application.trafin_admdvs, today)
    request = Request(
        application,
        trafout,
        trafin,
        admdvs=caller.admdvs,
        optins_no=caller.optins_no,
        emp_no=caller.emp_no,
        holder_certno=caller.certno_holder,
        wants_exception=asked.exception is not None,
        may_except="transfers:decide" in caller.scopes,
    )
    rules = None if trafout is None else rules_for(registry, trafout.admdvs, today)
    needless = not_needed(request, is_same_city_not_needed=rules is not None and rules.is_same_city_not_needed)
    if needless is not None:
        return Screened(application, (needless,), is_not_needed=True)
    reasons = screen(request)
    if reasons or trafout is None or trafin is None:
        return Screened(application, reasons)
    return Screened(application, case=_new_case(asked, trafout, trafin, caller, now))


def _new_case(asked: TransferRequest, trafout: Area, trafin: Area, caller: Principal, now: datetime) -> Case:
    application = asked.application
    given = asked.exception
    exception = None
    if given is not None:
        exception = GivenException(given.code, given.reason, caller.opter_id, trafin.admdvs, now)
    resolved = application.model_copy(update={"trafout_admdvs": trafout.admdvs, "trafin_admdvs": trafin.admdvs})
    lodged = LodgedApplication(
        application=resolved,
        opt_chnl=opt_chnl(caller.optins_no, trafout, trafin),
        optins_no=caller.optins_no,
        opter_id=caller.opter_id,
    )
    return Case(
        rlts_traf_id=new_case_number(),
        lodged=lodged.model_dump(mode="json"),
        person_key=certno.person_key(application.psn_cert_type, application.certno),
        trafout_admdvs=trafout.admdvs,
        trafin_admdvs=trafin.admdvs,
        trafout_insutype=application.trafout_insutype,
        trafin_insutype=application.trafin_insutype,
        applicant_subject=caller.subject,
        applied_at=now,
        state=CaseState.CHECKING,
        state_since=now,
        decision=with_exception(exception),
    )


def reason_document(reason: StatedReason) -> dict[str, object]:
    """A stated reason as it is stored with its case."""
    return asdict(reason)


def _text(reason: StatedReason) -> str:
    note = f"（{reason.note}）" if reason.note else ""
    return f"{reason.code} {reason.title}{note}，{reason.remedy}"


def _errors(reasons: Sequence[StatedReason]) -> list[FieldError]:
    return [
        FieldError(reason.pointer or "", reason.code, f"{_text(reason)}依据：{'、'.join(reason.articles)}")
        for reason in reasons
    ]
