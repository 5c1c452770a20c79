"""Old cases on paper, brought in at the cut-over and confirmed by selection."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import httpx
import pytest

from shared.contracts.events import PaperCaseOpened
from shared.registry.policy.region_file import RegionFile
from tests.integration.inbound.conftest import As
from tests.integration.inbound.paper_desk import CHECKER, CLERK, enter, paper
from tests.integration.inbound.parts import ON_PAPER, InboundService, snapshot
from tests.unit.inbound.builders import OUT_AREA

pytestmark = pytest.mark.law("N9-1")
NDJSON = {"Content-Type": "application/x-ndjson"}


async def bring_in(clerk: httpx.AsyncClient, lines: Iterable[Any], key: str = "cut-over") -> dict[str, Any]:
    content = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    answer = await clerk.post("/v1/paper-cases/imports", content=content, headers=NDJSON | {"Idempotency-Key": key})
    assert answer.status_code == 201, answer.text
    report: dict[str, Any] = answer.json()
    return report


async def test_old_cases_are_brought_in_line_by_line_and_the_same_file_adds_what_is_missing(
    service: InboundService, as_caller: Callable[[InboundService], As]
) -> None:
    clerk = as_caller(service)(CLERK, sub="wang")
    old = paper(trafout_admdvs=OUT_AREA, refs=[{"system": "old", "number": "1"}])
    lines = [old, old | {"refs": []}, {"head": {}}, paper(trafin_insutype="390"), b"", b"not json"]
    # The first attempt broke off after one line.
    assert (await bring_in(clerk, lines[:1]))["entered"] == 1
    report = await bring_in(clerk, lines)
    assert (report["lines"], report["entered"], report["failed"]) == (5, 1, 4)
    codes = {error["line"]: error["code"] for error in report["errors"]}
    assert list(codes) == [2, 3, 4, 6]
    assert (codes[2], codes[4]) == ("paper-case-duplicate", "A02")
    assert await bring_in(clerk, lines) == report
    changed = await bring_in(clerk, [old | {"memo": "x"}, *lines[1:]])
    assert [error["code"] for error in changed["errors"] if error["line"] == 1] == ["import-line-changed"]
    other = await bring_in(clerk, lines, "another-file")
    assert (other["entered"], other["failed"]) == (0, 5)
    assert len((await clerk.get("/v1/paper-cases?state=entered")).json()["items"]) == 1


async def test_a_selection_is_confirmed_by_another_clerk_with_a_result_for_each(
    service: InboundService, as_caller: Callable[[InboundService], As]
) -> None:
    caller = as_caller(service)
    clerk, checker = caller(CLERK, sub="wang"), caller(CHECKER, sub="zhao")
    lines = [paper(refs=[]), paper(refs=[], trafout_admdvs=OUT_AREA)]
    [right, wrong] = (await bring_in(clerk, lines))["entry_ids"]
    items = [
        {"entry_id": right, "row_version": 1, "decision": "confirm"},
        {"entry_id": wrong, "row_version": 1, "decision": "reject", "reason": "与原件不符"},
        {"entry_id": "018f0000-0000-7000-8000-000000000000", "row_version": 1, "decision": "confirm"},
    ]
    own = await caller(CHECKER, sub="wang").post("/v1/paper-cases/confirmations", json={"items": items[:1]})
    assert own.json()["items"][0]["code"] == "two-people-required"
    answer = await checker.post("/v1/paper-cases/confirmations", json={"items": items})
    assert answer.status_code == 200, answer.text
    found = [(each["state"], each["code"]) for each in answer.json()["items"]]
    assert found == [
        ("confirmed", None),
        ("rejected", None),
        (None, "paper-entry-not-found"),
    ]
    case = answer.json()["items"][0]["rlts_traf_id"]
    assert await service.state(case) == "received"
    [(_, told)] = await service.sent(PaperCaseOpened)
    assert told["trafout_admdvs"] == ON_PAPER
    again = await checker.post("/v1/paper-cases/confirmations", json={"items": items[:1]})
    assert again.json()["items"][0]["code"] == "precondition-failed"
    twice = await checker.post("/v1/paper-cases/confirmations", json={"items": [items[0], items[0]]})
    assert twice.status_code == 422


async def test_after_the_end_that_the_region_set_nothing_old_is_brought_in(
    service: InboundService, as_caller: Callable[[InboundService], As]
) -> None:
    clerk = as_caller(service)(CLERK, sub="wang")
    held = snapshot(2)
    [jinan] = [file for file in held.policies if file.region == "370100"]
    changed = jinan.model_dump(mode="json")
    for version in changed["versions"]:
        version["cut_over"] = {"imports_until": "2026-02-28"}
    files = [file for file in held.policies if file.region != "370100"]
    await service.publish(held.model_copy(update={"policies": (*files, RegionFile.model_validate(changed))}))
    headers = NDJSON | {"Idempotency-Key": "late"}
    late = await clerk.post("/v1/paper-cases/imports", content=json.dumps(paper()).encode(), headers=headers)
    assert (late.status_code, late.json()["type"].rsplit("/", 1)[1]) == (409, "cut-over-ended")
    assert (await enter(clerk)).status_code == 201
