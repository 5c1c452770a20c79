"""Payments that the bank refuses: reported, noted, paid anew, and never paid or counted twice."""

from typing import Any

import httpx
import pytest
from lxml import etree

from shared.contracts.events import BalanceVoided
from tests.integration.ledger.areas import BEIJING, BEIJING_OUT, JINAN, JINAN_IN
from tests.integration.ledger.bank import Bank, chosen
from tests.integration.ledger.desk import step, waiting
from tests.integration.ledger.test_order_blocks import change_receiver
from tests.integration.ledger.test_payment_files import code, make, released_batch
from tests.unit.ledger.files import Move, camt
from tests.unit.ledger.status_reports import Told, pain002


async def report(bank: Bank, content: bytes) -> dict[str, Any]:
    """What came of a pain.002, with its lines."""
    answer = await send(bank, content)
    assert answer.status_code == 202, answer.text
    shown: dict[str, Any] = answer.json()
    page = await bank.get(f"/payment-status-reports/{shown['id']}/lines", area=BEIJING)
    return shown | {"lines": page["items"]}


async def send(bank: Bank, content: bytes) -> httpx.Response:
    headers = {"Content-Type": "application/xml"}
    return await bank.call("POST", "/payment-status-reports", area=BEIJING, content=content, headers=headers)


async def change(bank: Bank, order: dict[str, Any], what: str, body: dict[str, Any] | None = None) -> httpx.Response:
    headers = {"If-Match": f'"{order["version"]}"'}
    options: dict[str, Any] = {} if body is None else {"json": body}
    path = f"/payment-orders/{order['id']}/{what}"
    return await bank.call("POST", path, area=BEIJING, clerk="zhang", headers=headers, **options)


async def reissue(bank: Bank, order: dict[str, Any]) -> httpx.Response:
    return await change(bank, order, "reissue", {"reason": "收款账户已恢复"})


async def debit(bank: Bank, fen: int, note: str = "", e2e: str | None = None, *, opening: int = 1000) -> None:
    """The next day's statement takes ``fen`` out."""
    bank.clock.advance(days=1)
    day = bank.clock.now().date()
    moves = [Move(-fen, note, JINAN_IN, e2e=e2e, on=day)]
    await bank.book(camt(BEIJING_OUT, moves, opening=opening, day=day, statement_no=f"{day:%m%d}"), area=BEIJING)


async def states(bank: Bank, case: str) -> list[str]:
    """Of the orders of a case, by attempt."""
    return [one["state"] for one in sorted(await bank.orders(case), key=lambda one: int(one["attempt"]))]


async def alerts(bank: Bank) -> list[tuple[str, str]]:
    page = await bank.get("/alerts?is_open=true", area=BEIJING)
    return [(item["kind"], item["subject"]) for item in page["items"] if item["kind"] != "statement_gap"]


async def rejected(bank: Bank, case: str) -> dict[str, Any]:
    """The one order of a case, released and refused by the bank."""
    await released_batch(bank, case)
    await report(bank, pain002([Told(f"{case}-1")], message_id=f"R-{case}"))
    [order] = await bank.orders(case)
    assert order["state"] == "rejected"
    return order


async def ties(bank: Bank) -> bool:
    day = bank.clock.now().date()
    shown = await bank.get(f"/reconciliations/{BEIJING}/{day}", area=BEIJING)
    return bool(shown["adds_up"])


@pytest.mark.law("N8", "S53-2")
async def test_report_rejects_line_by_line_and_the_same_again_changes_nothing(bank: Bank) -> None:
    first, second, other = bank.case(), bank.case(), bank.case()
    await released_batch(bank, first, second)
    await bank.payable(other, 100, to="payer")
    told = [
        Told(f"{first}-1", "RJCT", "AC04", amount="1.00"),
        Told(f"{second}-1", "ACSC", None),
        Told(f"{other}-1", "ACSP", None),
        Told("UNKNOWN"),
    ]
    content = pain002(told)
    shown = await report(bank, content)
    assert [line["outcome"] for line in shown["lines"]] == ["rejected", "noted", "not_released", "unknown_reference"]
    assert [line["reason"] for line in shown["lines"]] == ["账户已销户", "", "", "账户已销户"]
    assert (await report(bank, content))["id"] == shown["id"]
    [order], [settled] = await bank.orders(first), await bank.orders(second)
    assert (order["state"], order["rejection"]["text"], order["rejection"]["by"]) == ("rejected", "账户已销户", "bank")
    # Told as settled, but only a statement moves the books.
    assert (settled["state"], settled["bank_status"]) == ("released", "ACSC")
    assert await alerts(bank) == [("bank_answer", f"{other}-1")]
    restated = await send(bank, content.replace(b"AC04", b"AC06"))
    assert code(restated) == (422, "status-report-restated")
    assert code(await send(bank, b"<html>")) == (422, "statement-not-readable")
    assert await bank.count("status_report") == 1
    # Another bank has given the same number to its report on another file.
    [line] = (await report(bank, pain002([Told("UNKNOWN")], original="E" * 32)))["lines"]
    assert line["outcome"] == "unknown_reference"
    assert (await bank.call("GET", f"/payment-status-reports/{shown['id']}", area=JINAN)).status_code == 404


async def test_report_on_a_whole_file_rejects_what_it_holds(bank: Bank) -> None:
    first, second = bank.case(), bank.case()
    [file] = (await make(bank, await released_batch(bank, first, second))).json()
    original = file["id"].replace("-", "")
    shown = await report(bank, pain002([Told(f"{first}-1", "RJCT", "BE01")], original=original, group="RJCT"))
    assert sorted(line["reason"] for line in shown["lines"]) == sorted(["户名与账号不符", "银行拒绝，未说明原因"])
    assert [(await bank.orders(case))[0]["state"] for case in (first, second)] == ["rejected", "rejected"]
    unknown = await report(bank, pain002([], group="RJCT", message_id="R2"))
    assert [line["outcome"] for line in unknown["lines"]] == ["unknown_reference"]


async def test_rejected_payment_is_paid_anew_once(bank: Bank) -> None:
    case = bank.case()
    order = await rejected(bank, case)
    made = await reissue(bank, order)
    assert made.status_code == 201, made.text
    anew = made.json()
    assert (anew["end_to_end_id"], anew["reissue_of"], anew["attempt"]) == (f"{case}-1-R2", order["id"], 2)
    assert (anew["amount"], anew["payee_bankacct"], anew["state"]) == ("1.00", JINAN_IN, "ready")
    assert code(await reissue(bank, order)) == (409, "payment-order-already-reissued")
    await bank.release(case)
    assert code(await change(bank, order, "rejection-withdrawal", {"reason": "银行确认已付"})) == (
        409,
        "payment-reissue-released",
    )
    await debit(bank, 100, f"{case} 张三", f"{case}-1-R2")
    assert await states(bank, case) == ["rejected", "paid"]
    assert [one["state"] for one in await bank.obligations(case, area=BEIJING)] == ["paid"]
    assert await bank.balance("transfer_expenditure", area=BEIJING) == "1.00"
    assert (await alerts(bank), await ties(bank)) == ([], True)
    newest = await report(bank, pain002([Told(f"{case}-1-R2")], message_id="late"))
    assert [line["outcome"] for line in newest["lines"]] == ["contradicts"]
    assert await states(bank, case) == ["rejected", "paid"]


@pytest.mark.parametrize("is_named", [True, False], ids=["names the first", "names the case"])
async def test_late_debit_after_the_second_was_paid_is_never_counted(bank: Bank, *, is_named: bool) -> None:
    case = bank.case()
    await reissue(bank, await rejected(bank, case))
    await bank.release(case)
    await debit(bank, 100, f"{case} 张三", f"{case}-1-R2" if is_named else None)
    await debit(bank, 100, f"{case} 张三", f"{case}-1" if is_named else None, opening=900)
    assert await bank.reasons(area=BEIJING) == ["paid_after_rejection" if is_named else "already_settled"]
    [(kind, _)] = await alerts(bank)
    assert kind == "debited_twice"
    assert await bank.balance("transfer_expenditure", area=BEIJING) == "1.00"
    assert await bank.balance("temporary_payments", area=BEIJING) == "1.00"
    assert await ties(bank)
    assert await bank.count("claim") == 1


@pytest.mark.parametrize("is_named", [True, False], ids=["names the first", "names the case"])
async def test_late_debit_before_the_second_left_stops_it_and_is_the_payment(bank: Bank, *, is_named: bool) -> None:
    case = bank.case()
    order = await rejected(bank, case)
    anew = (await reissue(bank, order)).json()
    await debit(bank, 100, f"{case} 张三", f"{case}-1" if is_named else None)
    assert await bank.reasons(area=BEIJING) == ["paid_after_rejection"]
    assert [kind for kind, _ in await alerts(bank)] == ["debited_twice"]
    proposed = await bank.call("POST", "/payment-batches", area=BEIJING, json=chosen(anew))
    assert code(proposed) == (409, "payment-already-on-statement")
    withdrawn = await change(bank, order, "rejection-withdrawal", {"reason": "银行确认已付"})
    assert (withdrawn.status_code, withdrawn.json()["state"]) == (200, "paid")
    history = [(one["what"], one["by"]) for one in withdrawn.json()["history"]]
    assert history == [("rejected", "bank"), ("reissued", "zhang"), ("rejection_withdrawn", "zhang")]
    assert await states(bank, case) == ["paid", "cancelled"]
    assert (await bank.reasons(area=BEIJING), await alerts(bank)) == ([], [])
    assert await bank.balance("transfer_expenditure", area=BEIJING) == "1.00"
    assert await ties(bank)


async def test_bank_that_contradicts_itself_holds_what_pays_anew(bank: Bank) -> None:
    case, other = bank.case(), bank.case()
    first, second = await rejected(bank, case), await rejected(bank, other)
    anew = (await reissue(bank, first)).json()
    made = await bank.call("POST", "/payment-batches", area=BEIJING, json=chosen(anew))
    settled = [Told(f"{case}-1", "ACSC", None), Told(f"{other}-1", "ACSC", None)]
    shown = await report(bank, pain002(settled, message_id="R2"))
    assert [line["outcome"] for line in shown["lines"]] == ["contradicts", "contradicts"]
    assert (await bank.approve(made)).status_code == 412
    assert await states(bank, case) == ["rejected", "held"]
    [second] = await bank.orders(other)
    assert code(await reissue(bank, second)) == (409, "payment-bank-contradicts-itself")
    for item in (await bank.get("/alerts?is_open=true", area=BEIJING))["items"]:
        await bank.let_go(item)
    assert await states(bank, case) == ["rejected", "ready"]
    assert (await reissue(bank, second)).status_code == 201


async def test_account_that_has_changed_since_sealing_holds_what_pays_anew(bank: Bank) -> None:
    order = await rejected(bank, bank.case())
    await change_receiver(bank)
    anew = (await reissue(bank, order)).json()
    assert (anew["state"], anew["payee_bankacct"]) == ("held", JINAN_IN)
    assert [kind for kind, _ in await alerts(bank)] == ["account_changed"]


async def test_refusal_is_noted_by_hand_where_the_bank_sends_no_report(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100, to="payer")
    [order] = await bank.orders(case)
    note = {"reason": "网银显示户名不符", "code": "BE01"}
    assert code(await change(bank, order, "rejection", note)) == (409, "payment-order-not-rejectable")
    await bank.release(case)
    [order] = await bank.orders(case)
    done = (await change(bank, order, "rejection", note)).json()
    assert (done["state"], done["rejection"]["by"]) == ("rejected", "zhang")
    assert done["rejection"]["text"] == "户名与账号不符：网银显示户名不符"
    assert code(await change(bank, order, "reissue", {"reason": "重付"})) == (412, "precondition-failed")


async def test_newer_sheet_after_a_rejection_owes_the_whole_and_ends_the_first(bank: Bank) -> None:
    case = bank.case()
    order = await rejected(bank, case)
    await bank.payable(case, 130, to="payer", version=2, obligation_no="2")
    newest, oldest = await bank.obligations(case, area=BEIJING)
    assert (newest["due"], newest["order_state"]) == ("1.30", "ready")
    assert (oldest["state"], oldest["order_state"]) == ("cancelled", "rejected")
    assert code(await reissue(bank, order)) == (409, "payment-obligation-closed")
    # Else a debit would pay what is cancelled, beside what is owed now.
    taken_back = await change(bank, order, "rejection-withdrawal", {"reason": "银行确认已付"})
    assert code(taken_back) == (409, "payment-obligation-closed")
    # The bank may have paid the first after all: what the newer one owes waits until two people have looked.
    await report(bank, pain002([Told(f"{case}-1", "ACSC", None)], message_id="R2"))
    assert [one["state"] for one in await bank.orders(case)] == ["held", "rejected"]
    await bank.payable(case, 120, to="payer", version=3, obligation_no="3")
    assert [one["state"] for one in await bank.orders(case)] == ["held", "cancelled", "rejected"]
    [item] = (await bank.get("/alerts?is_open=true", area=BEIJING))["items"]
    await bank.let_go(item)
    assert [one["state"] for one in await bank.orders(case)] == ["ready", "cancelled", "rejected"]


@pytest.mark.law("N8", "S53-2")
async def test_rejection_after_a_newer_sheet_or_the_end_leaves_only_what_the_last_word_owes(bank: Bank) -> None:
    less, more, ended = bank.case(), bank.case(), bank.case()
    await released_batch(bank, less, more, ended)
    await bank.payable(less, 80, to="payer", version=2, obligation_no="2")
    await bank.payable(more, 230, to="payer", version=2, obligation_no="2")
    voided = BalanceVoided(obligation_no="900", reason="死亡")
    await bank.receive(voided, ended, f"outbound.{BEIJING}", f"ledger.{BEIJING}")
    due = [(await bank.obligations(case, area=BEIJING))[0] for case in (less, more, ended)]
    assert [(one["direction"], one["due"]) for one in due] == [("return", "0.20"), ("pay", "0.30"), ("return", "3.00")]
    await report(bank, pain002([Told(f"{case}-1") for case in (less, more, ended)]))
    due = [(await bank.obligations(case, area=BEIJING))[0] for case in (less, more, ended)]
    assert [(one["direction"], one["due"]) for one in due] == [("pay", "0.80"), ("pay", "0.30"), ("nothing", "0.00")]
    found = [[one["state"] for one in await bank.orders(case)] for case in (less, more, ended)]
    assert found == [["ready", "rejected"], ["ready", "rejected"], ["rejected"]]
    anew = []
    for case in (less, more, ended):
        [order] = [one for one in await bank.orders(case) if one["state"] == "rejected"]
        anew.append((await reissue(bank, order)).status_code)
    assert anew == [409, 201, 409]


async def test_return_to_a_payer_leaves_in_a_file_and_is_ordered_anew_when_refused(bank: Bank) -> None:
    [item] = await waiting(bank, Move(500, "误付", BEIJING_OUT))
    [order] = (await step(bank, "POST", item, "return", {"reason": "核实为误付"})).json()["returns"]
    proposed = await bank.call("POST", "/payment-batches", json=chosen(order))
    await bank.approve(proposed, area=JINAN)
    [file] = (await bank.call("POST", f"/payment-batches/{proposed.json()['id']}/files")).json()
    content = (await bank.call("POST", f"/payment-files/{file['id']}/download")).content
    told = etree.fromstring(content)
    assert [told.findtext(f".//{{*}}{name}") for name in ("EndToEndId", "InstdAmt", "Ustrd")] == [
        order["end_to_end_id"],
        "5.00",
        order["remittance_note"],
    ]
    refused = pain002([Told(order["end_to_end_id"])], original=file["id"].replace("-", ""))
    headers = {"Content-Type": "application/xml"}
    await bank.call("POST", "/payment-status-reports", content=refused, headers=headers)
    [rejected] = [one for one in (await bank.get("/payment-orders"))["items"] if one["id"] == order["id"]]
    assert (rejected["state"], rejected["reissue_of"]) == ("rejected", None)
    version = {"If-Match": f'"{rejected["version"]}"'}
    for what, body in (("reissue", {"reason": "重付"}), ("rejection-withdrawal", {"reason": "已付"})):
        answer = await bank.call("POST", f"/payment-orders/{order['id']}/{what}", headers=version, json=body)
        assert code(answer) == (409, "payment-return-made-anew")
    again = await step(bank, "POST", await bank.get(f"/suspense/{item['line']['id']}"), "return", {"reason": "重付"})
    assert again.status_code == 201, again.text
    assert len({one["end_to_end_id"] for one in again.json()["returns"]}) == 2
