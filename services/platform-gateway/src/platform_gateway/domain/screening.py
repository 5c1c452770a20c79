"""What the request and the registry alone decide (N2, N6, N14, S54-9): A05 first, then A06, A07, A11, A14 at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from platform_gateway.domain.reasons import StatedReason, state_reason
from shared import certno
from shared.contracts.application import Applicant, ApplicantKind, Application
from shared.contracts.codes import Insutype
from shared.law import design, law
from shared.registry.models import Area, AreaState

_SCHEMES = frozenset(scheme.value for scheme in Insutype)


@dataclass(frozen=True, slots=True)
class Request:
    """An application with what the registry says of its areas (``None``: unknown) and what the token says.

    ``admdvs`` is the token's agency and ``optins_no`` its window; ``emp_no`` the employer and ``holder_certno``
    the person that the token speaks for, if any. ``wants_exception``: it gives a reason for departing from N5-2's
    principle; ``may_except``: the token's scope allows that.
    """

    application: Application
    trafout: Area | None
    trafin: Area | None
    admdvs: str | None = None
    optins_no: str | None = None
    emp_no: str | None = None
    holder_certno: str | None = None
    wants_exception: bool = False
    may_except: bool = False


@law("N2", "N14", "S54-9")
def not_needed(request: Request, *, is_same_city_not_needed: bool) -> StatedReason | None:
    """A05: the same area and scheme anywhere; 310→310 inside one city where the region says so (S54-9).

    ``None`` where there is something to transfer: also a change of scheme inside an area (N14).
    """
    application, out, into = request.application, request.trafout, request.trafin
    if out is None or into is None or application.trafout_insutype != application.trafin_insutype:
        return None
    if application.trafout_insutype not in _SCHEMES:
        return None
    if out.admdvs == into.admdvs:
        return state_reason("A05", note="同一统筹地区同一险种内不发生转移")
    is_of_employees = application.trafout_insutype == Insutype.EMPLOYEE
    if not (is_same_city_not_needed and is_of_employees and (out.province, out.city) == (into.province, into.city)):
        return None
    return state_reason("A05", note="省内同一设区的市内流动就业，直接办理增减员", articles=("S54-9",))


def screen(request: Request) -> tuple[StatedReason, ...]:
    """Every reason that no side needs to be asked for; empty when the sides are to be asked."""
    return (*_fields(request), *_window(request), *_areas(request), *_schemes(request.application))


@design("what of an application is validated")
def _fields(request: Request) -> list[StatedReason]:
    application = request.application
    return [
        *_certificate(application.psn_cert_type, application.certno, ""),
        *_applicant(application, request.emp_no),
        *_holder(application, request.holder_certno),
        *_exception(request),
    ]


def _certificate(psn_cert_type: str, number: str, at: str) -> list[StatedReason]:
    return [
        state_reason("A06", note=problem.message, pointer=f"{at}/certno")
        for problem in certno.problems(psn_cert_type, number)
        if not problem.is_warning
    ]


@law("N5", "N6")
@design("guardians and agents apply with their own certificate")
def _applicant(application: Application, token_emp_no: str | None) -> list[StatedReason]:
    applicant = application.applicant
    if applicant.kind is ApplicantKind.EMPLOYER:
        return _employer(applicant, token_emp_no)
    if token_emp_no is not None:
        return [state_reason("A06", note="单位登录时申请人应为该单位", pointer="/applicant/kind")]
    if applicant.kind is ApplicantKind.PERSON:
        return []
    missing = [
        state_reason("A06", note="监护人或代办人须填写本人姓名和证件", pointer=f"/applicant/{name}")
        for name in ("psn_name", "psn_cert_type", "certno")
        if getattr(applicant, name) is None
    ]
    if missing:
        return missing
    psn_cert_type, number = applicant.psn_cert_type or "", applicant.certno or ""
    if certno.person_key(psn_cert_type, number) == certno.person_key(application.psn_cert_type, application.certno):
        return [state_reason("A06", note="监护人或代办人不能是参保人本人", pointer="/applicant/certno")]
    return _certificate(psn_cert_type, number, "/applicant")


def _employer(applicant: Applicant, token_emp_no: str | None) -> list[StatedReason]:
    if applicant.emp_no is None:
        return [state_reason("A06", note="单位申请须填写单位编号", pointer="/applicant/emp_no")]
    if token_emp_no is not None and applicant.emp_no != token_emp_no:
        return [state_reason("A06", note="申请单位与登录单位不一致", pointer="/applicant/emp_no")]
    return []


def _holder(application: Application, holder_certno: str | None) -> list[StatedReason]:
    """A person who has logged in applies for themselves, or for another as guardian or agent."""
    if holder_certno is None:
        return []
    if application.applicant.kind is ApplicantKind.PERSON:
        number, pointer = application.certno, "/certno"
    else:
        number, pointer = application.applicant.certno or "", "/applicant/certno"
    if certno.normalise(number) == certno.normalise(holder_certno):
        return []
    return [state_reason("A06", note="申请人与登录人不一致", pointer=pointer)]


@law("N5-2")
@design("who may depart from the principle: a clerk of the inbound, where residents' transfers are handled")
def _exception(request: Request) -> list[StatedReason]:
    """A04 may be set aside by a clerk of the inbound with the right scope only, and only between residents."""
    if not request.wants_exception:
        return []
    schemes = {request.application.trafout_insutype, request.application.trafin_insutype}
    if schemes != {Insutype.RESIDENT}:
        return [state_reason("A06", note="例外受理只适用于居民医保之间的转移", pointer="/exception")]
    is_inbound = request.trafin is not None and request.admdvs == request.trafin.admdvs
    if is_inbound and request.may_except:
        return []
    return [state_reason("A06", note="例外受理须由转入地有权限的经办人员提出", pointer="/exception")]


@law("N6")
def _window(request: Request) -> list[StatedReason]:
    """A07: an agency applies for its own transfers only, and at a window that is its own (N6)."""
    if request.trafout is None or request.trafin is None:
        return []
    sides: tuple[Area, ...] = (request.trafout, request.trafin)
    if request.optins_no is not None:
        sides = tuple(area for area in sides if any(each.optins_no == request.optins_no for each in area.windows))
    elif request.admdvs is None:
        return []
    is_own = any(request.admdvs in (None, area.admdvs) for area in sides)
    return [] if is_own else [state_reason("A07")]


@law("N3", "N6")
@design("an area that is not connected makes no case")
def _areas(request: Request) -> list[StatedReason]:
    application = request.application
    sides = (
        ("/trafout_admdvs", application.trafout_admdvs, request.trafout),
        ("/trafin_admdvs", application.trafin_admdvs, request.trafin),
    )
    registered = [area for _, _, area in sides if area is not None]
    found = []
    for pointer, code, area in sides:
        if area is None:
            found.append(state_reason("A06", note=f"行政区划代码 {code} 不是已登记的统筹地区", pointer=pointer))
        elif area.state is not AreaState.CONNECTED:
            found.append(state_reason("A11", note=_where_instead(area, registered), pointer=pointer))
    return found


def _where_instead(area: Area, registered: Sequence[Area]) -> str:
    """N6 names the windows of either side; what the other one does on paper begins at its own window."""
    places = {each.admdvs: each for each in (area, *registered)}
    windows = [f"{each.name}：{_windows(each)}" for each in places.values()]
    return f"{area.name}暂不能通过平台办理，可到下列窗口办理：{'。'.join(windows)}"


def _windows(area: Area) -> str:
    windows = [f"{window.name}（{window.address}，电话 {window.tel}）" for window in area.windows]
    return "；".join(windows) or "当地医保经办机构"


@law("N2")
@design("two insurances in place of a direction code")
def _schemes(application: Application) -> list[StatedReason]:
    return [
        state_reason("A14", pointer=pointer)
        for pointer, scheme in (
            ("/trafout_insutype", application.trafout_insutype),
            ("/trafin_insutype", application.trafin_insutype),
        )
        if scheme not in _SCHEMES
    ]
