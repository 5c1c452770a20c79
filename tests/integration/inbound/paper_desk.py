"""What clerks send for a sheet that came on paper."""

from typing import Any

import httpx

from tests.integration.inbound.parts import ON_PAPER, PAPER_NAME
from tests.people import LI_LEI
from tests.unit.inbound.builders import sheet_foot, sheet_row

CLERK, CHECKER = "cases:read cases:work", "cases:read cases:check"


def paper(**changes: Any) -> dict[str, Any]:
    """What stands on the paper from an area that is not connected."""
    return {
        "head": {"psn_name": "李雷", "psn_cert_type": "01", "certno": LI_LEI, "gend": "1"},
        "trafout_admdvs": ON_PAPER,
        "trafout_insutype": "310",
        "trafin_insutype": "310",
        "applied_on": "2026-02-10",
        "received_on": "2026-03-02",
        "paper_number": "郑医转2026-17",
        "scan_digest": "ab" * 32,
        "rows": [sheet_row(admdvs=ON_PAPER, agency_name=PAPER_NAME)],
        "foot": sheet_foot(agency_name=PAPER_NAME, issued_on="2026-02-25"),
        "payer_account": {"bankacct": "62410100", "acctname": PAPER_NAME},
        "refs": [{"system": "zhengzhou", "number": "17"}],
    } | changes


async def enter(clerk: httpx.AsyncClient, key: str = "k1", **changes: Any) -> httpx.Response:
    return await clerk.post("/v1/paper-cases", json=paper(**changes), headers={"Idempotency-Key": key})


async def decide(
    checker: httpx.AsyncClient, entry: httpx.Response, decision: str = "confirm", **more: Any
) -> httpx.Response:
    path = f"/v1/paper-cases/{entry.json()['entry_id']}/confirmation"
    headers = {"If-Match": entry.headers["ETag"]}
    return await checker.post(path, json={"decision": decision} | more, headers=headers)
