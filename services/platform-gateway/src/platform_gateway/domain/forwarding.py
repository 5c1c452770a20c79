"""转办: a case that was lodged for the wrong area of a province goes to the right one (*design*)."""

from dataclasses import replace
from typing import Any

from platform_gateway.domain.case import Case
from platform_gateway.domain.explained import Document
from platform_gateway.domain.history import Cause, HistoryEntry, move
from platform_gateway.domain.screening import Request, not_needed, screen
from platform_gateway.domain.states import CaseState, Command
from shared.contracts.application import LodgedApplication
from shared.contracts.facts import Side
from shared.errors import FieldError, InvalidInput
from shared.law import design
from shared.registry.models import Area

_FIELDS = {Side.OUTBOUND: "trafout_admdvs", Side.INBOUND: "trafin_admdvs"}
_NAMES = {Side.OUTBOUND: "转出地", Side.INBOUND: "转入地"}


class ForwardingNotTaken(InvalidInput):
    """The case cannot go to the area that was named; ``errors`` say why."""

    code = "forwarding-not-taken"

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"不能转办：{message}", errors=[FieldError("/admdvs", code, message)])


def side_of(case: Case, admdvs: str) -> Side:
    """The side of ``case`` that the agency ``admdvs`` is; raises ``ForwardingNotTaken`` where it is both."""
    if case.trafout_admdvs == case.trafin_admdvs:
        raise ForwardingNotTaken("forwarding-inside-area", "统筹地区内变更险种的申请不转办，请撤销后重新申请")
    return Side.OUTBOUND if admdvs == case.trafout_admdvs else Side.INBOUND


@design("a case is forwarded within a province only")
def require_right_area(
    case: Case,
    side: Side,
    present: Area | None,
    into: Area | None,
    other: Area | None,
    *,
    is_same_city_not_needed: bool,
) -> Area:
    """``into`` where ``side`` may be given to it in place of ``present``, ``other`` staying what it is.

    The areas are as the registry knows them today (``None``: not at all). Raises ``ForwardingNotTaken``.
    """
    if into is None or present is None:
        raise ForwardingNotTaken("A06", "行政区划代码不是已登记的统筹地区")
    if into.admdvs in case.sides:
        raise ForwardingNotTaken("forwarding-to-a-side", "该统筹地区已经是本办件的一方")
    if into.province != present.province:
        raise ForwardingNotTaken("forwarding-outside-province", "只能转办至同一省内的统筹地区，跨省的请撤销后重新申请")
    application = LodgedApplication.model_validate(_lodged(case, side, into)).application
    trafout, trafin = (into, other) if side is Side.OUTBOUND else (other, into)
    request = Request(application, trafout, trafin)
    needless = not_needed(request, is_same_city_not_needed=is_same_city_not_needed)
    for reason in (*([needless] if needless else []), *screen(request)):
        note = f"（{reason.note}）" if reason.note else ""
        raise ForwardingNotTaken(reason.code, f"{reason.title}{note}，{reason.remedy}")
    return into


@design("a case lodged for the wrong area is forwarded under its number, until it is accepted")
def forward(case: Case, side: Side, into: Area, cause: Cause) -> tuple[Case, list[HistoryEntry]]:
    """The case as if it had been lodged for ``into`` on ``side``: nobody's answer is kept, both are to be asked.

    It counts as a duplicate until it has the place of its new relation. Raises ``CommandNotAllowed``.
    """
    moved, entries = move(case, Command.FORWARD, _told(case, side, into, cause))
    forwarded = replace(
        moved,
        lodged=_lodged(case, side, into),
        trafout_admdvs=into.admdvs if side is Side.OUTBOUND else case.trafout_admdvs,
        trafin_admdvs=into.admdvs if side is Side.INBOUND else case.trafin_admdvs,
        state_since=cause.at,
        is_duplicate=True,
        open_rlts_traf_id=None,
        reasons=(),
        unknown_sides=(),
        outbound_check=None,
        inbound_check=None,
        policy_version=None,
        decision=_exception_of(case.decision) if side is Side.OUTBOUND else None,
        forwarding=_forwarding(case, side, into, cause),
    )
    return forwarded, entries


@design("an accepted case is forwarded under a new number, and the old one is withdrawn")
def hand_on(case: Case, side: Side, into: Area, cause: Cause, number: str) -> tuple[Case, list[HistoryEntry], Case]:
    """The case withdrawn, and the one that is lodged for ``into`` in its place under ``number``, to be checked.

    Each names the other, so that who knows the old number finds the new case. Raises ``CommandNotAllowed``.
    """
    moved, entries = move(case, Command.FORWARD, _told(case, side, into, cause))
    forwarding = _forwarding(case, side, into, cause)
    ended = replace(
        moved, next_check_at=None, handover_message_id=None, forwarding=forwarding | {"next_rlts_traf_id": number}
    )
    successor = Case(
        rlts_traf_id=number,
        lodged=_lodged(case, side, into),
        person_key=case.person_key,
        trafout_admdvs=into.admdvs if side is Side.OUTBOUND else case.trafout_admdvs,
        trafin_admdvs=into.admdvs if side is Side.INBOUND else case.trafin_admdvs,
        trafout_insutype=case.trafout_insutype,
        trafin_insutype=case.trafin_insutype,
        applicant_subject=case.applicant_subject,
        applied_at=cause.at,
        state=CaseState.CHECKING,
        state_since=cause.at,
        decision=_exception_of(case.decision) if side is Side.OUTBOUND else None,
        forwarding=forwarding | {"former_rlts_traf_id": case.rlts_traf_id},
    )
    return ended, entries, successor


def _told(case: Case, side: Side, into: Area, cause: Cause) -> Cause:
    return replace(cause, reason=f"{_NAMES[side]}由{_area(case, side)}转办至{into.admdvs}：{cause.reason}")


def _area(case: Case, side: Side) -> str:
    return case.trafout_admdvs if side is Side.OUTBOUND else case.trafin_admdvs


def _forwarding(case: Case, side: Side, into: Area, cause: Cause) -> dict[str, Any]:
    return {
        "side": side.value,
        "from_admdvs": _area(case, side),
        "to_admdvs": into.admdvs,
        "to_name": into.name,
        "at": cause.at.isoformat(),
    }


def _lodged(case: Case, side: Side, into: Area) -> dict[str, Any]:
    return {**case.lodged, "application": {**case.lodged["application"], _FIELDS[side]: into.admdvs}}


def _exception_of(decision: Document | None) -> dict[str, Any] | None:
    """What the inbound has granted stands while it is the inbound; a new one grants its own."""
    exception = (decision or {}).get("exception")
    return None if exception is None else {"exception": exception}
