"""What two people decide about lines that nothing answers: given up, set off, or no transfer after all."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.contracts.events import BalanceMatched
from tests.integration.ledger.areas import BEIJING_OUT, JINAN, JINAN_IN, JINAN_OUT
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.by_hand import match, propose
from tests.integration.ledger.desk import item_of, step, waiting
from tests.integration.ledger.giving_back import debit, give_back, ties
from tests.unit.ledger.files import DAY, Move, camt

pytestmark = pytest.mark.law("S53-2")
NEXT = DAY + timedelta(days=1)
WHY = {"reason": "对方多付一分，免退"}


async def test_a_difference_is_written_off_by_two_people_up_to_the_limit(bank: Bank) -> None:
    item, other = await waiting(bank, Move(10001, "转移款", BEIJING_OUT), Move(90, "转移款", BEIJING_OUT))
    whole = await step(bank, "POST", item, "write-off", WHY)
    assert whole.json()["type"].endswith("/suspense-not-adjustable")
    order = await give_back(bank, item, amount="100.00")
    listed = (await bank.get("/suspense"))["items"][0]["suspense"]
    assert (listed["remaining"], listed["next_step"].partition("：")[0]) == ("0.01", "退回支付单在办理")
    await bank.book(camt(JINAN_OUT, [debit(order)], opening=20000, day=NEXT))
    assert (await bank.get("/suspense"))["items"][0]["suspense"]["remaining"] == "0.01"
    case = bank.case()
    await bank.payable(case, 10001, to="payee")
    given_back = await propose(bank, item["line"]["id"], (case, "1", "100.01"))
    assert [error["code"] for error in given_back.json()["errors"]] == ["line-exceeded"]
    left = await item_of(bank, item["line"]["id"])
    assert (left["left"], await bank.balance("temporary_receipts")) == ("0.01", "0.91")
    proposed = await step(bank, "POST", left, "write-off", WHY)
    assert (proposed.status_code, proposed.json()["amount"], proposed.json()["state"]) == (201, "0.01", "proposed")
    steps = [one["suspense"]["next_step"].partition("：")[0] for one in (await bank.get("/suspense"))["items"]]
    assert steps == ["有待复核的调整", "向付款单位核实用途，取得办件编号后提出人工匹配；与转移无关的转入其他业务往来"]
    assert await bank.balance("write_off") == "0.00"
    twice = await step(bank, "POST", await item_of(bank, item["line"]["id"]), "write-off", WHY)
    assert twice.json()["type"].endswith("/adjustment-under-way")
    assert (await bank.agree(proposed, clerk="zhang")).json()["type"].endswith("/second-person-required")
    approved = await bank.agree(proposed)
    assert (approved.json()["state"], approved.json()["decided_by"]) == ("approved", "li")
    assert (await bank.agree(approved)).json()["type"].endswith("/adjustment-already-decided")
    assert (await bank.balance("write_off"), await bank.balance("temporary_receipts")) == ("-0.01", "0.90")
    settled = await item_of(bank, item["line"]["id"])
    assert (settled["settled_on"], settled["left"]) == (NEXT.isoformat(), "0.00")
    assert [event["what"] for event in settled["events"][:2]] == ["adjustment_approved", "adjustment_proposed"]
    assert await ties(bank, DAY, NEXT)
    rejected = await bank.agree(await step(bank, "POST", other, "write-off", WHY), decision="reject")
    again = await step(bank, "POST", await item_of(bank, other["line"]["id"]), "write-off", WHY)
    withdrawal = await bank.call(
        "POST",
        f"/adjustments/{again.json()['id']}/withdrawal",
        json={},
        headers={"If-Match": again.headers["ETag"]},
    )
    assert (rejected.json()["state"], withdrawal.json()["state"]) == ("rejected", "withdrawn")
    assert (await item_of(bank, other["line"]["id"]))["left"] == "0.90"
    listed = (await bank.get(f"/adjustments?line_id={other['line']['id']}"))["items"]
    assert sorted(one["state"] for one in listed) == ["rejected", "withdrawn"]


async def test_money_out_in_error_is_set_off_against_its_coming_back(bank: Bank) -> None:
    moves = [Move(-300, "误转", "999"), Move(300, "退回", "999"), Move(5, "退回", "999")]
    await bank.book(camt(JINAN_IN, moves, opening=1000))
    out, back, other = [await item_of(bank, line["id"]) for line in (await bank.get("/suspense"))["items"]]

    def body(against: dict[str, object], **changes: object) -> dict[str, object]:
        line = against["line"]
        assert isinstance(line, dict)
        seen = {"other_line_id": int(line["id"]), "other_version": against["version"], "reason": "银行已冲回"}
        return seen | changes

    same_side = await step(bank, "POST", back, "offset", body(other))
    too_much = await step(bank, "POST", out, "offset", body(other, amount="0.06"))
    assert [one.json()["type"].rpartition("/")[2] for one in (same_side, too_much)] == ["suspense-not-adjustable"] * 2
    assert (await step(bank, "POST", out, "offset", body(back, other_version=9))).status_code == 412
    proposed = await step(bank, "POST", out, "offset", body(back))
    assert (await bank.agree(proposed)).status_code == 200
    assert [line["id"] for line in (await bank.get("/suspense"))["items"]] == [other["line"]["id"]]
    assert (await bank.balance("temporary_payments"), await bank.balance("temporary_receipts")) == ("0.00", "0.05")
    assert await ties(bank, DAY)
    # Nothing of it is what a sheet says, though the lines are answered.
    report = await bank.get(f"/reconciliations/{JINAN}/{DAY}")
    assert [(one["expected"], one["matched"]) for one in report["expectations"]] == [("0.00", 0)] * 2
    assert report["sections"][0]["total"] == "3.00"
    assert [event["what"] for event in (await item_of(bank, back["line"]["id"]))["events"]] == [
        "adjustment_approved",
        "adjustment_proposed",
    ]


async def test_what_is_proposed_for_money_that_was_answered_otherwise_is_outdated_with_the_reason(bank: Bank) -> None:
    named, part, short = bank.case(), bank.case(), bank.case()
    moves = [Move(60, f"{named} 张三", BEIJING_OUT), Move(70, "转移款", BEIJING_OUT)]
    moves += [Move(fen, "补差", BEIJING_OUT) for fen in (99, 1, 5)]
    items = await waiting(bank, *moves)
    lines = [item["line"]["id"] for item in items]
    for case, fen in ((part, 50), (short, 100)):
        await bank.payable(case, fen, to="payee")
    made = [await step(bank, "POST", item, "write-off", WHY) for item in (items[0], items[1], items[4])]
    await match(bank, lines[2], (short, "1", "0.99"))
    path = f"/obligations/{short}/1/write-off"
    made.append(await bank.call("POST", path, json=WHY, headers={"If-Match": "*"}))
    # A sheet, half a match by hand, and the last fen.
    await bank.payable(named, 60, to="payee")
    await match(bank, lines[1], (part, "1", "0.50"))
    await match(bank, lines[3], (short, "1", "0.01"))
    shown = [await bank.get(f"/adjustments/{one.json()['id']}") for one in made]
    assert [(one["state"], one["decided_by"]) for one in shown] == [
        *[("superseded", None)] * 2,
        ("proposed", None),
        ("superseded", None),
    ]
    assert ["已经" in (one["decision_reason"] or "") for one in shown] == [True, True, False, True]
    late = await bank.call("GET", f"/adjustments/{shown[0]['id']}")
    assert (await bank.agree(late)).json()["type"].endswith("/adjustment-already-decided")
    # What is left of it may be proposed anew.
    anew = await step(bank, "POST", await item_of(bank, lines[1]), "write-off", WHY)
    assert (anew.status_code, anew.json()["amount"]) == (201, "0.20")
    assert await ties(bank, DAY)


CLEAR = """
    INSERT INTO clearing (admdvs, kind, credit_line_id, adjustment_id, adjustment_state, amount_fen, cleared_on,
                          cleared_at)
    SELECT admdvs, kind, line_id, id, {state}, 1, now(), now() FROM adjustment
"""
ALONE = {
    "UPDATE adjustment SET state = 'approved', decided_by = proposed_by": "ck_adjustment_two_people",
    "UPDATE adjustment SET state = 'approved'": "ck_adjustment_decided",
    CLEAR.format(state="'approved'"): "fk_clearing_adjustment_id",
    CLEAR.format(state="state"): "ck_clearing_decided",
}


async def test_the_database_refuses_adjustments_by_one_person(bank: Bank) -> None:
    [item] = await waiting(bank, Move(90, "转移款", BEIJING_OUT))
    await step(bank, "POST", item, "write-off", WHY)
    for statement, constraint in ALONE.items():
        with pytest.raises(DBAPIError, match=constraint):
            async with bank.database.transaction() as connection:
                await connection.execute(text(statement))


async def test_a_lines_class_waits_for_the_second_person(bank: Bank) -> None:
    [item] = await waiting(bank, Move(500, "保险费", "999"))
    line_id = item["line"]["id"]
    body = {"line_class": "other_business", "reason": "保费"}
    path, headers = f"/statement-lines/{line_id}/reclassification", {"If-Match": '"1"'}
    proposed = await bank.call("POST", path, json=body, headers=headers)
    assert (proposed.json()["to_class"], await bank.balance("other_business")) == ("other_business", "0.00")
    assert (await bank.agree(proposed, clerk="zhang")).status_code == 403
    assert (await bank.agree(proposed)).status_code == 200
    assert (await bank.reasons(), await bank.balance("other_business")) == ([], "5.00")
    [change] = (await bank.get(f"/statement-lines/{line_id}"))["changes"]
    assert (change["changed_by"], change["approved_by"], change["reason"]) == ("zhang", "li", "保费")
    assert (await bank.get(f"/reconciliations/{JINAN}/{DAY}"))["adds_up"]


async def test_a_selection_is_worked_on_at_once_with_a_result_per_item(bank: Bank) -> None:
    moves = [Move(fen, "保险费", "999") for fen in (30, 40, 5000)] + [Move(60, "转移款", "888")]
    items = await waiting(bank, *moves)
    chosen = [{"line_id": int(item["line"]["id"]), "version": 1} for item in items]

    async def bulk(action: str, selected: list[dict[str, int]], **body: object) -> list[dict[str, object]]:
        answer = await bank.call("POST", "/suspense/bulk", json={"action": action, "items": selected} | body)
        assert answer.status_code == 200, answer.text
        results: list[dict[str, object]] = answer.json()["items"]
        return results

    given = await bulk("assign", [*chosen[:3], {"line_id": chosen[3]["line_id"], "version": 7}], assigned_to="li")
    assert [one["code"] for one in given] == [None, None, None, "precondition-failed"]
    seen = [{**one, "version": 2} for one in chosen[:3]] + chosen[3:]
    noted = await bulk("comment", [*seen[:2], {"line_id": 999999, "version": 1}], comment="已核对")
    assert [one["code"] for one in noted] == [None, None, "not-found"]
    strange = [{"line_id": 1000 + number, "version": 1} for number in range(501)]
    for wrong in (strange, strange[:1] * 2, []):
        body = {"action": "comment", "comment": "整页", "items": wrong}
        refused = await bank.call("POST", "/suspense/bulk", json=body)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/items")
    assert {one["code"] for one in await bulk("comment", strange[:500], comment="整页")} == {"not-found"}
    seen = [{**one, "version": 3} for one in chosen[:2]] + seen[2:]
    off = await bulk("write_off", seen[:3], reason="尾差")
    assert [one["code"] for one in off] == [None, None, "suspense-not-adjustable"]
    classed = await bulk("reclassify", seen[2:3], line_class="other_business", reason="保费")
    back = {"action": "return", "items": seen[3:], "reason": "误付"}
    worker = await bank.call("POST", "/suspense/bulk", json=back, scope="ledger:work")
    assert (worker.status_code, worker.json()["type"].rpartition("/")[2]) == (403, "insufficient-scope")
    [returned] = await bulk("return", seen[3:], reason="误付")
    ordered = (await item_of(bank, items[3]["line"]["id"]))["returns"]
    assert ([order["id"] for order in ordered], ordered[0]["amount"]) == ([returned["order_id"]], "0.60")
    waiting_for = [one["adjustment_id"] for one in (*off[:2], *classed)]
    body = {"decision": "approve", "items": [{"adjustment_id": one, "version": 1} for one in waiting_for]}
    alone = (await bank.call("POST", "/adjustments/approvals", json=body)).json()["items"]
    assert [one["code"] for one in alone] == ["second-person-required"] * 3
    done = await bank.call("POST", "/adjustments/approvals", json=body, clerk="li")
    assert [one["is_done"] for one in done.json()["items"]] == [True] * 3
    assert [line["id"] for line in (await bank.get("/suspense"))["items"]] == [items[3]["line"]["id"]]
    assert (await bank.balance("write_off"), await bank.balance("other_business")) == ("-0.70", "50.00")
    assert await ties(bank, DAY)


async def test_the_last_fen_of_an_expected_amount_is_given_up_and_the_person_gets_all_that_is_due(bank: Bank) -> None:
    case, unpaid = bank.case(), bank.case()
    await bank.payable(case, 10000, to="payee")
    await bank.payable(unpaid, 50, to="payee")
    [item] = await waiting(bank, Move(9999, f"{case} 张三", BEIJING_OUT))
    await match(bank, item["line"]["id"], (case, "1", "99.99"))
    path = f"/obligations/{case}/1"
    short = await bank.call("GET", path)
    assert [short.json()[name] for name in ("due", "claimed", "left", "state")] == ["100.00", "99.99", "0.01", "open"]
    seen = {"If-Match": short.headers["ETag"]}
    nothing_came = await bank.call("POST", f"/obligations/{unpaid}/1/write-off", json=WHY, headers={"If-Match": "*"})
    assert nothing_came.json()["type"].endswith("/suspense-not-adjustable")
    assert (await bank.call("POST", f"{path}/write-off", json=WHY, headers={"If-Match": '"9"'})).status_code == 412
    proposed = await bank.call("POST", f"{path}/write-off", json=WHY, headers=seen)
    assert (await bank.agree(proposed, clerk="zhang")).status_code == 403
    assert await bank.sent(BalanceMatched, to=f"inbound.{JINAN}") == []
    assert (await bank.agree(proposed)).status_code == 200
    [told] = await bank.sent(BalanceMatched, to=f"inbound.{JINAN}")
    assert (told["amount"], (await bank.get(path))["state"]) == ("100.00", "matched")
    assert (await bank.balance("transfer_income"), await bank.balance("write_off")) == ("100.00", "0.01")
    assert (await bank.call("GET", f"/reconciliations/{JINAN}/9999-12-31")).status_code == 422
    report = await bank.get(f"/reconciliations/{JINAN}/{DAY}")
    [open_items] = [one for one in report["sections"] if one["section"] == "business_without_money"]
    assert (report["adds_up"], open_items["count"], open_items["total"]) == (True, 1, "0.50")
    [due] = [one for one in report["expectations"] if one["kind"] == "receipt"]
    names = ("expected", "matched_amount", "written_off_amount", "open_amount")
    assert [due[name] for name in names] == ["100.50", "99.99", "0.01", "0.50"]
