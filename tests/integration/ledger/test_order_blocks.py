"""What keeps orders from being paid: a changed account of the other side, and funds that are to be asked for."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.repository import bank_accounts
from ledger.repository.locks import lock_matching
from ledger.use_cases.watch_accounts import watch_accounts
from shared.contracts.events import BalanceReleased
from shared.registry import repository
from shared.registry.repository import StoredSnapshot
from shared.registry.snapshot import sign_snapshot
from tests.integration.ledger.areas import BEIJING, BEIJING_IN, BEIJING_OUT, JINAN, JINAN_IN, ROOT, snapshot
from tests.integration.ledger.bank import Bank, chosen
from tests.integration.ledger.restating import code, correct
from tests.unit.ledger.files import DAY, Move, camt


async def change_receiver(bank: Bank, whose: str = JINAN, *, is_added: bool = False, **changes: str) -> None:
    """The registry names another account that Jinan (or Beijing) is paid to, from today on, or changes it in place, or
    adds what is new of it."""
    present = snapshot()
    areas = []
    for area in present.areas:
        old = next(account for account in area.bank_accounts if account.bankacct in (JINAN_IN, BEIJING_IN))
        is_in_place = bool(changes) and not is_added
        new: dict[str, Any] = changes or {"bankacct": "62019999"}
        changed = old.model_copy(update=new if is_in_place else new | {"valid_from": DAY})
        kept = [one for one in area.bank_accounts if one is not old or not is_in_place]
        told = (*kept, changed) if area.admdvs == whose else area.bank_accounts
        areas.append(area.model_copy(update={"bank_accounts": told}))
    version = bank.registry.current.version + 1
    newer = present.model_copy(update={"version": version, "areas": tuple(areas)})
    async with bank.database.transaction() as connection:
        await repository.save(connection, StoredSnapshot(version, None, sign_snapshot(newer, ROOT), bank.clock.now()))
    await bank.registry.load()


async def watch(bank: Bank) -> None:
    async with bank.database.transaction() as connection:
        await watch_accounts(connection, [JINAN, BEIJING], bank.registry.current, now=bank.clock.now())


async def _states(bank: Bank, *cases: str) -> list[str]:
    return [(await bank.orders(case))[0]["state"] for case in cases]


async def test_changed_account_holds_open_orders_until_a_person_has_looked(bank: Bank) -> None:
    cases = [bank.case() for _ in range(3)]
    for case in cases:
        await bank.payable(case, 100, to="payer")
    await bank.release(cases[0])
    await watch(bank)
    assert await _states(bank, *cases) == ["released", "ready", "ready"]
    await change_receiver(bank)
    await watch(bank)
    await watch(bank)
    assert await _states(bank, *cases) == ["released", "held", "held"]
    [alert] = (await bank.get("/alerts", area=BEIJING))["items"]
    assert (alert["kind"], alert["held_count"], alert["left_count"]) == ("account_changed", 3, 0)
    assert alert["held_amount"] == "3.00"
    assert (await bank.orders(cases[1]))[0]["payee_bankacct"] == JINAN_IN
    refused = await bank.call("POST", "/payment-batches", area=BEIJING, json=chosen((await bank.orders(cases[1]))[0]))
    assert refused.status_code == 409
    await _two_let_go(bank, alert)
    [alert] = (await bank.get("/alerts", area=BEIJING))["items"]
    assert (alert["held_count"], alert["held_amount"]) == (0, "0.00"), "what it shows is what is still held"
    assert await _states(bank, *cases) == ["released", "ready", "ready"]
    await watch(bank)
    assert await _states(bank, *cases) == ["released", "ready", "ready"]


async def test_a_new_order_takes_what_the_registry_says_now_of_a_number_that_stayed(bank: Bank) -> None:
    before, after = bank.case(), bank.case()
    await bank.payable(before, 100, to="payer")
    await change_receiver(bank, is_added=True, bankcode="105100000017", acctname="济南市医疗保险事业中心")
    await bank.payable(after, 100, to="payer")
    await watch(bank)
    assert await _states(bank, before, after) == ["held", "ready"]
    [order] = await bank.orders(after)
    assert (order["payee_bankacct"], order["payee_acctname"]) == (JINAN_IN, "济南市医疗保险事业中心")


async def test_a_return_given_free_while_its_account_was_in_doubt_goes_on_by_two(bank: Bank) -> None:
    free, bound = bank.case(), bank.case()
    for case in (free, bound):
        await bank.payable(case, 100, to="payee")
    await bank.book(camt(JINAN_IN, [Move(100, f"{case} 张三", BEIJING_OUT) for case in (free, bound)]))
    for case in (free, bound):
        await bank.payable(case, 60, to="payee", version=2, obligation_no="2")
    await change_receiver(bank, BEIJING, bankcode="105100000017")
    await watch(bank)
    released = BalanceReleased(obligation_no="2", amount=40, reversed_amount=0, released_on=DAY)
    await bank.receive(released, free, f"inbound.{JINAN}", f"ledger.{JINAN}")
    assert [(await bank.orders(case, area=JINAN))[0]["state"] for case in (free, bound)] == ["held", "held"]
    [alert] = (await bank.get("/alerts?kind=account_changed"))["items"]
    await bank.let_go(alert, area=JINAN)
    # The other's money may still stand in the person's account.
    assert [(await bank.orders(case, area=JINAN))[0]["state"] for case in (free, bound)] == ["ready", "held"]


async def _two_let_go(bank: Bank, alert: dict[str, Any]) -> None:
    """A changed account is the main fraud: nobody lets its orders go on alone, neither by a call nor in SQL."""
    why, headers = {"reason": "已电话核实"}, {"If-Match": '"1"'}
    path = f"/alerts/{alert['id']}"
    alone = await bank.call("PUT", f"{path}/settlement", area=BEIJING, json=why, headers=headers)
    assert alone.json()["type"].endswith("/alert-needs-two-people")
    lifting = "UPDATE order_hold SET lifted_at = now(), lifted_by = 'li'"
    with pytest.raises(DBAPIError, match="lifted_by_two"):
        async with bank.database.transaction() as connection:
            await connection.execute(text(lifting))
    tries = [bank.call("POST", f"{path}/release", area=BEIJING, json=why, headers=headers) for _ in range(3)]
    proposed, *others = sorted(await asyncio.gather(*tries), key=lambda answer: answer.status_code)
    assert (proposed.status_code, {answer.status_code for answer in others}) == (201, {409})
    [shown] = (await bank.get("/alerts?kind=account_changed", area=BEIJING))["items"]
    assert (shown["release_id"], shown["settled_at"]) == (proposed.json()["id"], None)
    by_one = lifting + ", adjustment_state = 'approved', adjustment_id = (SELECT id FROM adjustment)"  # noqa: S608
    with pytest.raises(DBAPIError, match="fk_order_hold_adjustment"):
        async with bank.database.transaction() as connection:
            await connection.execute(text(by_one))
    assert (await bank.agree(proposed, area=BEIJING, clerk="zhang")).status_code == 403
    rejected = await bank.agree(proposed, area=BEIJING, decision="reject")
    assert (rejected.json()["state"], rejected.json()["alert_id"]) == ("rejected", alert["id"])
    await bank.let_go(alert)
    [shown] = (await bank.get("/alerts?kind=account_changed", area=BEIJING))["items"]
    assert (shown["settled_by"], shown["reason"], shown["release_id"]) == ("li", "已电话核实", None)
    late = await bank.call("POST", f"{path}/release", area=BEIJING, json=why, headers={"If-Match": '"2"'})
    assert late.json()["type"].endswith("/alert-already-settled")


async def _needs_funds(bank: Bank) -> None:
    body = {"hif_acct_type": "2", "use": "shared", "needs_funds": True}
    path = f"/bank-accounts/{BEIJING_OUT}"
    changed = await bank.call("PUT", path, area=BEIJING, json=body, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["returns_leave_from"]) == (200, BEIJING_OUT)


async def _request(bank: Bank, *cases: str) -> Any:
    orders = [(await bank.orders(case))[0] for case in cases]
    made = await bank.call("POST", "/fund-requests", area=BEIJING, clerk="zhang", json=chosen(*orders))
    assert made.status_code == 201, made.text
    path, headers = f"/fund-requests/{made.json()['id']}/decision", {"If-Match": made.headers["ETag"]}
    own = await bank.call("PUT", path, area=BEIJING, clerk="zhang", json={"decision": "approve"}, headers=headers)
    assert own.status_code == 403
    assert own.json()["detail"].startswith("用款申请须由两人办理")
    decided = await bank.call("PUT", path, area=BEIJING, clerk="li", json={"decision": "approve"}, headers=headers)
    assert (decided.status_code, decided.json()["state"]) == (200, "approved")
    return decided.json()


async def test_orders_wait_for_the_treasurys_allotment(bank: Bank) -> None:
    await bank.get("/bank-accounts", area=BEIJING)
    before, case, other = bank.case(), bank.case(), bank.case()
    await bank.payable(before, 100, to="payer")
    await _needs_funds(bank)
    assert await _states(bank, before) == ["awaiting_funds"]
    await bank.payable(case, 250, to="payer")
    await bank.payable(other, 70, to="payer")
    await _request(bank, before, case)
    again = (await bank.orders(case))[0]
    twice = await bank.call("POST", "/fund-requests", area=BEIJING, json=chosen(again))
    assert twice.json()["type"].endswith("/order-needs-no-funds")
    rule = {"name": "财政拨款", "line_class": "treasury_allotment", "direction": "C", "note_words": ["拨款"]}
    body = {"note": "首次设定", "rules": [rule]}
    await bank.call("PUT", "/line-rules", area=BEIJING, json=body, headers={"If-Match": '"0"'})
    await bank.book(camt(BEIJING_OUT, [Move(350, "财政拨款", "999")]), area=BEIJING)
    assert await _states(bank, before, case, other) == ["ready", "ready", "awaiting_funds"]
    assert await bank.balance("expenditure_deposit", area=BEIJING) == "3.50"
    assert await bank.reasons(area=BEIJING) == []
    [funded] = (await bank.get("/fund-requests", area=BEIJING))["items"]
    assert (funded["state"], funded["funded_on"]) == ("funded", DAY.isoformat())
    # The bank takes the allotment back, then shows it after all: what has not left waits for it again.
    await correct(bank, camt(BEIJING_OUT, [Move(340, "财政拨款", "999")]), area=BEIJING)
    assert await _states(bank, before, case) == ["awaiting_funds"] * 2
    await correct(bank, camt(BEIJING_OUT, [Move(350, "财政拨款", "998")]), area=BEIJING)
    assert await _states(bank, before, case, other) == ["ready", "ready", "awaiting_funds"]
    assert await bank.balance("expenditure_deposit", area=BEIJING) == "3.50"
    await bank.release(before, case)
    [order] = await bank.orders(case)
    version = {"If-Match": f'"{order["version"]}"'}
    path, body = f"/payment-orders/{order['id']}", {"reason": "收款账户冻结"}
    refused = await bank.call("POST", f"{path}/rejection", area=BEIJING, json=body, headers=version)
    version = {"If-Match": refused.headers["ETag"]}
    anew = await bank.call("POST", f"{path}/reissue", area=BEIJING, json={"reason": "已解冻"}, headers=version)
    # The money that was allotted for the first order is still on the account.
    assert (anew.status_code, anew.json()["state"]) == (201, "ready")


async def test_a_person_names_the_allotment_where_two_would_do(bank: Bank) -> None:
    await bank.get("/bank-accounts", area=BEIJING)
    await _needs_funds(bank)
    case = bank.case()
    await bank.payable(case, 100, to="payer")
    request = await _request(bank, case)
    rule = {"name": "财政拨款", "line_class": "treasury_allotment", "direction": "C", "note_words": ["拨款"]}
    body = {"note": "首次设定", "rules": [rule]}
    await bank.call("PUT", "/line-rules", area=BEIJING, json=body, headers={"If-Match": '"0"'})
    # What came before it was asked for is other business of the account.
    earlier = DAY - timedelta(days=1)
    await bank.book(camt(BEIJING_OUT, [Move(100, "拨款", "999", on=earlier)], day=earlier), area=BEIJING)
    assert await _states(bank, case) == ["awaiting_funds"]
    bank.clock.advance(days=1)
    day = DAY + timedelta(days=1)
    moves = [Move(100, "拨款", "999", on=day), Move(100, "拨款", "999", on=day), Move(99, "拨款", "999", on=day)]
    report = await bank.book(camt(BEIJING_OUT, moves, day=day, opening=100), area=BEIJING)
    assert await _states(bank, case) == ["awaiting_funds"]
    lines = (await bank.get(f"/statements/{report['id']}/lines", area=BEIJING))["items"]
    path, headers = f"/fund-requests/{request['id']}/allotment", {"If-Match": f'"{request["version"]}"'}
    # The bank takes one of them back: neither it nor what reverses it is an allotment, nor anything else.
    corrected = camt(BEIJING_OUT, [moves[0], moves[2]], day=day, opening=100)
    taken = await correct(bank, corrected, area=BEIJING)
    [mirror] = (await bank.get(f"/statements/{taken['statement_id']}/lines", area=BEIJING))["items"]
    [gone] = taken["gone"]
    [kept] = {lines[0]["id"], lines[1]["id"]} - {gone["line_id"]}
    answers = [
        await bank.call("PUT", path, area=BEIJING, json={"line_id": int(line)}, headers=headers)
        for line in (lines[2]["id"], gone["line_id"], kept)
    ]
    assert [answer.status_code for answer in answers] == [409, 409, 200]
    assert await _states(bank, case) == ["ready"]
    body, headers = {"line_class": "interest", "reason": "不是拨款"}, {"If-Match": '"1"'}
    for line in (kept, gone["line_id"], mirror["id"]):
        refused = await bank.call(
            "POST", f"/statement-lines/{line}/reclassification", area=BEIJING, json=body, headers=headers
        )
        assert code(refused) == (409, "line-not-reclassifiable")


async def test_one_allotment_answers_several_requests_and_what_is_refused_is_asked_anew(bank: Bank) -> None:
    await bank.get("/bank-accounts", area=BEIJING)
    await _needs_funds(bank)
    cases = [bank.case() for _ in range(3)]
    for case, fen in zip(cases, (60, 40, 30), strict=True):
        await bank.payable(case, fen, to="payer")
    requests = [await _request(bank, case) for case in cases]
    rule = {"name": "财政拨款", "line_class": "treasury_allotment", "direction": "C", "note_words": ["拨款"]}
    body: dict[str, Any] = {"note": "首次设定", "rules": [rule]}
    await bank.call("PUT", "/line-rules", area=BEIJING, json=body, headers={"If-Match": '"0"'})
    report = await bank.book(camt(BEIJING_OUT, [Move(100, "拨款", "999")]), area=BEIJING)
    [line] = (await bank.get(f"/statements/{report['id']}/lines", area=BEIJING))["items"]
    answers = [
        await bank.call(
            "PUT",
            f"/fund-requests/{one['id']}/allotment",
            area=BEIJING,
            json={"line_id": int(line["id"])},
            headers={"If-Match": f'"{one["version"]}"'},
        )
        for one in requests
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert await _states(bank, *cases) == ["ready", "ready", "awaiting_funds"]
    path, headers = f"/fund-requests/{requests[2]['id']}/decision", {"If-Match": f'"{requests[2]["version"]}"'}
    body = {"decision": "reject", "reason": "财政本月不再拨款"}
    own = await bank.call("PUT", path, area=BEIJING, clerk="zhang", json=body, headers=headers)
    ended = await bank.call("PUT", path, area=BEIJING, clerk="li", json=body, headers=headers)
    assert (own.status_code, ended.status_code) == (403, 200)
    assert (ended.json()["state"], ended.json()["withdrawn_by"]) == ("withdrawn", "li")
    await _request(bank, cases[2])


async def test_asking_for_funds_does_not_wait_for_an_import_that_holds_the_account(bank: Bank) -> None:
    """The import waits for the matching lock that the request holds: each would wait for the other."""
    await bank.get("/bank-accounts", area=BEIJING)
    await _needs_funds(bank)
    case = bank.case()
    await bank.payable(case, 100, to="payer")
    async with asyncio.timeout(30), bank.database.transaction() as importing:
        await bank_accounts.lock(importing, BEIJING, [BEIJING_OUT])
        await _request(bank, case)
        await lock_matching(importing, [BEIJING])
