"""Records of persons over HTTP: pushed, imported, compared."""

import gzip
import json
from datetime import date
from typing import Any

import pytest

from shared.agency.core import NewTask, TaskKind
from shared.agency.repository.core_tasks import open_tasks
from shared.agency.use_cases.execute_core_tasks import execute_core_tasks
from tests.integration.inbound.conftest import CORE, As
from tests.integration.inbound.parts import InboundService
from tests.people import contribution, person_document, relation
from tests.unit.inbound.builders import IN_AREA


async def test_pushed_person_newer_same_and_older(caller: As) -> None:
    core = caller(CORE)
    newer = person_document(updt_time="2026-02-01T00:00:00Z", rid="2")
    answers = [
        await core.put("/v1/persons/P1", json=newer),
        await core.put("/v1/persons/P1", json=newer),
        await core.put("/v1/persons/P1", json=person_document()),
        await core.put("/v1/persons/P2", json=person_document("P2", relations=[relation(psn_insu_rlts_id="R2")])),
    ]
    assert [answer.json()["outcome"] for answer in answers] == ["updated", "unchanged", "ignored_older", "created"]
    assert (await core.get("/v1/persons/P1")).json()["record"]["rid"] == "2"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"psn_no": "P2"}, "/psn_no"),
        ({"updt_time": "2030-01-01T00:00:00Z"}, "/updt_time"),
        ({"updt_time": "0001-01-01T00:00:00Z"}, "/updt_time"),
        ({"unknown": 1}, "/unknown"),
        ({"account": {"balc": "1.5"}}, "/account/balc"),
        ({"contributions": [contribution("202412", "202401")]}, "/contributions/0/accrym_end"),
        ({"relations": [relation(), relation()]}, "/relations/1/psn_insu_rlts_id"),
    ],
)
async def test_wrong_record_is_refused_with_its_place(caller: As, changes: dict[str, Any], pointer: str) -> None:
    answer = await caller(CORE).put("/v1/persons/P1", json=person_document(**changes))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_import_over_http_reports_lines_and_is_resumable(caller: As) -> None:
    core = caller(CORE)
    headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": "2026-03-02.full"}
    lines = [json.dumps(person_document(f"P{number}")) for number in range(2, 5)]
    body = "\n".join([*lines, "{}"]).encode()
    first = await core.post("/v1/persons/imports", content=body, headers=headers)
    assert first.status_code == 201
    report = first.json()
    assert (report["lines_done"], report["created"], report["failed"]) == (4, 3, 1)
    assert {error["line"] for error in report["errors"]} == {4}
    assert (await core.post("/v1/persons/imports", content=body, headers=headers)).json() == report
    assert (await core.get(first.headers["Location"])).json() == report
    differs = await core.post("/v1/persons/imports", content=b"{}", headers=headers)
    assert (differs.status_code, differs.json()["type"].rsplit("/", 1)[-1]) == (422, "import-differs")
    assert (await core.get("/v1/persons/imports/none")).status_code == 404
    stranger = caller(CORE, admdvs="370200")
    assert (await stranger.get(first.headers["Location"])).status_code == 404


async def test_control_finds_what_does_not_agree(caller: As) -> None:
    core = caller(CORE)
    right = {
        "as_of": "2026-03-02T01:00:00Z",
        "persons": 1,
        "balc": "1234.56",
        "schemes": [{"insutype": "310", "relations": 1, "months": 12}],
    }
    assert (await core.post("/v1/facts-controls", json=right)).json() == {"agrees": True, "differences": []}
    wrong = right | {"balc": "1234.57", "schemes": [{"insutype": "390", "relations": 1, "months": 0}]}
    answer = (await core.post("/v1/facts-controls", json=wrong)).json()
    assert [(each["what"], each["insutype"], each["stated"], each["held"]) for each in answer["differences"]] == [
        ("balc", None, "1234.57", "1234.56"),
        ("relations", "310", "0", "1"),
        ("months", "310", "0", "12"),
        ("relations", "390", "1", "0"),
    ]


async def test_conflicts_of_pushed_records_are_listed(service: InboundService, caller: As) -> None:
    hold = NewTask(TaskKind.SUSPEND_RELATION, IN_AREA, "TR0000000077", "1", "P1", "R1", date(2026, 3, 2))
    async with service.database.transaction() as connection:
        await open_tasks(connection, [hold], now=service.clock.now())
    await execute_core_tasks(service.database, [IN_AREA], clock=service.clock, on_results=_nothing_follows)
    await service.push(updt_time="2026-02-01T00:00:00Z", rid="2")
    [conflict] = (await caller(CORE).get("/v1/record-conflicts")).json()["items"]
    assert (conflict["psn_no"], conflict["code"]) == ("P1", "held-relation-pushed-active")


async def _nothing_follows(*_: Any) -> None:
    """No service reacts in this test."""


async def test_compressed_import_is_refused(caller: As) -> None:
    headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip", "Idempotency-Key": "i1"}
    answer = await caller(CORE).post("/v1/persons/imports", content=gzip.compress(b"{}"), headers=headers)
    assert answer.status_code == 415
