"""Bank files in: once, whole, or not at all."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from tests.integration.ledger.areas import BEIJING, BEIJING_OUT, JINAN, JINAN_IN, JINAN_IN_2
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.seen import kept
from tests.unit.ledger.exports import icbc
from tests.unit.ledger.files import DAY, Move, camt, ccb, document
from tests.unit.ledger.workbooks import xls

MOVES = [Move(123456, "甲", BEIJING_OUT), Move(-50, "手续费")]
TWICE = document(camt(JINAN_IN, MOVES).decode().partition("</GrpHdr>")[2].partition("</BkToCstmrStmt>")[0] * 2)


async def test_report_says_what_became_of_every_line(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    moves = [Move(100, f"{case} 张三", BEIJING_OUT), *MOVES]
    answer = await bank.upload(camt(JINAN_IN, moves, opening=1000))
    assert answer.status_code == 202
    report = answer.json()
    assert answer.headers["Location"] == f"/v1/statements/{report['id']}"
    [statement] = report["statements"]
    assert (statement["opening_balance"], statement["closing_balance"]) == ("10.00", "1245.06")
    outcomes = {(one["outcome"], one["reason"], one["direction"]): one["line_count"] for one in report["outcomes"]}
    assert outcomes == {
        ("receipt", None, "C"): 1,
        ("suspense", "no_reference", "C"): 1,
        ("other", None, "D"): 1,
    }
    lines = await bank.get(f"/statements/{report['id']}/lines?limit=2")
    assert [line["outcome"] for line in lines["items"]] == ["receipt", "suspense"]
    rest = await bank.get(f"/statements/{report['id']}/lines?cursor={lines['next_cursor']}")
    assert [line["amount"] for line in rest["items"]] == ["0.50"]
    assert lines["items"][0]["obligation_no"] == "1"


async def test_same_file_again_answers_the_same_report(bank: Bank) -> None:
    content = camt(JINAN_IN, MOVES)
    first = await bank.book(content)
    before = await kept(bank)
    again = await bank.book(content)
    assert again == first
    assert await kept(bank) == before


async def test_same_file_by_two_at_once_is_booked_once(bank: Bank) -> None:
    content = camt(JINAN_IN, MOVES)
    answers = await asyncio.gather(*(bank.upload(content) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await bank.count("statement_line") == 2


async def test_same_statement_made_anew_by_the_bank_is_the_same(bank: Bank) -> None:
    content = camt(JINAN_IN, MOVES)
    first = await bank.book(content)
    again = await bank.book(content.replace(b"T18:00:00", b"T19:30:00"))
    assert again["id"] == first["id"]
    assert await bank.count("statement_line") == 2


@pytest.mark.parametrize(
    ("moves", "field"),
    [
        ([*MOVES, Move(1, "多一笔")], "line_count"),
        ([Move(123456, "甲", "99999999"), Move(-50, "手续费")], "lines"),
    ],
)
async def test_restated_statement_is_refused_with_the_difference(bank: Bank, moves: list[Move], field: str) -> None:
    await bank.book(camt(JINAN_IN, MOVES))
    before = await kept(bank)
    refused = await bank.upload(camt(JINAN_IN, moves))
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("/statement-restated")
    assert f"/statements/0/{field}" in [error["pointer"] for error in refused.json()["errors"]]
    assert await kept(bank) == before


async def test_a_later_export_of_the_same_day_names_the_lines_that_differ(bank: Bank) -> None:
    morning = [Move(100, "张三", BEIJING_OUT, ref="A1"), Move(100, "张三", BEIJING_OUT, ref="A1"), Move(-5, "手续费")]
    await bank.book(ccb(JINAN_IN, morning))
    before = await kept(bank)
    evening = [*morning[:1], *morning[2:], Move(700, "李四", BEIJING_OUT, ref="B1")]
    refused = await bank.upload(ccb(JINAN_IN, evening))
    assert refused.status_code == 409
    errors = {error["code"]: error["message"] for error in refused.json()["errors"]}
    assert errors["line-added"] == f"本次多出：{DAY} 收入 7.00 元，流水号 B1"
    assert errors["line-missing"] == f"本次缺少：{DAY} 收入 1.00 元，流水号 A1"
    assert "李四" not in refused.text
    assert await kept(bank) == before


async def test_a_day_that_was_exported_before_it_was_over_goes_on_by_what_is_new(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 700, to="payee")
    twin = Move(100, "张三", BEIJING_OUT, ref="A1")
    morning = [twin, twin, Move(-5, "手续费", ref="A2")]
    await bank.book(ccb(JINAN_IN, morning, opening=1000))
    evening = [*morning, twin, Move(700, f"{case} 张三", BEIJING_OUT, ref="B1")]
    whole = ccb(JINAN_IN, evening, opening=1000)
    assert (await bank.upload(whole)).status_code == 409
    changed = ccb(JINAN_IN, [*evening[2:], Move(-30, "手续费", ref="B2")], opening=1000)
    refused = await bank.upload(changed, params={"is_supplement": True})
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "statement-not-a-supplement")
    assert {error["code"] for error in refused.json()["errors"]} == {"line-missing"}

    taken = (await bank.upload(whole, params={"is_supplement": True})).json()
    [part] = taken["statements"]
    assert (part["line_count"], part["opening_balance"], part["closing_balance"]) == (2, "11.95", "19.95")
    assert (part["is_supplement"], part["gap_before"]) == (True, "0.00")
    for is_supplement in (False, True):
        assert (await bank.upload(whole, params={"is_supplement": is_supplement})).json() == taken
    assert await bank.count("statement_line") == 5
    for when in (DAY, f"months/{DAY:%Y%m}"):
        report = await bank.get(f"/reconciliations/{JINAN}/{when}")
        told = next(one for one in report["accounts"] if one["bankacct"] == JINAN_IN)
        figures = (told["opening_balance"], told["credit_total"], told["debit_total"], told["closing_balance"])
        assert (report["adds_up"], figures) == (True, ("10.00", "10.00", "0.05", "19.95"))
    assert (await bank.get("/alerts"))["items"] == []

    # Days that are all in are known again, in however many parts they came.
    following = DAY + timedelta(days=1)
    bank.clock.advance(days=1)
    last = await bank.book(ccb(JINAN_IN, [Move(1, "次日", on=following)], opening=1995))
    assert (await bank.get(f"/reconciliations/{JINAN}/{following}"))["adds_up"]
    both_days = ccb(JINAN_IN, [*evening, Move(1, "次日", on=following)], opening=1000)
    assert (await bank.upload(both_days)).json()["id"] == last["id"]


async def test_of_several_statements_in_a_file_those_that_were_told_may_be_left_out(bank: Bank) -> None:
    first, other = camt(JINAN_IN, MOVES), camt(JINAN_IN_2, [Move(5)])
    await bank.book(first)
    inner = [one.decode().partition("</GrpHdr>")[2].partition("</BkToCstmrStmt>")[0] for one in (first, other)]
    both = document("".join(inner))
    refused = await bank.upload(both)
    assert (refused.status_code, "is_supplement=true" in refused.json()["detail"]) == (409, True)
    taken = (await bank.upload(both, params={"is_supplement": True})).json()
    assert [one["bankacct"] for one in taken["statements"]] == [JINAN_IN_2]
    again = await bank.upload(both.replace(b"T18:00:00", b"T19:00:00"))
    assert (again.status_code, "都已经" in again.json()["detail"]) == (409, True)


async def test_lines_that_differ_are_listed_up_to_a_bound(bank: Bank) -> None:
    await bank.book(camt(JINAN_IN, [Move(1)]))
    refused = await bank.upload(camt(JINAN_IN, [Move(1), *(Move(2, str(number)) for number in range(80))]))
    errors = refused.json()["errors"]
    assert sum(error["code"] == "line-added" for error in errors) == 50
    assert errors[-1]["message"] == "另有 30 笔不同"


async def test_genuine_twins_in_one_file_stay_two(bank: Bank) -> None:
    await bank.book(ccb(JINAN_IN, [Move(100, "甲", BEIJING_OUT)] * 2))
    assert await bank.count("statement_line") == 2
    assert await bank.balance("income_deposit") == "2.00"


async def test_statement_of_a_foreign_account_is_refused_whole(bank: Bank) -> None:
    ours = camt(JINAN_IN, [Move(1)]).decode().split("</GrpHdr>")[1].split("</BkToCstmrStmt>")[0]
    foreign = ours.replace(JINAN_IN, BEIJING_OUT)
    for content in (camt(BEIJING_OUT, MOVES), document(ours + foreign)):
        refused = await bank.upload(content)
        assert refused.status_code == 422
        assert refused.json()["type"].endswith("/statement-account-not-ours")
    assert set((await kept(bank)).values()) == {0}


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (b"<Document", "application/xml", 422, "statement-xml-broken"),
        (camt(JINAN_IN, MOVES, prologue="<!DOCTYPE a>"), "application/xml", 422, "statement-xml-doctype"),
        (camt(JINAN_IN, MOVES, closing=5), "text/xml", 422, "statement-does-not-add-up"),
        (TWICE, "text/xml", 422, "statement-overlaps"),
        (camt(JINAN_IN, MOVES, currency="USD"), "application/xml", 422, "statement-currency-not-cny"),
        (camt(JINAN_IN, MOVES), "text/csv", 422, "statement-not-readable"),
        (b"PK\x03\x04", "text/csv", 422, "statement-not-readable"),
        (b"\x80\xff\x00\x01", "text/csv", 422, "statement-encoding"),
        (b"a,b\n1,2", "text/csv", 422, "statement-form-unsupported"),
        (b"", "text/csv", 422, "statement-empty"),
        (b"{}", "application/json", 415, "unsupported-media-type"),
        (b"{}", "application/octet-stream", 415, "unsupported-media-type"),
    ],
)
async def test_bad_files_have_stable_codes_and_leave_nothing(
    bank: Bank, content: bytes, media_type: str, status: int, code: str
) -> None:
    refused = await bank.upload(content, headers={"Content-Type": media_type})
    assert refused.status_code == status
    assert refused.json()["type"].endswith(f"/{code}")
    assert set((await kept(bank)).values()) == {0}


@pytest.mark.parametrize("charset", ["GB18030", "gbk", '"UTF-8"', "utf-8; header=present"])
async def test_the_file_says_how_it_is_written_whatever_the_header_says(bank: Bank, charset: str) -> None:
    taken = await bank.upload(ccb(JINAN_IN, MOVES), headers={"Content-Type": f"text/csv; charset={charset}"})
    assert taken.status_code == 202, taken.text


async def test_excel_export_without_an_account_is_booked_for_the_one_that_is_named(bank: Bank) -> None:
    content = xls(icbc(JINAN_IN, [Move(100, "款", BEIJING_OUT), Move(-30, "手续费")]))
    headers = {"Content-Type": "application/vnd.ms-excel"}
    refused = await bank.upload(content, headers=headers)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (422, "statement-account-missing")
    taken = await bank.upload(content, headers=headers, params={"bankacct": JINAN_IN})
    assert (taken.status_code, taken.json()["form"]) == (202, "excel.icbc")
    assert await bank.balance("income_deposit") == "0.70"
    other = await bank.upload(content, headers=headers, params={"bankacct": JINAN_IN_2})
    assert (other.status_code, other.json()["type"].rpartition("/")[2]) == (409, "statement-told-for-another-account")
    assert (await bank.upload(content, headers=headers, params={"bankacct": JINAN_IN})).json() == taken.json()
    named_csv = await bank.upload(content, headers={"Content-Type": "text/csv"})
    assert "实际是 Excel" in named_csv.json()["detail"]


async def test_file_that_outgrows_the_limit_while_it_arrives_leaves_nothing(bank: Bank) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b"<a>" + b" " * 1_000_000

    refused = await bank.call("POST", "/statements", content=endless(), headers={"Content-Type": "application/xml"})
    assert refused.status_code == 413
    assert refused.json()["type"].endswith("/body-too-large")
    assert set((await kept(bank)).values()) == {0}


async def test_account_with_a_null_character_is_no_error_of_ours(bank: Bank) -> None:
    moves = [Move(100, "甲", f"{BEIJING_OUT}\0")]
    report = await bank.book(ccb(JINAN_IN, moves))
    [line] = (await bank.get(f"/statements/{report['id']}/lines"))["items"]
    assert line["counterparty_acct"] == BEIJING_OUT


async def test_file_over_the_limit_is_refused(bank: Bank) -> None:
    limit = bank.settings.max_statement_bytes
    refused = await bank.upload(b"<a/>", headers={"Content-Length": str(limit + 1)})
    assert refused.status_code == 413


async def test_same_key_for_another_file_is_refused(bank: Bank) -> None:
    key = {"Idempotency-Key": "k"}
    first = await bank.upload(camt(JINAN_IN, MOVES), headers=key)
    other = await bank.upload(camt(JINAN_IN_2, MOVES), headers=key)
    assert (first.status_code, other.status_code) == (202, 422)
    assert other.json()["type"].endswith("/idempotency-key-reused")


async def test_another_agency_sees_no_statement(bank: Bank) -> None:
    report = await bank.book(camt(JINAN_IN, MOVES))
    for path in (f"/statements/{report['id']}", f"/statements/{report['id']}/lines"):
        assert (await bank.call("GET", path, area=BEIJING)).status_code == 404
    assert (await bank.get("/statements", area=BEIJING))["items"] == []
    accounts = await bank.get("/accounts")
    for call in ("entries", "balance"):
        foreign = await bank.call("GET", f"/accounts/{accounts[0]['id']}/{call}", area=BEIJING)
        assert foreign.status_code == 404
    assert (await bank.call("GET", f"/reconciliations/{JINAN}/{DAY}", area=BEIJING)).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("POST", "/statements", "ledger:read ledger:work ledger:check"),
        ("GET", "/suspense", "ledger:read"),
        ("GET", "/accounts", "statements:write"),
        ("POST", "/payment-batches", "ledger:read ledger:check"),
    ],
)
async def test_each_call_needs_its_scope(bank: Bank, method: str, path: str, scope: str) -> None:
    assert (await bank.call(method, path, scope=scope)).status_code == 403


async def test_statements_list_newest_first(bank: Bank) -> None:
    for number in (1, 2, 3):
        bank.clock.advance(days=1)
        day = date(2026, 3, number)
        await bank.book(camt(JINAN_IN, [Move(1, on=day)], day=day, statement_no=str(number), opening=number - 1))
    first = await bank.get("/statements?limit=2")
    rest = await bank.get(f"/statements?limit=2&cursor={first['next_cursor']}")
    times = [item["received_at"] for item in (*first["items"], *rest["items"])]
    assert len(times) == 3
    assert times == sorted(times, reverse=True)


async def test_bank_accounts_come_from_the_registry_and_clerks_say_their_use(bank: Bank) -> None:
    accounts = {one["bankacct"]: one for one in await bank.get("/bank-accounts")}
    assert accounts[JINAN_IN]["hif_acct_type"] == "1"
    body = {"hif_acct_type": "3", "use": "dedicated"}
    path = f"/bank-accounts/{JINAN_IN}"
    stale = await bank.call("PUT", path, json=body, headers={"If-Match": '"9"'})
    changed = await bank.call("PUT", path, json=body, headers={"If-Match": '"1"'})
    unknown = await bank.call("PUT", "/bank-accounts/77777777", json=body, headers={"If-Match": "*"})
    assert (stale.status_code, changed.status_code, unknown.status_code) == (412, 200, 404)
    assert changed.json()["use"] == "dedicated"
