"""Payment files through the API: made once, handed out once, and not at all once the bank has answered."""

import hashlib
from datetime import timedelta
from typing import Any

import httpx
import pytest
from lxml import etree
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.contracts.events import PaymentHoldChanged
from tests.integration.ledger.areas import BEIJING, BEIJING_IN, BEIJING_OUT, JINAN, JINAN_IN
from tests.integration.ledger.bank import Bank, chosen
from tests.integration.ledger.test_order_blocks import change_receiver, watch
from tests.unit.ledger.files import Move, camt


async def released_batch(bank: Bank, *cases: str) -> str:
    """A batch of these cases' orders, released by two people; its id."""
    for number, case in enumerate(cases, start=1):
        await bank.payable(case, 100 * number, to="payer")
    await bank.release(*cases)
    [order, *_] = await bank.orders(cases[0])
    return str(order["batch_id"])


async def make(bank: Bank, batch: str, **request: Any) -> httpx.Response:
    return await bank.call("POST", f"/payment-batches/{batch}/files", area=BEIJING, **request)


async def download(bank: Bank, file: dict[str, Any], clerk: str = "zhang", **request: Any) -> httpx.Response:
    return await bank.call("POST", f"/payment-files/{file['id']}/download", area=BEIJING, clerk=clerk, **request)


async def permit(bank: Bank, file: dict[str, Any], clerk: str) -> httpx.Response:
    shown = await bank.call("GET", f"/payment-files/{file['id']}", area=BEIJING)
    path, headers = f"/payment-files/{file['id']}/download-permission", {"If-Match": shown.headers["ETag"]}
    return await bank.call("POST", path, area=BEIJING, clerk=clerk, json={"reason": "上传中断"}, headers=headers)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


async def test_file_is_made_once_and_handed_out_once(bank: Bank) -> None:
    first, second = bank.case(), bank.case()
    await bank.payable(first, 100, to="payer")
    [order] = await bank.orders(first)
    proposed = await bank.call("POST", "/payment-batches", area=BEIJING, json=chosen(order))
    assert code(await make(bank, proposed.json()["id"])) == (409, "payment-batch-not-released")
    await bank.approve(proposed, decision="reject")
    batch = await released_batch(bank, first, second)
    [file] = (await make(bank, batch)).json()
    assert (await make(bank, batch)).json() == [file]
    assert (file["form"], file["order_count"], file["amount"]) == ("pain.001", 2, "3.00")
    answer = await download(bank, file, headers={"Idempotency-Key": "a" * 32})
    assert hashlib.sha256(answer.content).hexdigest() == file["digest"]
    assert answer.headers["Content-Type"] == "application/xml"
    told = [one.text for one in etree.fromstring(answer.content).findall(".//{*}RmtInf/{*}Ustrd")]
    assert sorted(map(str, told)) == sorted(f"{case} 张三" for case in (first, second))
    # Somebody whose connection broke asks again with the same key.
    assert (await download(bank, file, headers={"Idempotency-Key": "a" * 32})).content == answer.content
    assert code(await download(bank, file)) == (409, "payment-file-already-downloaded")
    assert (await permit(bank, file, "li")).status_code == 200
    assert code(await permit(bank, file, "li")) == (409, "payment-file-not-downloaded")
    assert code(await download(bank, file, "li")) == (403, "second-person-required")
    assert (await download(bank, file, "zhang")).content == answer.content
    [shown] = await bank.get(f"/payment-batches/{batch}/files", area=BEIJING)
    steps = [(one["download_no"], one["permitted_by"], one["downloaded_by"]) for one in shown["downloads"]]
    assert steps == [(1, None, "zhang"), (2, "li", "zhang")]
    assert shown["version"] == 5


async def test_each_payer_account_has_a_file_of_its_own(bank: Bank) -> None:
    first, second = bank.case(), bank.case()
    await bank.payable(second, 700, to="payer")
    async with bank.database.transaction() as connection:
        # Sealed while the agency paid from its other account.
        await connection.execute(text("UPDATE payment_order SET payer_bankacct = :other"), {"other": BEIJING_IN})
    batch = await released_batch(bank, first, second)
    files = (await make(bank, batch)).json()
    told = [(one["payer_bankacct"], one["order_count"], one["amount"]) for one in files]
    assert told == [(BEIJING_IN, 1, "7.00"), (BEIJING_OUT, 1, "1.00")]
    contents = [etree.fromstring((await download(bank, file)).content) for file in files]
    assert [one.findtext(".//{*}DbtrAcct//{*}Othr/{*}Id") for one in contents] == [BEIJING_IN, BEIJING_OUT]


async def test_file_is_not_handed_out_once_the_bank_has_paid(bank: Bank) -> None:
    case = bank.case()
    batch = await released_batch(bank, case)
    [file] = (await make(bank, batch)).json()
    await bank.book(camt(BEIJING_OUT, [Move(-100, f"{case} 张三", JINAN_IN)], opening=1000), area=BEIJING)
    assert code(await download(bank, file)) == (409, "payment-file-outdated")
    assert (await make(bank, batch)).json() == [file], "a bank has answered"
    other = bank.case()
    late = await released_batch(bank, other)
    bank.clock.advance(days=1)
    day = bank.clock.now().date()
    paid = camt(BEIJING_OUT, [Move(-100, f"{other} 张三", JINAN_IN, on=day)], opening=900, day=day)
    await bank.book(paid, area=BEIJING)
    assert code(await make(bank, late)) == (409, "payment-batch-empty")
    # Somebody has paid by another way, and not the amount of the order.
    wrong = bank.case()
    by_hand = await released_batch(bank, wrong)
    [file] = (await make(bank, by_hand)).json()
    bank.clock.advance(days=1)
    typed = [Move(-99, f"{wrong} 张三", JINAN_IN, on=day + timedelta(days=1))]
    content = camt(BEIJING_OUT, typed, opening=800, day=day + timedelta(days=1), statement_no="3")
    await bank.book(content, area=BEIJING)
    assert code(await download(bank, file)) == (409, "payment-already-on-statement")


async def test_the_same_download_is_not_repeated_once_the_bank_has_refused(bank: Bank) -> None:
    case = bank.case()
    [file] = (await make(bank, await released_batch(bank, case))).json()
    key = {"Idempotency-Key": "a" * 32}
    assert (await download(bank, file, headers=key)).status_code == 200
    [order] = await bank.orders(case)
    headers, note = {"If-Match": f'"{order["version"]}"'}, {"reason": "网银显示户名不符"}
    path = f"/payment-orders/{order['id']}/rejection"
    assert (await bank.call("POST", path, area=BEIJING, json=note, headers=headers)).status_code == 200
    assert code(await download(bank, file, headers=key)) == (409, "payment-file-outdated")


async def refuse(bank: Bank, case: str, what: str = "rejection") -> None:
    """Somebody notes that an order is not to be paid, or takes that back."""
    [order] = await bank.orders(case)
    headers, note = {"If-Match": f'"{order["version"]}"'}, {"reason": "本人异议，未发送"}
    answer = await bank.call("POST", f"/payment-orders/{order['id']}/{what}", area=BEIJING, json=note, headers=headers)
    assert answer.status_code == 200, answer.text


async def test_a_file_that_nobody_took_is_made_anew_without_what_was_refused(bank: Bank) -> None:
    first, second, third = cases = [bank.case() for _ in range(3)]
    batch = await released_batch(bank, *cases)
    [whole] = (await make(bank, batch)).json()
    await refuse(bank, second)
    bank.clock.advance(minutes=1)
    assert code(await download(bank, whole)) == (409, "payment-file-outdated")
    _, rest = files = (await make(bank, batch)).json()
    assert [(one["order_count"], one["amount"]) for one in files] == [(3, "6.00"), (2, "4.00")]
    assert (await make(bank, batch)).json() == files
    # The first is never sent any more, whatever becomes of what was refused: that goes by a file of its own.
    await refuse(bank, second, "rejection-withdrawal")
    bank.clock.advance(minutes=1)
    assert code(await download(bank, whole)) == (409, "payment-file-outdated")
    third_file = (await make(bank, batch)).json()[2]
    sent = [await download(bank, file) for file in (rest, third_file)]
    told = [[one.text for one in etree.fromstring(each.content).findall(".//{*}EndToEndId")] for each in sent]
    assert [sorted(map(str, each)) for each in told] == [sorted([f"{first}-1", f"{third}-1"]), [f"{second}-1"]]
    await refuse(bank, first)
    assert len((await make(bank, batch)).json()) == 3, "what was taken is not made anew"
    async with bank.database.connection() as connection:
        forced = "INSERT INTO payment_download VALUES (:file, 1, NULL, NULL, NULL, 'zhang', now())"
        with pytest.raises(DBAPIError, match="leaves in another one"):
            await connection.execute(text(forced), {"file": whole["id"]})


@pytest.mark.law("N8", "S53-2")
async def test_a_released_payment_that_is_held_or_whose_account_has_changed_does_not_leave(bank: Bank) -> None:
    batch = await released_batch(bank, bank.case(), bank.case(), bank.case())
    # What is held is named by its place in the batch, also where the bank has refused one before it.
    orders = (await bank.get(f"/payment-batches/{batch}", area=BEIJING))["orders"]
    _, other, case = (order["rlts_traf_id"] for order in orders)
    headers = {"If-Match": f'"{orders[0]["version"]}"'}
    path, note = f"/payment-orders/{orders[0]['id']}/rejection", {"reason": "网银显示户名不符"}
    assert (await bank.call("POST", path, area=BEIJING, json=note, headers=headers)).status_code == 200
    lane = (case, f"outbound.{BEIJING}", f"ledger.{BEIJING}")
    await bank.receive(PaymentHoldChanged(is_held=True, reason="本人来电异议"), *lane)
    held = await make(bank, batch)
    assert code(held) == (409, "payment-file-held")
    [order] = await bank.orders(case)
    [named] = held.json()["errors"]
    assert (named["pointer"], order["id"] in named["message"]) == ("/orders/2", True)
    await bank.receive(PaymentHoldChanged(is_held=False, reason="已核实"), *lane)
    [file] = (await make(bank, batch)).json()
    [left] = (await make(bank, await released_batch(bank, bank.case()))).json()
    key = {"Idempotency-Key": "a" * 32}
    assert (await download(bank, left, headers=key)).status_code == 200
    await change_receiver(bank)
    held = await download(bank, file)
    assert (code(held), [named["pointer"] for named in held.json()["errors"]]) == (
        (409, "payment-file-held"),
        ["/orders/1", "/orders/2"],
    )
    await watch(bank)
    await watch(bank)
    [alert] = (await bank.get("/alerts", area=BEIJING))["items"]
    assert (alert["kind"], alert["held_count"], alert["left_count"]) == ("account_changed", 3, 1)
    assert code(await download(bank, left, headers=key)) == (409, "payment-file-held")
    assert [(await bank.orders(each))[0]["state"] for each in (case, other)] == ["released", "released"]
    assert code(await download(bank, file)) == (409, "payment-file-held")
    await bank.let_go(alert)
    assert (await download(bank, file)).status_code == 200
    assert (await download(bank, left, headers=key)).status_code == 200


async def test_what_has_left_is_counted_under_every_name_of_its_account(bank: Bank) -> None:
    async def leave() -> None:
        [file] = (await make(bank, await released_batch(bank, bank.case()))).json()
        assert (await download(bank, file)).status_code == 200

    await leave()
    await change_receiver(bank, is_added=True, acctname="济南市医疗保险事业中心")
    await leave()
    await change_receiver(bank)
    await watch(bank)
    [alert] = (await bank.get("/alerts", area=BEIJING))["items"]
    assert (alert["held_count"], alert["left_count"], alert["held_amount"]) == (2, 2, "2.00")


async def test_account_is_set_to_its_banks_template(bank: Bank) -> None:
    await bank.get("/bank-accounts", area=BEIJING)
    path, body = f"/bank-accounts/{BEIJING_OUT}", {"hif_acct_type": "2", "use": "shared", "payment_form": "rcb"}
    unknown = await bank.call(
        "PUT", path, area=BEIJING, json=body | {"payment_form": "abc"}, headers={"If-Match": '"1"'}
    )
    assert code(unknown) == (422, "payment-form-unknown")
    changed = await bank.call("PUT", path, area=BEIJING, json=body, headers={"If-Match": '"1"'})
    assert changed.json()["payment_form"] == "rcb"
    case = bank.case()
    # 䶮 as a database in GBK keeps it: the bank gets the character itself.
    await bank.payable(case, 100, to="payer", name="张\ue863")
    await bank.release(case)
    [order] = await bank.orders(case)
    [file] = (await make(bank, order["batch_id"])).json()
    assert (file["form_name"], file["media_type"]) == ("农商行批量转账（版式为假定）", "text/csv")
    answer = await download(bank, file)
    _, row = answer.content.decode("gb18030").splitlines()
    assert row == f"1,{BEIJING_OUT},{JINAN_IN},济南医保中心,102451000018,某某银行,1.00,{case} 张䶮"
    assert (await bank.call("GET", f"/payment-files/{file['id']}", area=JINAN)).status_code == 404
