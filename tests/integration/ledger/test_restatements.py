"""A statement that the bank has corrected takes the place of what it told before, by two people."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.contracts.events import BalanceReceived
from tests.integration.ledger.areas import BEIJING, BEIJING_OUT, JINAN, JINAN_IN, JINAN_OUT
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.by_hand import adds_up, decide, lines, match, propose, seen_line
from tests.integration.ledger.desk import item_of
from tests.integration.ledger.giving_back import give_back
from tests.integration.ledger.restating import WHY, bring, code, correct, step
from tests.unit.ledger.exports import icbc
from tests.unit.ledger.exports import text as text_of
from tests.unit.ledger.files import DAY, Move, camt, ccb, document

pytestmark = pytest.mark.law("S53-2")
PART = {"is_supplement": True}


async def test_corrected_statement_is_taken_in_by_two_people(bank: Bank) -> None:
    kept, new, misnamed = bank.case(), bank.case(), bank.case()
    for case, fen in ((kept, 700), (new, 400), (misnamed, 999)):
        await bank.payable(case, fen, to="payee")
    matched, fee = Move(700, f"{kept} 张三", BEIJING_OUT, ref="A1"), Move(-5, "手续费", ref="A3")
    told = [matched, Move(100, "款", BEIJING_OUT, ref="A2"), fee, Move(300, f"{misnamed} 张三", BEIJING_OUT, ref="A4")]
    await bank.book(camt(JINAN_IN, told, opening=1000))
    bank.clock.advance(days=2)
    right = [matched, Move(-6, "手续费", ref="A3"), Move(400, f"{new} 张三", BEIJING_OUT, ref="B1")]
    content = camt(JINAN_IN, right, opening=1000)
    assert code(await bank.upload(content)) == (409, "statement-restated")

    found = await bring(bank, content)
    assert (found.status_code, found.json()["state"]) == (200, "found"), found.text
    assert [one["amount"] for one in found.json()["gone"]] == ["1.00", "0.05", "3.00"]
    assert [one["amount"] for one in found.json()["added"]] == ["0.06", "4.00"]
    assert (found.json()["closing_before"], found.json()["closing_after"]) == ("20.95", "20.94")
    assert (await bring(bank, content)).json() == found.json()
    early = await step(bank, found, "approval", {"decision": "approve"}, clerk="li")
    assert code(early) == (409, "restatement-already-decided")
    proposed = await step(bank, found, "proposal", WHY)
    assert code(await step(bank, proposed, "approval", {"decision": "approve"})) == (403, "second-person-required")
    alone = (
        "UPDATE restatement SET state = 'rejected', decided_by = proposed_by, decided_at = now(), decision_reason = '-'"
    )
    with pytest.raises(DBAPIError, match="two_people"):
        async with bank.database.transaction() as connection:
            await connection.execute(text(alone))
    stale = await step(bank, found, "approval", {"decision": "approve"}, clerk="li")
    assert stale.status_code == 412
    taken = await step(bank, proposed, "approval", {"decision": "approve"}, clerk="li")
    assert (taken.status_code, taken.json()["state"]) == (200, "approved"), taken.text
    assert not any(one["is_acted_on"] for one in taken.json()["gone"])

    assert [(await bank.obligations(case))[0]["state"] for case in (kept, new, misnamed)] == [
        "matched",
        "matched",
        "open",
    ]
    assert await bank.reasons() == []
    assert await bank.balance("income_deposit") == "20.94"
    report = await adds_up(bank)
    assert report["adds_up"]
    [day] = [
        one for one in (await bank.get(f"/reconciliations/{JINAN}/{DAY}"))["accounts"] if one["bankacct"] == JINAN_IN
    ]
    assert (day["opening_balance"], day["closing_balance"]) == ("10.00", "20.94")
    reasons = [one["reason"] for one in (await bank.get("/adjustments"))["items"]]
    assert reasons == [f"银行更正对账单：{WHY['reason']}"] * 2
    last = [event for event in await bank.sent(BalanceReceived) if event["amount"] == "0.00"]
    assert len(last) == 1, "the platform is told that nothing came for the case of the line that is gone"
    # The same content, however it is made, is the statement that is kept now.
    for again in (content, content.replace(b"T18:00:00", b"T19:30:00")):
        assert (await bank.book(again))["id"] == taken.json()["statement_id"]
    assert (await bank.get("/alerts"))["items"] == []
    assert await bank.count("restated_line") == 3
    # The bank's first file cannot be kept twice: said at once, not when two people have acted.
    back = await bring(bank, camt(JINAN_IN, told, opening=1000))
    assert (code(back), "原样导入过" in back.json()["detail"]) == ((409, "statement-not-replaceable"), True)


async def test_what_was_acted_on_is_taken_back_as_the_bank_itself_would(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 700, to="payee")
    [line] = await lines(bank, camt(JINAN_IN, [Move(700, f"{case} 张三", BEIJING_OUT, ref="A1")], opening=1000))
    taken = await correct(bank, camt(JINAN_IN, [Move(690, f"{case} 张三", BEIJING_OUT, ref="A1")], opening=1000))
    assert [(one["line_id"], one["is_acted_on"]) for one in taken["gone"]] == [(line, True)]
    # Others were told of the match, and it stands; what the bank says of the money now waits for people beside it.
    assert ((await bank.obligations(case))[0]["state"], await bank.balance("income_deposit")) == ("matched", "16.90")
    waiting = {one["suspense"]["reason"]: one for one in (await bank.get("/suspense"))["items"]}
    assert sorted((why, one["amount"]) for why, one in waiting.items()) == [
        ("already_settled", "6.90"),
        ("receipt_reversed", "7.00"),
    ]
    await adds_up(bank)
    debit, credit = [waiting[one]["id"] for one in ("receipt_reversed", "already_settled")]
    with_version = {f"other_{name}": value for name, value in (await seen_line(bank, credit)).items()}
    body, seen = {"reason": "银行更正金额"} | with_version, {"If-Match": f'"{(await item_of(bank, debit))["version"]}"'}
    set_off = await bank.call("POST", f"/suspense/{debit}/offset", json=body, headers=seen)
    assert (await bank.agree(set_off)).status_code == 200
    # Nothing but what takes it back answers the first, once its match is undone for another.
    [other] = await lines(bank, camt(JINAN_OUT, [Move(700, f"{case} 张三", BEIJING_OUT, ref="B1")]))
    part = {"rlts_traf_id": case, "obligation_no": "1", "amount": "7.00"} | await seen_line(bank, other)
    exchange, version = {"reason": "补足", "parts": [part]}, (await seen_line(bank, line))["version"]
    made = await bank.call(
        "POST", f"/statement-lines/{line}/correction", json=exchange, headers={"If-Match": f'"{version}"'}
    )
    assert (await decide(bank, made)).status_code == 200
    again = await propose(bank, line, (case, "1", "7.00"))
    assert again.json()["errors"][0]["code"] == "line-taken-back", again.text
    undone = await item_of(bank, line)
    assert (undone["line"]["reversed_by"], debit in undone["next_step"]) == (debit, True)
    back, seen = {"reason": "误付"}, {"If-Match": f'"{undone["version"]}"'}
    assert code(await bank.call("POST", f"/suspense/{line}/return", json=back, headers=seen)) == (
        409,
        "suspense-not-refundable",
    )
    left = [one["suspense"] for one in (await bank.get("/suspense"))["items"]]
    assert [(one["reason"], one["remaining"]) for one in left] == [("match_undone", "7.00"), ("partly_matched", "0.10")]
    await adds_up(bank)


async def test_a_payment_that_the_bank_takes_out_of_its_statement_came_back(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100, to="payer")
    await bank.release(case)
    paid = Move(-100, f"{case} 张三", JINAN_IN, e2e=f"{case}-1")
    await bank.book(camt(BEIJING_OUT, [paid], opening=1000), area=BEIJING)
    await correct(bank, camt(BEIJING_OUT, [Move(-1, "手续费")], opening=1000), area=BEIJING)
    assert ((await bank.orders(case))[0]["state"], await bank.reasons(area=BEIJING)) == ("paid", ["return_unlinked"])
    [item] = (await bank.get("/suspense", area=BEIJING))["items"]
    await match(bank, item["id"], (case, "1", "1.00"), area=BEIJING)
    [order] = await bank.orders(case)
    assert (order["state"], await bank.balance("expenditure_deposit", area=BEIJING)) == ("returned", "9.99")
    await adds_up(bank, area=BEIJING)


async def test_what_is_under_way_outdated_or_closed_is_not_replaced(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 700, to="payee")
    free = Move(100, "款", BEIJING_OUT, ref="A2")
    right = [Move(700, f"{case} 张三", BEIJING_OUT, ref="A1")]
    ids = await lines(bank, camt(JINAN_IN, [*right, free], opening=0))
    off = await bank.call("POST", f"/suspense/{ids[1]}/write-off", json={"reason": "尾差"}, headers={"If-Match": '"1"'})
    found = await bring(bank, camt(JINAN_IN, right, opening=0))
    refused = await step(bank, found, "proposal", WHY)
    assert code(refused) == (409, "restatement-blocked")
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [("/gone/0", "under-way")]
    assert (await bank.agree(off, decision="reject")).status_code == 200
    # Nobody has proposed it yet: the same file is compared anew with what has come meanwhile.
    evening = camt(JINAN_IN, [*right, free, Move(9, "款", BEIJING_OUT, ref="A3")], opening=0)
    assert (await bank.upload(evening, params=PART)).status_code == 202
    assert code(await step(bank, found, "proposal", WHY)) == (409, "restatement-outdated")
    anew = await bring(bank, camt(JINAN_IN, right, opening=0))
    assert anew.json()["id"] == found.json()["id"]
    assert [len(one.json()["gone"]) for one in (found, anew)] == [1, 2]
    proposed = await step(bank, anew, "proposal", WHY)
    night = camt(JINAN_IN, [*right, free, Move(9, "款", BEIJING_OUT, ref="A3"), Move(2, "款", ref="A4")], opening=0)
    assert (await bank.upload(night, params=PART)).status_code == 202
    outdated = await step(bank, proposed, "approval", {"decision": "approve"}, clerk="li")
    assert (code(outdated), "退回" in outdated.json()["detail"]) == ((409, "restatement-outdated"), True)
    rejected = await step(bank, proposed, "approval", {"decision": "reject", "reason": "未见银行函"}, clerk="li")
    assert (rejected.status_code, rejected.json()["state"]) == (200, "rejected")
    proposed = await step(bank, await bring(bank, camt(JINAN_IN, right, opening=0)), "proposal", WHY)
    closed = "INSERT INTO book_closing (admdvs, closed_through, closed_by) VALUES (:admdvs, :day, 'wang')"
    async with bank.database.transaction() as connection:
        await connection.execute(text(closed), {"admdvs": JINAN, "day": DAY + timedelta(days=29)})
    late = await step(bank, proposed, "approval", {"decision": "approve"}, clerk="li")
    assert code(late) == (409, "period-closed")
    assert await bank.balance("income_deposit") == "8.11"
    assert await bank.reasons() == ["no_reference"] * 3


async def test_every_day_of_a_corrected_statement_adds_up(bank: Bank) -> None:
    next_day = DAY + timedelta(days=1)
    bank.clock.advance(days=1)
    first, second = Move(100, "款", BEIJING_OUT, ref="A1"), Move(50, "款", BEIJING_OUT, ref="A2", on=next_day)
    await bank.book(ccb(JINAN_IN, [first, second], opening=1000))
    # Corrected twice, and the second time an earlier day.
    later, earlier = Move(60, "款", BEIJING_OUT, ref="A2", on=next_day), Move(110, "款", BEIJING_OUT, ref="A1")
    await correct(bank, ccb(JINAN_IN, [first, later], opening=1000), "text/csv")
    quiet = ccb(JINAN_IN, [earlier], opening=1000)
    refused = await bring(bank, quiet, "text/csv")
    assert (code(refused), "period_from" in refused.json()["detail"]) == ((409, "statement-not-replaceable"), True)
    # Taken out on the last day, shown again, taken out again: the same file is kept once.
    days = {"period_from": str(DAY), "period_to": str(next_day)}
    await correct(bank, quiet, "text/csv", params=days)
    assert (await bring(bank, quiet, "text/csv", params=days)).json()["state"] == "approved"
    await correct(bank, ccb(JINAN_IN, [earlier, later], opening=1000), "text/csv")
    again = await bring(bank, quiet, "text/csv", params=days)
    assert (code(again), "原样导入过" in again.json()["detail"]) == ((409, "statement-not-replaceable"), True)
    # The first of two statements came in two parts; what is corrected is the second.
    noon = Move(5, "款", BEIJING_OUT, ref="A3")
    await bank.book(ccb(JINAN_OUT, [first], opening=1000))
    assert (await bank.upload(ccb(JINAN_OUT, [first, noon], opening=1000), params=PART)).status_code == 202
    await bank.book(ccb(JINAN_OUT, [second], opening=1105))
    await correct(bank, ccb(JINAN_OUT, [first, noon, later], opening=1000), "text/csv")
    early = await bring(bank, ccb(JINAN_OUT, [earlier, noon, later], opening=1000), "text/csv")
    assert (code(early), "冲正" in early.json()["detail"]) == ((409, "statement-not-replaceable"), True)
    told = {}
    for day in (DAY, next_day):
        report = await bank.get(f"/reconciliations/{JINAN}/{day}")
        assert report["adds_up"], report
        for one in report["accounts"]:
            told[one["bankacct"], day] = (one["opening_balance"], one["closing_balance"])
    assert (told[JINAN_IN, DAY], told[JINAN_IN, next_day]) == (("10.00", "11.10"), ("11.10", "11.70"))
    assert (told[JINAN_OUT, DAY], told[JINAN_OUT, next_day]) == (("10.00", "11.05"), ("11.05", "11.65"))


async def test_one_file_corrects_the_statement_of_either_account_that_is_named(bank: Bank) -> None:
    first = Move(100, "款", BEIJING_OUT)
    content = text_of(icbc("", [first, Move(70, "款", BEIJING_OUT)]))
    found = []
    for bankacct, fen in ((JINAN_IN, 50), (JINAN_OUT, 60)):
        told = text_of(icbc("", [first, Move(fen, "款", BEIJING_OUT)]))
        assert (await bank.upload(told, params={"bankacct": bankacct})).status_code == 202
        found.append((await bring(bank, content, "text/csv", params={"bankacct": bankacct})).json())
    assert [(one["bankacct"], one["gone"][0]["amount"]) for one in found] == [(JINAN_IN, "0.50"), (JINAN_OUT, "0.60")]
    assert found[0]["id"] != found[1]["id"]


async def test_of_several_statements_in_a_file_the_one_that_differs_is_corrected(bank: Bank) -> None:
    def both(fen: int, other_fen: int) -> bytes:
        each = ((JINAN_IN, fen), (JINAN_OUT, other_fen))
        files = [camt(account, [Move(amount, "款", "999")]).decode() for account, amount in each]
        return document("".join(one[one.index("<Stmt>") : one.index("</BkToCstmrStmt>")] for one in files))

    await bank.book(both(100, 70))
    two = await bring(bank, both(101, 71))
    assert (code(two), "恰有一份" in two.json()["detail"]) == ((409, "statement-not-replaceable"), True)
    taken = await correct(bank, both(100, 71))
    assert (taken["bankacct"], taken["gone_count"], taken["added_count"]) == (JINAN_OUT, 1, 1)
    assert (await bank.book(both(100, 71)))["id"] == taken["statement_id"]


async def test_what_goes_is_no_candidate_any_more(bank: Bank) -> None:
    anew, less, once = bank.case(), bank.case(), bank.case()
    for case, fen in ((anew, 700), (less, 50), (once, 300)):
        await bank.payable(case, fen, to="payee")

    def move(case: str, fen: int, ref: str) -> Move:
        return Move(fen, f"{case} 张三", BEIJING_OUT, ref=ref)

    kept, given_up = move(once, 300, "C2"), move(less, 50, "B2")
    told = [move(anew, 700, "A1"), move(anew, 700, "A2"), move(less, 50, "B1"), given_up, move(once, 300, "C1"), kept]
    ids = await lines(bank, camt(JINAN_IN, [*told, Move(7, "杂项", "999", ref="D1")]))
    assert await bank.reasons() == ["several_candidates"] * 6 + ["no_reference"]
    await give_back(bank, await item_of(bank, ids[3]))
    await correct(bank, camt(JINAN_IN, [move(anew, 700, "A3"), given_up, move(less, 40, "B3"), kept]))
    # The line in its place is matched, the one that alone agreed was never claimed, the one of two that stays is.
    states = [(await bank.obligations(case))[0]["state"] for case in (anew, less, once)]
    assert states == ["matched", "open", "matched"]
    assert await bank.reasons() == ["several_candidates", "amount_differs"]
    month = await bank.get(f"/periods/{DAY:%Y%m}")
    assert next(one["count"] for one in month["checklist"] if one["code"] == "unclassified_lines") == 0
    assert (await adds_up(bank))["adds_up"]


async def test_a_correction_of_an_early_day_is_carried_through_the_days_after_it(bank: Bank) -> None:
    days = [DAY + timedelta(days=number) for number in range(3)]
    bank.clock.advance(days=2)
    moves = [Move(100, "款", BEIJING_OUT, ref=f"A{number}", on=day) for number, day in enumerate(days)]
    told = [camt(JINAN_IN, [move], opening=1000 + 100 * at, day=move.on) for at, move in enumerate(moves)]
    for content in told:
        await bank.book(content)
    first = camt(JINAN_IN, [Move(105, "款", BEIJING_OUT, ref="A0")], opening=1000)
    second = camt(JINAN_IN, [moves[1], Move(-1, "手续费", ref="F", on=days[1])], opening=1105, day=days[1])
    third = camt(JINAN_IN, [moves[2]], opening=1204, day=days[2])
    early = await bring(bank, second)
    assert (code(early), "11.00" in early.json()["detail"]) == ((409, "statement-not-replaceable"), True)
    found = await bring(bank, first)
    assert (found.json()["replace_next_from"], found.json()["opening_shift"]) == (str(days[1]), "0.00")
    for content, moved, gaps in ((first, "0.00", 1), (second, "0.05", 1), (third, "0.04", 0)):
        taken = await correct(bank, content)
        open_alerts = (await bank.get("/alerts?is_open=true"))["items"]
        assert (taken["opening_shift"], [one["kind"] for one in open_alerts]) == (moved, ["statement_gap"] * gaps)
    balances = []
    for day in days:
        report = await bank.get(f"/reconciliations/{JINAN}/{day}")
        assert report["adds_up"], report
        [one] = [one for one in report["accounts"] if one["bankacct"] == JINAN_IN]
        balances.append((one["opening_balance"], one["closing_balance"]))
    assert balances == [("10.00", "11.05"), ("11.05", "12.04"), ("12.04", "13.04")]
    month = await bank.get(f"/reconciliations/{JINAN}/months/{DAY:%Y%m}")
    assert month["adds_up"], month
    # What was told at first is no statement of these days any more; what the bank tells now is.
    assert code(await bank.upload(told[2].replace(b"T18:00:00", b"T19:30:00"))) == (409, "statement-restated")
    assert (await bank.book(third.replace(b"T18:00:00", b"T19:30:00")))["id"] == taken["statement_id"]
    again = await correct(bank, camt(JINAN_IN, [Move(2, "款", ref="A3", on=days[2])], opening=1204, day=days[2]))
    assert (again["opening_shift"], await bank.balance("income_deposit")) == ("0.00", "12.06")
