"""The inbound over HTTP, as its callers see it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from inbound.app import build_app
from inbound.repository.stage import STAGE
from shared.agency.use_cases.warn_of_due_dates import warn_of_due_dates
from shared.contracts.application import LodgedApplication
from shared.contracts.codes import OptChnl
from shared.contracts.events import BalanceCredited
from shared.web.authentication import scopes_by_route
from tests.integration.inbound.conftest import CHECKER, CLERK, CORE, As, StartService
from tests.integration.inbound.parts import InboundService
from tests.people import contribution
from tests.unit.inbound.builders import CASE, IN_AREA, application, by_employer, info_sheet, sheet_row


async def test_two_clerks_take_a_sheet_over(service: InboundService, caller: As) -> None:
    clerk, checker = caller(CLERK, sub="wang", name="王经办"), caller(CHECKER, sub="zhao")
    shown = await clerk.get(f"/v1/cases/{CASE}")
    body = {"decision": "accept"}
    submitted = await clerk.post(f"/v1/cases/{CASE}/submission", json=body, headers={"If-Match": shown.headers["ETag"]})
    assert (submitted.status_code, submitted.json()["state"]) == (200, "submitted")
    headers = {"If-Match": submitted.headers["ETag"]}
    reviewed = await checker.post(f"/v1/cases/{CASE}/review", json={"decision": "approve"}, headers=headers)
    assert (reviewed.status_code, reviewed.json()["state"]) == (200, "approved")
    await service.run_core()
    history = (await clerk.get(f"/v1/cases/{CASE}")).json()["history"]
    assert [step["what"] for step in history] == [
        "announced",
        "sheet_received",
        "submitted_accept",
        "approved",
        "completed",
        "benefits_final",
    ]
    assert history[2]["opter_name"] == "王经办"


async def test_case_shows_sheet_and_own_record_side_by_side(service: InboundService, caller: As) -> None:
    case = "TR0000000002"
    await service.accept(case)
    wrong = sheet_row(accrym_begn="202401", accrym_end="202412", months=12)
    await service.route(info_sheet(rlts_traf_id=case, rows=[wrong]))
    shown = (await caller(CLERK).get(f"/v1/cases/{case}")).json()
    assert shown["comparison"]["sheet"]["rows"][0]["accrym_begn"] == "202401"
    assert shown["comparison"]["own_record"]["psn_no"] == "P1"
    [difference] = shown["comparison"]["differences"]
    assert (difference["code"], difference["row"], difference["proposal"]) == ("D07", 1, "S01")


async def test_stale_or_missing_etag(caller: As) -> None:
    clerk, body = caller(CLERK), {"decision": "accept"}
    path = f"/v1/cases/{CASE}/submission"
    assert (await clerk.post(path, json=body)).status_code == 428
    assert (await clerk.post(path, json=body, headers={"If-Match": '"1"'})).status_code == 412
    etag = (await clerk.get(f"/v1/cases/{CASE}")).headers["ETag"]
    assert (await clerk.get(f"/v1/cases/{CASE}", headers={"If-None-Match": etag})).status_code == 304


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"decision": "return"}, ["/reasons"]),
        ({"decision": "return", "reasons": [{"code": "S01"}]}, ["/reasons/0/box", "/reasons/0/row"]),
        ({"decision": "return", "reasons": [{"code": "S06", "box": "rows"}]}, ["/reasons/0/text"]),
        ({"decision": "return", "reasons": [{"code": "S09", "box": "rows"}]}, ["/reasons/0/code"]),
        ({"decision": "accept", "reasons": [{"code": "S01", "box": "rows", "row": 1}]}, ["/reasons"]),
    ],
)
async def test_incomplete_submission_names_each_place(caller: As, body: Any, pointers: list[str]) -> None:
    answer = await caller(CLERK).post(f"/v1/cases/{CASE}/submission", json=body, headers={"If-Match": "*"})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers


async def test_reviewing_ones_own_submission_is_refused(caller: As) -> None:
    both = caller(f"{CLERK} {CHECKER}", sub="wang")
    await both.post(f"/v1/cases/{CASE}/submission", json={"decision": "accept"}, headers={"If-Match": "*"})
    answer = await both.post(f"/v1/cases/{CASE}/review", json={"decision": "approve"}, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (409, "two-people-required")


async def test_bulk_answers_each_item_by_itself(service: InboundService, caller: As) -> None:
    clerk = caller(CLERK)
    version = await service.one("SELECT version FROM inbound_case")
    items = [
        {"rlts_traf_id": CASE, "row_version": version, "decision": "accept"},
        {"rlts_traf_id": "TR9999999999", "row_version": 1, "decision": "accept"},
    ]
    results = (await clerk.post("/v1/submissions", json={"items": items})).json()["items"]
    assert results[0] == {"rlts_traf_id": CASE, "state": "submitted", "row_version": version + 1, "error": None}
    assert results[1]["error"]["code"] == "case-not-found"
    review = {"rlts_traf_id": CASE, "row_version": version + 1, "decision": "approve"}
    answer = await caller(CHECKER, sub="zhao").post("/v1/reviews", json={"items": [review]})
    assert answer.json()["items"][0]["state"] == "approved"


async def test_another_agencys_case_does_not_exist(caller: As) -> None:
    stranger = caller(f"{CLERK} {CHECKER}", admdvs="370200")
    headers = {"If-Match": "*"}
    answers = [
        await stranger.get(f"/v1/cases/{CASE}"),
        await stranger.get(f"/v1/cases/{CASE}/sheets/1"),
        await stranger.post(f"/v1/cases/{CASE}/submission", json={"decision": "accept"}, headers=headers),
        await stranger.post(f"/v1/cases/{CASE}/review", json={"decision": "approve"}, headers=headers),
        await stranger.get("/v1/persons/P1"),
        await stranger.get("/v1/persons/P1/contribution-record"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 6
    assert (await stranger.get("/v1/cases")).json()["items"] == []


async def test_agency_that_is_not_served_here_finds_nothing(caller: As) -> None:
    assert (await caller(CLERK, admdvs="440100").get("/v1/cases")).status_code == 404


async def test_work_list_goes_by_due_date_and_pages(service: InboundService, caller: As) -> None:
    for number in range(3):
        await service.accept(f"TR000000001{number}")
    clerk = caller(CLERK)
    found: list[str] = []
    cursor = None
    for _ in range(4):
        page = (await clerk.get("/v1/cases", params={"limit": 1} | ({"cursor": cursor} if cursor else {}))).json()
        found += [line["rlts_traf_id"] for line in page["items"]]
        cursor = page["next_cursor"]
    assert found == [CASE, "TR0000000010", "TR0000000011", "TR0000000012"]
    assert cursor is None
    received = (await clerk.get("/v1/cases", params={"state": "received"})).json()["items"]
    assert [line["rlts_traf_id"] for line in received] == [CASE]


async def test_late_cases_are_found(service: InboundService, caller: As) -> None:
    clerk = caller(CLERK)
    assert (await clerk.get("/v1/cases", params={"overdue": True})).json()["items"] == []
    service.clock.advance(days=8)
    clerk = caller(CLERK)
    [line] = (await clerk.get("/v1/cases", params={"overdue": True})).json()["items"]
    assert line["is_overdue"]
    assert (await clerk.get("/v1/cases", params={"due_soon": True})).json()["items"] == []
    for _ in range(2):
        await warn_of_due_dates(service.database, STAGE, service.clock.now())
    assert await service.one("SELECT count(*) FROM feed WHERE type = 'case.deadline_overdue'") == 1


async def test_sealed_sheet_comes_back_byte_for_byte(service: InboundService, caller: As) -> None:
    answer = await caller(CLERK).get(f"/v1/cases/{CASE}/sheets/1")
    assert answer.text == await service.one("SELECT sealed_sheet FROM received_sheet")


async def test_checks_answer_in_order(caller: As) -> None:
    platform = caller("platform", admdvs="*")
    wanted = [
        ("CASE0001", IN_AREA, application()),
        ("CASE0002", IN_AREA, application(psn_name="韩梅梅")),
        ("CASE0003", IN_AREA, application(trafin_insutype="390")),
        ("CASE0004", IN_AREA, application(applicant=by_employer())),
        ("CASE0005", IN_AREA, application(applicant=by_employer("E999"))),
        ("CASE0006", "440100", application()),
    ]
    checks = [
        {
            "rlts_traf_id": case,
            "side": "inbound",
            "admdvs": area,
            "lodged": LodgedApplication(application=applied, opt_chnl=OptChnl.PLATFORM).model_dump(mode="json"),
        }
        for case, area, applied in wanted
    ]
    results = (await platform.post("/v1/checks", json={"checks": checks})).json()["results"]
    assert [result["rlts_traf_id"] for result in results] == [case for case, _, _ in wanted]
    codes = [[(found["code"], found["is_unknown"]) for found in result["findings"]] for result in results]
    assert codes == [[], [("A09", False)], [("A02", False)], [], [], [("A02", True)]]
    assert results[0]["facts"]["has_account"] is True
    # Whose employer may apply is the platform's to say: a region may let the former one.
    assert [result["facts"]["is_on_employer_roll"] for result in results] == [None, None, None, True, False, None]


async def test_checks_for_the_other_side_are_refused(caller: As) -> None:
    lodged = LodgedApplication(application=application(), opt_chnl=OptChnl.PLATFORM).model_dump(mode="json")
    check = {"rlts_traf_id": "CASE0001", "side": "outbound", "admdvs": IN_AREA, "lodged": lodged}
    answer = await caller("platform", admdvs="*").post("/v1/checks", json={"checks": [check]})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/checks/0/side")


async def test_contribution_record_adds_what_was_taken_over(service: InboundService, caller: As) -> None:
    await service.push(
        updt_time="2026-03-01T00:00:00Z",
        contributions=[contribution(), contribution("202601", "202602"), contribution("202601", "202601", rid="X")],
    )
    clerk, checker = caller(CLERK, sub="wang"), caller(CHECKER, sub="zhao")
    await clerk.post(f"/v1/cases/{CASE}/submission", json={"decision": "accept"}, headers={"If-Match": "*"})
    await checker.post(f"/v1/cases/{CASE}/review", json={"decision": "approve"}, headers={"If-Match": "*"})
    await service.matched()
    await service.run_core()
    record = (await clerk.get("/v1/persons/P1/contribution-record")).json()
    assert record["months"] == [{"insutype": "310", "months": 74, "months_elsewhere": 60}]
    assert record["taken_over"][0]["rlts_traf_id"] == CASE
    assert (record["balc"], record["account_entries"][-1]["amount"]) == ("2469.12", "1234.56")


async def test_external_core_pulls_its_tasks_and_answers(
    start_service: StartService, as_caller: Callable[[InboundService], As]
) -> None:
    service = await start_service(
        external_core_agencies=frozenset({IN_AREA}), auto_accept_agencies=frozenset({IN_AREA})
    )
    await service.accept()
    await service.route()
    await service.matched()
    await service.run_core()
    assert await service.state() == "approved"
    core = as_caller(service)(CORE)
    [task] = (await core.get("/v1/core-tasks")).json()["items"]
    assert (task["kind"], len(task["periods"])) == ("import_periods", 1)
    path, done = f"/v1/core-tasks/{task['task_id']}/result", {"outcome": "done", "at": "2026-03-02T01:00:00Z"}
    unknown = await core.post(path, json={"outcome": "unknown", "at": "2026-03-02T01:00:00Z"})
    assert (unknown.status_code, await service.state()) == (204, "approved")
    assert (await core.post(path, json=done)).status_code == 204
    assert (await core.post(path, json=done)).status_code == 204
    assert (await core.post(path, json=done | {"core_ref": "other"})).status_code == 409
    assert await service.state() == "completed"
    [credit] = (await core.get("/v1/core-tasks")).json()["items"]
    assert (credit["kind"], credit["amount"]) == ("credit_account", "1234.56")
    path = f"/v1/core-tasks/{credit['task_id']}/result"
    assert (await core.post(path, json={"outcome": "failed", "at": "2026-03-02T01:00:00Z"})).status_code == 422
    await core.post(path, json={"outcome": "failed", "at": "2026-03-02T01:00:00Z", "reason": "账户已封存"})
    assert await service.sent(BalanceCredited) == []
    checker = as_caller(service)(CHECKER)
    [failed] = (await checker.get("/v1/core-tasks/failed")).json()["items"]
    assert (failed["task_id"], failed["reason"]) == (credit["task_id"], "账户已封存")
    assert (await checker.post(f"/v1/core-tasks/{credit['task_id']}/reopening")).status_code == 204
    await core.post(path, json=done | {"core_ref": "C-1", "balc": "2469.12"})
    assert [data["core_ref"] for _, data in await service.sent(BalanceCredited)] == ["C-1", "C-1"]


async def test_embedded_core_takes_no_results_from_outside(service: InboundService, caller: As) -> None:
    answer = await caller(CORE).post(
        f"/v1/core-tasks/{uuid4()}/result", json={"outcome": "done", "at": "2026-03-02T01:00:00Z"}
    )
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (409, "core-is-embedded")


async def test_every_route_asks_for_a_scope() -> None:
    open_routes = [route for route, scopes in scopes_by_route(build_app(None)).items() if not scopes]
    assert {path for _, path in open_routes} <= {"/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"}
