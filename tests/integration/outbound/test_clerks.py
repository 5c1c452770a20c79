"""经办 and 复核, the work list, and who may see what."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from outbound.repository.stage import STAGE
from shared.agency.repository.late_cases import count_late
from shared.agency.use_cases.count_due_dates import DueDates
from shared.agency.use_cases.warn_of_due_dates import warn_of_due_dates
from shared.registry.calendar_year import CalendarYear
from shared.registry.registry import Registry
from tests.integration.outbound.conftest import StartDesk
from tests.integration.outbound.desk import BOTH, CASE, CHECKER, CLERK, Desk, accepted_event
from tests.integration.outbound.parties import LEDGER, OUT_AREA, snapshot
from tests.people import person_document

OTHER_AGENCY = {"admdvs": "370200", "sub": "u9", "name": "周旁观"}


async def drafting(desk: Desk) -> None:
    await desk.accept()
    await desk.core()


async def test_one_person_cannot_submit_and_review(desk: Desk) -> None:
    await drafting(desk)
    assert (await desk.submit(BOTH)).status_code == 200
    answer = await desk.review(claims=BOTH)
    assert (answer.status_code, answer.json()["type"].rsplit("/")[-1]) == (409, "reviewer-is-submitter")
    assert (await desk.review()).status_code == 200


async def test_the_database_itself_refuses_one_person_in_both_roles(desk: Desk) -> None:
    await drafting(desk)
    await desk.submit()
    async with desk.database.transaction() as connection:
        with pytest.raises(DBAPIError, match="two_people"):
            await connection.execute(text("UPDATE outbound_case SET reviewer_id = submitter_id, state = 'approved'"))


async def test_one_person_may_do_both_where_the_agency_says_so(start_desk: StartDesk) -> None:
    desk = await start_desk(one_person_agencies=frozenset({OUT_AREA}))
    await drafting(desk)
    await desk.submit(BOTH)
    assert (await desk.review(claims=BOTH)).status_code == 200


async def test_a_rejection_needs_a_reason_and_goes_back(desk: Desk) -> None:
    await drafting(desk)
    await desk.submit()
    assert (await desk.review("reject")).status_code == 422
    answer = await desk.review("reject", reason="月数不符")
    assert (answer.status_code, answer.json()["state"]) == (200, "drafting")
    shown = await desk.case()
    assert (shown["rchk_flag"], shown["review_reason"]) == ("2", "月数不符")


async def test_who_changes_must_have_seen_the_present_version(desk: Desk) -> None:
    await drafting(desk)
    path = f"/cases/{CASE}/submission"
    assert (await desk.call("POST", path, CLERK)).status_code == 428
    assert (await desk.call("POST", path, CLERK, version=1)).status_code == 412
    assert (await desk.submit()).status_code == 200
    assert (await desk.submit()).status_code == 409


@pytest.mark.parametrize(
    ("method", "path", "claims"),
    [
        ("POST", f"/cases/{CASE}/review", CLERK),
        ("POST", f"/cases/{CASE}/submission", CHECKER),
        ("POST", f"/cases/{CASE}/payment-hold", CLERK),
        ("POST", "/checks", CLERK),
        ("GET", f"/cases/{CASE}/sheets/1", CHECKER),
    ],
)
async def test_each_call_asks_for_its_scope(desk: Desk, method: str, path: str, claims: dict[str, str]) -> None:
    answer = await desk.call(method, path, claims, {} if method == "POST" else None, version=1)
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["", "/history", "/draft-sheet", "/sheets/1"])
async def test_another_agencys_case_looks_like_none(desk: Desk, path: str) -> None:
    await desk.issue()
    theirs = await desk.call("GET", f"/cases/{CASE}{path}", CLERK | OTHER_AGENCY)
    nobodys = await desk.call("GET", f"/cases/ZZZZZZZZZZZZ2345{path}", CLERK | OTHER_AGENCY)
    assert theirs.status_code == nobodys.status_code == 404
    assert {**theirs.json(), "trace_id": "", "instance": ""} == {**nobodys.json(), "trace_id": "", "instance": ""}


async def test_another_agency_cannot_work_on_a_case(desk: Desk) -> None:
    await drafting(desk)
    answer = await desk.call("POST", f"/cases/{CASE}/submission", CLERK | OTHER_AGENCY, version="*")
    assert answer.status_code == 404
    assert await desk.state() == "drafting"


async def test_bulk_calls_answer_item_by_item(desk: Desk) -> None:
    cases = [f"ABCDEFGHJKMN23{index:02d}" for index in range(3)]
    await desk.intake.take([desk.record(accepted_event(desk.clock.now()), case=case) for case in cases])
    await desk.core()
    versions = [(await desk.case(case))["row_version"] for case in cases]
    items = [{"rlts_traf_id": case, "row_version": version} for case, version in zip(cases, versions, strict=True)]
    items[1]["row_version"] = 1
    unknown = {"rlts_traf_id": "ZZZZZZZZZZZZ2345", "row_version": 1}
    answer = await desk.call("POST", "/submissions", CLERK, {"items": [*items, unknown, items[0]]})
    results = answer.json()["items"]
    assert [result["state"] for result in results] == ["submitted", None, "submitted", None, None]
    codes = [result["problem"]["code"] for result in results if result["problem"]]
    assert codes == ["case-changed", "case-not-found", "case-named-twice"]

    reviews = [
        {"rlts_traf_id": cases[0], "row_version": results[0]["row_version"], "decision": "approve"},
        {"rlts_traf_id": cases[2], "row_version": results[2]["row_version"], "decision": "reject", "reason": "不符"},
    ]
    answer = await desk.call("POST", "/reviews", CHECKER, {"items": reviews})
    assert [result["state"] for result in answer.json()["items"]] == ["approved", "drafting"]


async def test_the_work_list_shows_what_is_due_first_and_goes_on_by_cursor(desk: Desk) -> None:
    due = {"ABCDEFGHJKMN2301": "2026-03-16", "ABCDEFGHJKMN2302": "2026-02-27", "ABCDEFGHJKMN2303": "2026-03-03"}
    for case, day in due.items():
        await desk.accept(case, outbound_due_on=day)
    page = (await desk.call("GET", "/cases?limit=2", CLERK)).json()
    assert [(line["rlts_traf_id"][-2:], line["is_overdue"]) for line in page["items"]] == [("02", True), ("03", False)]
    rest = (await desk.call("GET", f"/cases?limit=2&cursor={page['next_cursor']}", CLERK)).json()
    assert [line["rlts_traf_id"][-2:] for line in rest["items"]] == ["01"]
    assert rest["next_cursor"] is None
    overdue = (await desk.call("GET", "/cases?is_overdue=true", CLERK)).json()
    assert [line["rlts_traf_id"][-2:] for line in overdue["items"]] == ["02"]
    assert (await desk.call("GET", "/cases?state=withdrawn", CLERK)).json()["items"] == []
    assert (await desk.call("GET", "/cases", CLERK | OTHER_AGENCY)).json()["items"] == []
    assert (await desk.call("GET", "/cases?cursor=WyJ4IiwieSJd", CLERK)).status_code == 422


async def test_an_unchanged_case_need_not_be_sent_again(desk: Desk) -> None:
    await desk.accept()
    first = await desk.call("GET", f"/cases/{CASE}", CLERK)
    again = await desk.call("GET", f"/cases/{CASE}", CLERK, known=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    await desk.core()
    changed = await desk.call("GET", f"/cases/{CASE}", CLERK, known=first.headers["ETag"])
    assert changed.status_code == 200


async def test_tries_a_sheet_out_and_keeps_nothing(desk: Desk) -> None:
    trier = CLERK | {"scope": "trials:run"}
    trial = {"trafout_admdvs": "370100", "trafin_admdvs": "320100", "record": person_document()}
    answer = await desk.call("POST", "/trials/sheet", trier, trial)
    assert answer.status_code == 200, answer.text
    tried = answer.json()
    assert (tried["is_sealable"], tried["findings"], len(tried["rows"])) == (True, [], 1)
    assert (await desk.call("POST", "/trials/sheet", CLERK, trial)).status_code == 403
    nothing = await desk.call("POST", "/trials/sheet", trier, {**trial, "record": None})
    assert (nothing.status_code, nothing.json()["errors"][0]["pointer"]) == (422, "/record")
    lines = [json.dumps(each).encode() for each in (trial, {**trial, "record": None})]
    many = await desk.bring_in("/trials/sheet/batch", trier, b"\n".join(lines), "trial")
    assert many.status_code == 200, many.text
    told, refused = (json.loads(line) for line in many.text.splitlines())
    assert told == {"line": 1, "answer": tried}
    assert (refused["line"], refused["errors"][0]["pointer"]) == (2, "/record")
    assert await desk.rows("SELECT 1 FROM outbound_case") == []


async def test_a_correction_shows_its_errors_and_stops_the_submission(desk: Desk) -> None:
    await drafting(desk)
    draft = (await desk.call("GET", f"/cases/{CASE}/draft-sheet", CLERK)).json()
    assert (draft["findings"], draft["expected_amount"], len(draft["rows"])) == ([], "1234.56", 1)
    rows = [draft["rows"][0] | {"months": 11}]
    body = {"rows": rows, "reason": "按缴费凭证更正", "tel": "0531-87654321"}
    path = f"/cases/{CASE}/draft-sheet"
    answer = await desk.call("PUT", path, CLERK, body, version=draft["row_version"])
    corrected = answer.json()
    assert [finding["code"] for finding in corrected["findings"]] == ["E06"]
    [kept] = corrected["corrections"]
    months = {"row": 1, "box": "months", "before": "12", "after": "11"}
    phone = {"row": None, "box": "tel", "before": draft["tel"], "after": "0531-87654321"}
    assert (kept["reason"], kept["changes"]) == ("按缴费凭证更正", [phone, months])
    origin = corrected["origin"]
    assert (origin["rows"], origin["changes"], origin["left_out"]) == (draft["rows"], [months], [])
    rids = [each["rid"] for each in corrected["attachment"]["contributions"]]
    assert origin["sources"] == [{"row_no": 1, "rids": rids}]
    assert corrected["changes"] == [], "no version has been issued yet"
    refused = await desk.submit()
    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        {
            "pointer": "/rows/0/months",
            "code": "E06",
            "message": "缴费月数少于起止年月之间的月数，中断缴费应分行填写：起止年月之间为12个月",
        }
    ]
    body = {"rows": draft["rows"], "reason": "恢复"}
    assert (await desk.call("PUT", path, CLERK, body, version="*")).status_code == 200
    assert (await desk.submit()).status_code == 200
    late = await desk.call("PUT", path, CLERK, body, version="*")
    assert late.status_code == 409
    stored = await desk.rows("SELECT reason FROM draft_correction ORDER BY correction_id")
    assert [row.reason for row in stored] == ["按缴费凭证更正", "恢复"]


async def test_a_correction_needs_a_reason(desk: Desk) -> None:
    await drafting(desk)
    answer = await desk.call("PUT", f"/cases/{CASE}/draft-sheet", CLERK, {"rows": [], "reason": " "}, version="*")
    assert answer.status_code == 422


async def test_a_payment_is_held_and_freed_with_reasons(desk: Desk) -> None:
    await desk.issue()
    await desk.accept_sheet()
    path = f"/cases/{CASE}/payment-hold"
    for is_held, reason in ((True, "账户变更待核实"), (False, "已核实")):
        answer = await desk.call("POST", path, CHECKER, {"is_held": is_held, "reason": reason}, version="*")
        assert (answer.status_code, answer.json()["is_payment_held"]) == (200, is_held)
    letters = [letter for letter in await desk.letters(str(LEDGER)) if letter["type"] == "PaymentHoldChanged"]
    assert [(letter["is_held"], letter["reason"]) for letter in letters] == [
        (True, "账户变更待核实"),
        (False, "已核实"),
    ]


async def test_due_dates_move_when_a_year_is_published_and_what_is_due_soon_is_told(desk: Desk) -> None:
    desk.clock.advance(days=294)
    days: dict[str, Any] = {"outbound_days": 10, "total_days": 15}
    await desk.accept(outbound_due_on="2027-01-05", total_due_on="2027-01-12", is_due_provisional=True, **days)
    loop = DueDates(desk.database, STAGE)
    await loop.count(Registry(snapshot()))
    desk.clock.advance(days=10)
    line = (await desk.call("GET", "/cases", CLERK)).json()["items"][0]
    assert (line["due_on"], line["is_due_provisional"], line["is_due_soon"]) == ("2027-01-05", True, True)
    year = CalendarYear(year=2027, holidays=(date(2027, 1, 1), date(2027, 1, 4)), workdays=())
    published = snapshot().model_copy(update={"version": 2, "calendar_years": (year,)})
    assert await loop.count(Registry(published)) == 1
    assert await loop.count(Registry(published)) == 0
    line = (await desk.call("GET", "/cases", CLERK)).json()["items"][0]
    assert (line["due_on"], line["is_due_provisional"], line["is_due_soon"]) == ("2027-01-06", False, True)
    assert len((await desk.call("GET", "/cases?is_due_soon=true", CLERK)).json()["items"]) == 1
    put_right = year.model_copy(update={"holidays": (date(2027, 1, 1), date(2027, 1, 4), date(2027, 1, 5))})
    reloaded = published.model_copy(update={"version": 3, "calendar_years": (put_right,)})
    assert [await loop.count(Registry(reloaded)), await loop.count(Registry(reloaded))] == [1, 0]
    line = (await desk.call("GET", "/cases", CLERK)).json()["items"][0]
    assert (line["due_on"], line["is_due_provisional"]) == ("2027-01-07", False)
    for passed in (0, 0, 8):
        desk.clock.advance(days=passed)
        assert await warn_of_due_dates(desk.database, STAGE, desk.clock.now()) is False
    told = await desk.rows("SELECT type, data FROM feed WHERE type LIKE 'case.deadline%' ORDER BY feed_id")
    data = {"clock": "outbound", "due_on": "2027-01-07", "state": "accepted"}
    assert [tuple(row) for row in told] == [("case.deadline_warned", data), ("case.deadline_overdue", data)]
    async with desk.database.connection() as connection:
        assert await count_late(connection, STAGE, desk.clock.now().date()) == ({}, {"370100": 1})
    assert (await desk.call("GET", "/cases?is_due_soon=true", CLERK)).json()["items"] == []
