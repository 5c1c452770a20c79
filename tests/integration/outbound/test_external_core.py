"""An agency whose own core carries the tasks out: a step counts only when it has said done."""

from typing import Any

import pytest

from shared.contracts.events import TransferCompleted, TransferWithdrawn
from tests.integration.outbound.conftest import StartDesk
from tests.integration.outbound.desk import CASE, CHECKER, CLERK, Desk
from tests.integration.outbound.parties import OUT_AREA


@pytest.fixture
async def desk(start_desk: StartDesk) -> Desk:
    return await start_desk(external_core_agencies=frozenset({OUT_AREA}))


async def tasks(desk: Desk) -> list[dict[str, Any]]:
    """What the core is asked to do next."""
    items: list[dict[str, Any]] = (await desk.call("GET", "/core-tasks", CLERK)).json()["items"]
    return items


async def answer(desk: Desk, kind: str, outcome: str = "done", **more: Any) -> None:
    """The core answers its only task of a kind."""
    [task] = [each for each in await tasks(desk) if each["kind"] == kind]
    body = {"outcome": outcome, "at": desk.clock.now().isoformat(), "core_ref": "HX-1"} | more
    told = await desk.call("POST", f"/core-tasks/{task['task_id']}/result", CLERK, body)
    assert told.status_code == 204, told.text


async def submitted(desk: Desk) -> None:
    await desk.accept()
    await answer(desk, "suspend_relation")
    assert (await desk.submit()).status_code == 200


async def test_each_step_waits_for_the_cores_answer(desk: Desk) -> None:
    await desk.accept()
    assert (await desk.submit()).status_code == 409
    await answer(desk, "suspend_relation")
    assert (await desk.submit()).status_code == 200
    assert (await desk.review()).status_code == 200
    assert await desk.seal() == 0
    assert [task["kind"] for task in (await desk.case())["core_tasks"]] == ["freeze_account"]
    await answer(desk, "freeze_account", balc="1000.01")
    assert await desk.seal() == 1
    assert (await desk.sheet()).foot.acctfund_traf_amt == 100001

    await desk.accept_sheet()
    await desk.receive(TransferCompleted(sheet_version=1, completed_at=desk.clock.now(), trafin_psn_no="N1"))
    assert await desk.state() == "sheet_accepted"
    await answer(desk, "terminate_relation", core_ref="HX-9")
    assert await desk.state() == "ended"
    assert (await desk.letters("platform"))[-1]["core_ref"] == "HX-9"


async def test_an_unknown_outcome_moves_nothing_and_may_still_be_done(desk: Desk) -> None:
    await submitted(desk)
    await desk.review()
    await answer(desk, "freeze_account", "unknown", reason="核心超时")
    assert (await desk.state(), await desk.seal()) == ("approved", 0)
    [waiting] = (await desk.case())["core_tasks"]
    assert (waiting["state"], waiting["reason"]) == ("unknown", "核心超时")
    await answer(desk, "freeze_account", balc="5.00")
    assert await desk.seal() == 1


async def test_a_failed_freeze_goes_back_to_the_clerk_and_a_new_approval_asks_again(desk: Desk) -> None:
    await submitted(desk)
    await desk.review()
    await answer(desk, "freeze_account", "failed", reason="账户已销户")
    shown = await desk.case()
    assert (shown["state"], shown["core_tasks"][0]["reason"]) == ("drafting", "账户已销户")
    await desk.submit()
    await desk.review()
    await answer(desk, "freeze_account", balc="5.00")
    assert await desk.seal() == 1


async def test_a_failed_task_that_is_given_out_again_late_leaves_no_frozen_account(desk: Desk) -> None:
    await submitted(desk)
    await desk.review()
    [freeze] = await tasks(desk)
    await answer(desk, "freeze_account", "failed", reason="账户已销户")
    reopened = await desk.call("POST", f"/core-tasks/{freeze['task_id']}/reopening", CHECKER)
    assert reopened.status_code == 204
    await answer(desk, "freeze_account", balc="5.00")
    assert [task["kind"] for task in await tasks(desk)] == ["unfreeze_account"]
    assert await desk.seal() == 0


async def test_a_failed_suspension_waits_with_its_reason(desk: Desk) -> None:
    await desk.accept()
    await answer(desk, "suspend_relation", "failed", reason="有在途业务")
    shown = await desk.case()
    assert (shown["state"], shown["core_tasks"][0]["reason"]) == ("accepted", "有在途业务")
    history = (await desk.call("GET", f"/cases/{CASE}/history", CLERK)).json()["items"]
    assert (history[-1]["name"], history[-1]["reason"]) == ("core_suspend_relation_failed", "有在途业务")


async def test_a_withdrawal_asks_the_core_to_undo_in_order(desk: Desk) -> None:
    await submitted(desk)
    await desk.review()
    await answer(desk, "freeze_account", balc="5.00")
    await desk.receive(TransferWithdrawn(withdrawn_at=desk.clock.now(), reason="本人撤销"))
    assert [task["kind"] for task in await tasks(desk)] == ["unfreeze_account", "resume_relation"]
