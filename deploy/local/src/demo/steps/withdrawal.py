"""撤销 before the first sheet: everything goes back to what it was."""

from demo.case_run import CaseRun, Json
from demo.records import psn_no_of
from demo.services import OUTBOUND, PLATFORM, Call, until
from demo.steps.outbound import outbound_reaches
from demo.world import World

_REASON = "本人暂不办理转移"


async def withdraw(world: World, run: CaseRun) -> None:
    """The applicant withdraws; doing it again after it has happened changes nothing."""
    run.step("本人撤销申请")
    token, path = world.callers.applicant(run.scenario), f"/transfers/{run.rlts_traf_id}/withdrawal"
    call = Call(token, PLATFORM, "POST", path, json={"reason": _REASON}, key=run.key("withdraw"))
    await world.services.send(call)


async def withdraw_and_compare(world: World, run: CaseRun) -> None:
    """Withdraw while the outbound holds the relation, and look at the person there before it and afterwards.

    ``run.person_before`` must have been read before applying.
    """
    await outbound_reaches(world, run, "drafting")
    await withdraw(world, run)
    await outbound_reaches(world, run, "withdrawn")
    run.person_after = await until(
        lambda: read_outbound_person(world, run),
        lambda person: person == run.person_before,
        what="转出地的参保关系恢复原状",
        within_seconds=world.within_seconds,
    )
    run.step("转出地已恢复原状")


async def read_outbound_person(world: World, run: CaseRun) -> Json:
    """The person as the outbound holds them, its own holds laid over the core's record."""
    token = world.callers.agency("core", run.scenario.application.trafout_admdvs)
    shown = await world.services.json(Call(token, OUTBOUND, "GET", f"/persons/{psn_no_of(run.scenario)}"))
    return {name: shown[name] for name in ("record", "taken_over")}
