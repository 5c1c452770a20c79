"""What the request and the registry alone decide (N2, N6, N14, S54-9): A05 first, then A06, A07, A11, A14 at once."""

from collections.abc import Collection
from dataclasses import dataclass

from platform_gateway.domain.reasons import StatedReason, state_reason
from shared import certno
from shared.contracts.application import Applicant, ApplicantKind, Application
from shared.contracts.codes import Insutype
from shared.registry.models import Area, AreaState

_SCHEMES = frozenset(scheme.value for scheme in Insutype)


@dataclass(frozen=True, slots=True)
class Request:
    """An application with what the registry says of its areas (``None``: unknown) and what the token says.

    ``admdvs`` is the token's agency and ``optins_no`` its window; ``emp_no`` the employer and ``holder_certno``
    the person that the token speaks for, if any.
    """

    application: Application
    trafout: Area | None
    trafin: Area | None
    admdvs: str | None = None
    optins_no: str | None = None
    emp_no: str | None = None
    holder_certno: str | None = None


def is_not_needed(request: Request, merged_city_provinces: Collection[str]) -> bool:
    """A05: the same area and scheme anywhere; 310→310 inside one city where the province says so (S54-9)."""
    application, out, into = request.application, request.trafout, request.trafin
    if out is None or into is None or application.trafout_insutype != application.trafin_insutype:
        return False
    if application.trafout_insutype not in _SCHEMES:
        return False
    if out.admdvs == into.admdvs:
        return True
    return (
        application.trafout_insutype == Insutype.EMPLOYEE
        and out.province == into.province
        and out.province in merged_city_provinces
        and out.city == into.city
    )


def screen(request: Request) -> tuple[StatedReason, ...]:
    """Every reason that no side needs to be asked for; empty when the sides are to be asked."""
    return (*_fields(request), *_window(request), *_areas(request), *_schemes(request.application))


def _fields(request: Request) -> list[StatedReason]:
    application = request.application
    return [
        *_certificate(application.psn_cert_type, application.certno, ""),
        *_applicant(application.applicant, request.emp_no),
        *_holder(application, request.holder_certno),
    ]


def _certificate(psn_cert_type: str, number: str, at: str) -> list[StatedReason]:
    return [
        state_reason("A06", note=problem.message, pointer=f"{at}/certno")
        for problem in certno.problems(psn_cert_type, number)
        if not problem.is_warning
    ]


def _applicant(applicant: Applicant, token_emp_no: str | None) -> list[StatedReason]:
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
    return _certificate(applicant.psn_cert_type or "", applicant.certno or "", "/applicant")


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


def _areas(request: Request) -> list[StatedReason]:
    application = request.application
    sides = (
        ("/trafout_admdvs", application.trafout_admdvs, request.trafout),
        ("/trafin_admdvs", application.trafin_admdvs, request.trafin),
    )
    found = []
    for pointer, code, area in sides:
        if area is None:
            found.append(state_reason("A06", note=f"行政区划代码 {code} 不是已登记的统筹地区", pointer=pointer))
        elif area.state is not AreaState.CONNECTED:
            found.append(state_reason("A11", note=_where_instead(area), pointer=pointer))
    return found


def _where_instead(area: Area) -> str:
    windows = [f"{window.name}（{window.address}，电话 {window.tel}）" for window in area.windows]
    return f"{area.name}暂不能通过平台办理，可到：{'；'.join(windows) or '当地医保经办机构'}"


def _schemes(application: Application) -> list[StatedReason]:
    return [
        state_reason("A14", pointer=pointer)
        for pointer, scheme in (
            ("/trafout_insutype", application.trafout_insutype),
            ("/trafin_insutype", application.trafin_insutype),
        )
        if scheme not in _SCHEMES
    ]
