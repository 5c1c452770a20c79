"""The outbound's work: correct where the inbound asked for it, 经办, 复核, and wait for the platform."""

from demo.case_run import CaseRun, Json
from demo.services import OUTBOUND, Call
from demo.steps.agency_case import AgencyCase
from demo.world import World

_SUBMISSION, _REVIEW, _DRAFT = "submission", "review", "draft-sheet"
_ACCEPTED = ("sheet_accepted", "ended")


async def work_outbound(world: World, run: CaseRun, *, version: int = 1) -> Json:
    """经办 and 复核 until the platform has accepted sheet ``version``; gives the outbound's case."""
    desk = _desk(world, run)

    async def submit(case: Json, seen: str) -> None:
        if case["is_returned"] and await _correct(desk):
            return
        run.step(f"转出地经办：提交第 {case['sheet_version']} 版信息表")
        await desk.command("clerk", _SUBMISSION, seen)

    async def review(case: Json, seen: str) -> None:
        run.step(f"转出地复核：第 {case['sheet_version']} 版，冻结账户并签章")
        await desk.command("checker", _REVIEW, seen, {"decision": "approve"})

    def is_accepted(case: Json) -> bool:
        return case.get("state") in _ACCEPTED and case["sheet_version"] >= version

    turns = {"drafting": submit, "submitted": review}
    case = await desk.drive(turns, is_accepted, what=f"第 {version} 版信息表由平台接收")
    run.step(f"第 {case['sheet_version']} 版信息表已由平台接收")
    return case


async def outbound_reaches(world: World, run: CaseRun, state: str) -> Json:
    """Wait until the outbound's case is in ``state``."""
    desk = _desk(world, run)
    return await desk.drive({}, lambda case: case.get("state") == state, what=f"转出地办件到达 {state}")


def _desk(world: World, run: CaseRun) -> AgencyCase:
    return AgencyCase(world, run, OUTBOUND, run.scenario.application.trafout_admdvs)


async def _correct(desk: AgencyCase) -> bool:
    """Put the scenario's correction into the draft; false when there is none, or it stands there already."""
    wanted = desk.run.scenario.course.outbound_corrects
    if wanted is None:
        return False
    token = desk.world.callers.agency("clerk", desk.admdvs)
    response = await desk.world.services.send(Call(token, OUTBOUND, "GET", desk.path(f"/{_DRAFT}")))
    rows = response.json()["rows"]
    if rows[wanted.row - 1]["memo"] == wanted.memo:
        return False
    desk.run.step(f"转出地更正：第 {wanted.row} 行备注")
    rows[wanted.row - 1]["memo"] = wanted.memo
    body = {"rows": rows, "reason": wanted.reason}
    await desk.command("clerk", _DRAFT, response.headers["ETag"], body, method="PUT")
    return True
