"""What a clerk does with a case that leaves on paper."""

from typing import Any

import httpx

from tests.integration.outbound.desk import CHECKER, CLERK, Desk
from tests.integration.outbound.parties import ON_PAPER
from tests.people import LI_LEI


async def apply(desk: Desk, key: str = "a1", **changes: Any) -> httpx.Response:
    body = {
        "psn_name": "李雷",
        "psn_cert_type": "01",
        "certno": LI_LEI,
        "trafin_admdvs": ON_PAPER,
        "trafout_insutype": "310",
        "trafin_insutype": "310",
        "acct_disposition": "transfer",
    }
    return await desk.call("POST", "/paper-cases", CLERK, body | changes, key=key)


async def note(desk: Desk, case: str, kind: str, key: str, **more: Any) -> httpx.Response:
    """One clerk notes it."""
    desk.clock.advance(minutes=1)
    version = (await desk.case(case))["row_version"]
    body = {"kind": kind, "on": "2026-03-02", "note": "挂号信 X1"} | more
    return await desk.call("POST", f"/cases/{case}/paper-steps", CLERK, body, version=version, key=key)


async def approve(desk: Desk, noted: httpx.Response, claims: dict[str, Any] = CHECKER) -> httpx.Response:
    """Another one approves it."""
    assert noted.status_code == 201, noted.text
    case = noted.json()["rlts_traf_id"]
    path = f"/cases/{case}/paper-steps/{noted.json()['step_id']}/approval"
    version = (await desk.case(case))["row_version"]
    return await desk.call("POST", path, claims, {"decision": "approve"}, version=version)


async def sealed(desk: Desk) -> str:
    """A case on paper whose sheet is sealed."""
    made = await apply(desk)
    assert made.status_code == 201, made.text
    case = str(made.json()["rlts_traf_id"])
    await desk.core()
    await desk.approve(case)
    await desk.seal()
    assert await desk.state(case) == "issued"
    return case
