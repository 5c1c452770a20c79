"""Matches by hand: what cannot match by itself is proposed by one clerk and decided by another."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.contracts.events import BalanceMatched, BalanceReceived
from tests.integration.ledger.areas import BEIJING, BEIJING_IN, BEIJING_OUT, JINAN, JINAN_IN, JINAN_IN_2
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.by_hand import adds_up, decide, lines, match, matched, propose
from tests.integration.ledger.desk import step
from tests.integration.ledger.seen import entries, heard, waits
from tests.unit.ledger.files import DAY, Move, camt


@pytest.mark.law("N9-2", "S53-2")
async def test_paid_in_parts_is_credited_once_the_last_part_is_there(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 1000, to="payee")
    first, second = await lines(
        bank, camt(JINAN_IN, [Move(600, f"{case} 张三", BEIJING_OUT), Move(400, case, BEIJING_OUT)])
    )
    bank.clock.advance(days=1)
    done = await match(bank, first, (case, "1", "6.00"))
    assert (done["state"], done["proposed_by"], done["decided_by"], done["amount"]) == (
        "approved",
        "zhang",
        "li",
        "6.00",
    )
    assert await bank.sent(BalanceMatched) == []
    assert [one["state"] for one in await bank.obligations(case)] == ["open"]
    report = await adds_up(bank)
    sections = {one["section"]: one for one in report["sections"]}
    assert (sections["business_without_money"]["total"], sections["matched"]["total"]) == ("4.00", "6.00")
    # It is what was still lacking, and not what the sheet states.
    assert await bank.reasons() == ["amount_differs"]

    await match(bank, second, (case, "1", "4.00"))
    assert [one["state"] for one in await bank.obligations(case)] == ["matched"]
    assert await matched(bank, f"inbound.{JINAN}") == [("1", "10.00")]
    assert await matched(bank, "platform") == [("1", "6.00"), ("1", "4.00")]
    assert await bank.reasons() == []
    assert (await bank.balance("transfer_income"), await bank.balance("temporary_receipts")) == ("10.00", "0.00")
    assert await bank.balance("temporary_receipts", at=DAY) == "10.00"
    report = await adds_up(bank)
    assert {one["section"]: one["count"] for one in report["sections"]}["business_without_money"] == 0


async def test_one_payment_for_two_people_is_split_and_joined(bank: Bank) -> None:
    cases = [bank.case() for _ in range(3)]
    for case, fen in zip(cases, (300, 500, 900), strict=True):
        await bank.payable(case, fen, to="payee")
    one, other = await lines(
        bank, camt(JINAN_IN, [Move(1000, "三人转移款", BEIJING_OUT), Move(700, "补", BEIJING_OUT)])
    )
    shares = ((cases[0], "1", "3.00"), (cases[1], "1", "5.00"), (cases[2], "1", "2.00"), (cases[2], "1", "7.00", other))
    proposal = await match(bank, one, *shares)
    assert [part["psn_name"] for part in proposal["parts"]] == ["张三"] * 4
    assert [(await bank.obligations(case))[0]["state"] for case in cases] == ["matched"] * 3
    assert await matched(bank, f"inbound.{JINAN}") == [("1", "3.00"), ("1", "5.00"), ("1", "9.00")]
    receipts = [(event["amount"], event["suspense_code"]) for event in await bank.sent(BalanceReceived)]
    assert receipts == [("3.00", None), ("5.00", None), ("2.00", None), ("7.00", None)]
    await adds_up(bank)
    history = (await bank.get(f"/suspense/{one}"))["events"]
    assert [(step["what"], step["by"]) for step in history] == [("match_approved", "li"), ("match_proposed", "zhang")]


async def test_off_by_one_fen_is_solved_by_hand_either_way(bank: Bank) -> None:
    over, short = bank.case(), bank.case()
    for case in (over, short):
        await bank.payable(case, 100, to="payee")
    moves = [Move(101, f"{over} 张三", BEIJING_OUT), Move(99, f"{short} 张三", BEIJING_OUT)]
    more, less = await lines(bank, camt(JINAN_IN, moves))
    for line in (more, less):
        await waits(bank, line, "amount_differs")
    exceeded = await propose(bank, more, (over, "1", "1.01"))
    assert (exceeded.status_code, exceeded.json()["errors"][0]["code"]) == (409, "obligation-exceeded")
    await match(bank, more, (over, "1", "1.00"))
    await match(bank, less, (short, "1", "0.99"))
    [left] = (await bank.get("/suspense"))["items"]
    told = left["suspense"]
    assert (left["id"], told["reason"], told["remaining"], told["difference"]) == (
        more,
        "partly_matched",
        "0.01",
        "0.01",
    )
    [fen] = await lines(bank, camt(JINAN_IN_2, [Move(1, f"{short} 张三 补", BEIJING_OUT)]))
    await match(bank, fen, (short, "1", "0.01"))
    assert [(await bank.obligations(case))[0]["state"] for case in (over, short)] == ["matched"] * 2
    assert await bank.balance("temporary_receipts") == "0.01"
    # Of a line that was claimed in part, the last fen may be given up, by two people and with a reason.
    item = await bank.get(f"/suspense/{more}")
    blank = await step(bank, "POST", item, "write-off", {"reason": " "})
    assert (blank.status_code, blank.json()["errors"][0]["pointer"]) == (422, "/reason")
    given_up = await step(bank, "POST", item, "write-off", {"reason": "对方多付一分，免退"})
    assert [(await bank.agree(given_up, clerk=clerk)).status_code for clerk in ("zhang", "li")] == [403, 200]
    assert (await bank.reasons(), await bank.balance("temporary_receipts")) == ([], "0.00")
    assert (await heard(bank, over))[1:] == [("BalanceMatched", "1.00", None)]
    await adds_up(bank)


async def test_wrong_note_and_other_accounts_of_the_payer_are_told_rightly(bank: Bank) -> None:
    wrong, right, strange, foreign = (bank.case() for _ in range(4))
    for case in (wrong, right, strange, foreign):
        await bank.payable(case, 100, to="payee")
    moves = [
        Move(100, f"{wrong} 王五", BEIJING_OUT),
        Move(100, f"{strange} 张三", BEIJING_IN),
        Move(100, f"{foreign} 张三", "66666666"),
        Move(100, "", BEIJING_OUT),
    ]
    waiting = await lines(bank, camt(JINAN_IN, moves))
    reasons = ("name_differs", "payer_differs", "payer_differs", "no_reference")
    for line, reason in zip(waiting, reasons, strict=True):
        await waits(bank, line, reason)
    for line, case in zip(waiting, (right, strange, foreign, wrong), strict=True):
        await match(bank, line, (case, "1", "1.00"))
    assert await bank.reasons() == []
    assert len(await matched(bank, f"inbound.{JINAN}")) == 4
    assert await entries(bank, right, "transfer_income") == [("credit", "1.00")]
    # The case that the note named falsely learns that the money was not for it; its own comes with the empty note.
    told = [event["amount"] for event in await bank.sent(BalanceReceived)]
    assert sorted(told) == ["0.00", *["1.00"] * 5]
    await adds_up(bank)


@pytest.mark.law("S53-2")
async def test_nobody_decides_alone_twice_or_over_what_has_changed(bank: Bank) -> None:
    case, other = bank.case(), bank.case()
    await bank.payable(case, 100, to="payee")
    line, second = await lines(bank, camt(JINAN_IN, [Move(100, "甲", BEIJING_OUT), Move(100, "乙", BEIJING_OUT)]))
    unknown = await propose(bank, line, (other, "1", "1.00"))
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (409, "/parts/0")
    first = await propose(bank, line, (case, "1", "1.00"))
    [part] = first.json()["parts"]
    compared = {how: [one["criterion"] for one in part[how]] for how in ("agrees", "differs", "not_told")}
    assert compared == {
        "agrees": ["amount", "account", "agency", "date"],
        "differs": [],
        "not_told": ["case_number", "name"],
    }
    alone = await decide(bank, first, clerk="zhang")
    assert (alone.status_code, alone.json()["type"].rpartition("/")[2]) == (403, "second-person-required")
    newer = await propose(bank, line, (case, "1", "0.50"))
    [part] = newer.json()["parts"]
    assert [one["text"] for one in part["differs"]] == ["款项少 0.50 元（尚缺 1.00 元）"]
    waits = [one["suspense"]["next_step"].partition("：")[0] for one in (await bank.get("/suspense"))["items"]]
    assert (waits[0], waits[1] == waits[0]) == ("有待复核的匹配提案", False)
    outdated = await decide(bank, first)
    assert outdated.status_code == 412
    rejected = await decide(bank, newer, "reject")
    assert (rejected.json()["state"], rejected.json()["decision_reason"]) == ("rejected", "附言不足以认定")
    stale = await propose(bank, line, (case, "1", "1.00"))
    await match(bank, second, (case, "1", "1.00"))
    late = await decide(bank, stale)
    assert (late.status_code, late.json()["errors"][0]["code"]) == (409, "obligation-not-open")
    states = [one["state"] for one in (await bank.get(f"/proposals?line_id={line}"))["items"]]
    assert sorted(states) == ["rejected", "superseded", "superseded"]
    assert await bank.count("claim") == 1
    assert (await bank.get("/proposals?state=approved", area=BEIJING))["items"] == []


async def test_a_proposal_gives_way_to_an_automatic_match(bank: Bank) -> None:
    case, other = bank.case(), bank.case()
    await bank.payable(other, 100, to="payee")
    [line] = await lines(bank, camt(JINAN_IN, [Move(100, f"{case} 张三", BEIJING_OUT)]))
    made = await propose(bank, line, (other, "1", "1.00"))
    await bank.payable(case, 100, to="payee")
    assert (await bank.get(f"/proposals/{made.json()['id']}"))["state"] == "superseded"
    assert [(await bank.obligations(one))[0]["state"] for one in (case, other)] == ["matched", "open"]


async def test_approvals_and_imports_at_once_never_claim_anything_twice(bank: Bank) -> None:
    cases = [bank.case() for _ in range(6)]
    for case in cases:
        await bank.payable(case, 100, to="payee")
    moves = [Move(100, f"第 {number} 笔", BEIJING_OUT) for number in range(12)]
    waiting = await lines(bank, camt(JINAN_IN, moves))
    made = [
        await propose(bank, line, (case, "1", "1.00")) for line, case in zip(waiting, [*cases, *cases], strict=True)
    ]
    automatic = camt(JINAN_IN_2, [Move(100, f"{case} 张三", BEIJING_OUT) for case in cases])
    answers = await asyncio.gather(
        *(decide(bank, one) for one in made[:6]),
        bank.upload(automatic),
        *(decide(bank, one, clerk="wang") for one in made[6:]),
    )
    assert {answer.status_code for answer in answers} <= {200, 202, 409}
    assert await bank.count("claim") == 6
    assert [(await bank.obligations(case))[0]["state"] for case in cases] == ["matched"] * 6
    assert len(await matched(bank, f"inbound.{JINAN}")) == 6
    assert await bank.balance("transfer_income") == "6.00"
    await adds_up(bank)


async def test_the_database_refuses_what_the_rules_would(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 150, to="payee")
    line, other = await lines(bank, camt(JINAN_IN, [Move(200, "甲", BEIJING_OUT), Move(10, "乙", BEIJING_OUT)]))
    await match(bank, line, (case, "1", "1.00"))
    alone = "UPDATE proposal SET decided_by = proposed_by"
    claim = (
        "INSERT INTO claim (admdvs, kind, line_id, obligation_id, amount_fen, is_exclusive, claimed_on, claimed_at,"
        " proposal_id, proposal_state) SELECT '370100', 'receipt', {line}, o.id, {fen}, false, now(), now(), {by}"
        " FROM obligation o, proposal p"
    )
    refused = {
        "two_people": alone,
        "share_is_approved": claim.format(line=other, fen=10, by="CAST(NULL AS uuid), NULL"),
        "fk_claim_approved_proposal": claim.format(line=other, fen=10, by="gen_random_uuid(), 'approved'"),
        "ck_obligation_claimed": claim.format(line=other, fen=51, by="p.id, p.state"),
        "not that much left": claim.format(line=other, fen=11, by="p.id, p.state"),
        "uq_claim_line": claim.format(line=line, fen=10, by="p.id, p.state"),
    }
    for name, statement in refused.items():
        with pytest.raises(DBAPIError, match=name):
            async with bank.database.transaction() as connection:
                await connection.execute(text(statement))


async def test_many_are_proposed_and_decided_each_by_itself(bank: Bank) -> None:
    cases = [bank.case() for _ in range(3)]
    for case in cases:
        await bank.payable(case, 100, to="payee")
    waiting = await lines(bank, camt(JINAN_IN, [Move(100, f"第 {n} 笔", BEIJING_OUT) for n in range(3)]))
    items = [
        {
            "line_id": int(line),
            "version": 1,
            "reason": "清单核对一致",
            "parts": [{"rlts_traf_id": case, "obligation_no": "1", "amount": amount}],
        }
        for line, case, amount in zip(waiting, cases, ("1.00", "1.01", "1.00"), strict=True)
    ]
    headers = {"Idempotency-Key": "bulk-1"}
    made = [(await bank.call("POST", "/proposals", json={"items": items}, headers=headers)).json() for _ in range(2)]
    assert made[0] == made[1]
    results = made[0]["items"]
    assert [one["code"] for one in results] == [None, "proposal-not-possible", None]
    decisions = [
        {"proposal_id": one["proposal_id"], "version": version, "decision": "approve"}
        for one, version in ((results[0], 1), (results[2], 7))
    ]
    answer = await bank.call("POST", "/proposals/approvals", clerk="li", json={"items": decisions})
    assert [one["code"] for one in answer.json()["items"]] == [None, "precondition-failed"]
    assert [(await bank.obligations(case))[0]["state"] for case in cases] == ["matched", "open", "open"]
    # Two proposals over one obligation, decided together: the second finds nothing left.
    rivals = [await propose(bank, line, (cases[1], "1", "1.00")) for line in waiting[1:]]
    decisions = [{"proposal_id": one.json()["id"], "version": 1, "decision": "approve"} for one in rivals]
    answer = await bank.call("POST", "/proposals/approvals", clerk="li", json={"items": decisions})
    assert [one["code"] for one in answer.json()["items"]] == [None, "proposal-not-possible"]
    assert answer.json()["items"][1]["errors"][0]["pointer"] == "/parts/0"
    assert await bank.count("claim") == 2
    await adds_up(bank)
