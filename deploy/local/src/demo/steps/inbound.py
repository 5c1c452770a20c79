"""The inbound's work: compare, 经办, 复核: take the sheet over, or return it once where the scenario says so."""

from demo.case_run import CaseRun, Json
from demo.services import INBOUND
from demo.steps.agency_case import AgencyCase
from demo.world import World

COMPLETED, RETURNED = "completed", "returned"
_ACCEPT_MEMO = "已核对差异，与参保人确认无误"


async def work_inbound(world: World, run: CaseRun, *, version: int = 1) -> str:
    """经办 and 复核 of sheet ``version``; gives ``completed``, or ``returned`` where it goes back for correction."""
    desk = AgencyCase(world, run, INBOUND, run.scenario.application.trafin_admdvs)
    reason = run.scenario.course.inbound_returns
    is_return = reason is not None and version == 1
    ends = {COMPLETED, RETURNED} if is_return else {COMPLETED}

    async def submit(case: Json, seen: str) -> None:
        if case["sheet_version"] < version:
            return
        if is_return and reason is not None:
            run.step(f"转入地经办：退回更正 {reason.code}")
            body: Json = {"decision": "return", "reasons": [reason.model_dump(mode="json", exclude_none=True)]}
        else:
            run.step(f"转入地经办：接收第 {case['sheet_version']} 版信息表")
            body = {"decision": "accept"} | ({"memo": _ACCEPT_MEMO} if case["difference_count"] else {})
        await desk.command("clerk", "submission", seen, body)

    async def review(case: Json, seen: str) -> None:
        run.step(f"转入地复核：第 {case['sheet_version']} 版")
        await desk.command("checker", "review", seen, {"decision": "approve"})

    turns = {"received": submit, "submitted": review}
    case = await desk.drive(turns, lambda shown: shown.get("state") in ends, what=f"第 {version} 版信息表核对完毕")
    run.step("关系已转入" if case["state"] == COMPLETED else "已退回转出地更正")
    return str(case["state"])
