"""Applying, and waiting for the verdict."""

import asyncio
import time
from typing import Any

from demo.case_run import CaseRun, Json
from demo.errors import Unexpected
from demo.scenario import Channel, Scenario
from demo.services import PLATFORM, Call, until
from demo.world import World

ACCEPTED = "accepted"
_CHECKING = "checking"
_REFUSED = ("refused", "not_taken")
_NOT_TAKEN_STATUS = 422


async def apply(world: World, run: CaseRun) -> None:
    """Apply once per client, all at the same moment, and wait until every answer is a verdict."""
    run.step("提交申请")
    began = time.monotonic()
    clients = run.scenario.application.simultaneous_clients
    answers = await asyncio.gather(*(_apply_once(world, run, run.key(f"apply-{n}")) for n in range(clients)))
    run.answered_seconds = time.monotonic() - began
    run.answers = sorted(answers, key=lambda answer: answer["outcome"] in _REFUSED)


async def read_transfer(world: World, run: CaseRun, rlts_traf_id: str | None = None) -> Json:
    """The case as the applicant sees it."""
    path = f"/transfers/{rlts_traf_id or run.rlts_traf_id}"
    return await world.services.json(Call(world.callers.applicant(run.scenario), PLATFORM, "GET", path))


async def _apply_once(world: World, run: CaseRun, key: str) -> Json:
    token = world.callers.applicant(run.scenario)
    try:
        answer = await world.services.json(
            Call(token, PLATFORM, "POST", "/transfers", json=application_of(run.scenario), key=key)
        )
    except Unexpected as refusal:
        if refusal.status != _NOT_TAKEN_STATUS:
            raise
        return {"outcome": "not_taken", "reasons": [{"code": code, "title": str(refusal)} for code in refusal.codes]}
    return await _verdict(world, run, answer) if answer["outcome"] == _CHECKING else answer


async def _verdict(world: World, run: CaseRun, answer: Json) -> Json:
    """A side has not answered yet: the platform asks it again, and the applicant looks."""
    run.step("校验中，等待双方答复")
    transfer = await until(
        lambda: read_transfer(world, run, answer["rlts_traf_id"]),
        lambda shown: shown["state"] != _CHECKING,
        what="双方校验答复",
        within_seconds=world.within_seconds,
    )
    outcome = transfer["state"] if transfer["state"] in ("refused", "withdrawn") else ACCEPTED
    return {**answer, "outcome": outcome, "state": transfer["state"], "reasons": transfer["reasons"]}


def application_of(scenario: Scenario) -> dict[str, Any]:
    """What is sent to apply for ``scenario``'s transfer."""
    person, wish = scenario.person, scenario.application
    is_employer = wish.channel is Channel.EMPLOYER
    employer = {"kind": "employer", "emp_no": wish.emp_no, "emp_name": wish.emp_name}
    return {
        "psn_name": person.psn_name,
        "psn_cert_type": person.psn_cert_type,
        "certno": person.certno,
        "trafout_admdvs": wish.trafout_admdvs,
        "trafin_admdvs": wish.trafin_admdvs,
        "trafout_insutype": wish.trafout_insutype,
        "trafin_insutype": wish.trafin_insutype,
        "applicant": employer if is_employer else {"kind": "person"},
    }
