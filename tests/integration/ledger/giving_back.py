"""Money on its way back to who paid it: ordered, released, paid by the bank, or refused."""

from datetime import timedelta
from typing import Any

from tests.integration.ledger.areas import JINAN
from tests.integration.ledger.bank import Bank, chosen
from tests.integration.ledger.desk import item_of, step
from tests.unit.ledger.files import DAY, Move
from tests.unit.ledger.status_reports import Told, pain002

WHY = {"reason": "核实为误付"}
NEXT = DAY + timedelta(days=1)


async def give_back(bank: Bank, item: dict[str, Any], **body: Any) -> dict[str, Any]:
    """The return that a clerk orders of an item, released by two people."""
    made = await step(bank, "POST", item, "return", WHY | body)
    assert made.status_code == 201, made.text
    bank.clock.advance(days=1)
    order = made.json()["returns"][0]
    await release(bank, order)
    return dict(order)


async def release(bank: Bank, order: dict[str, Any]) -> None:
    batch = await bank.call("POST", "/payment-batches", json=chosen(order))
    assert batch.status_code == 201, batch.text
    assert (await bank.approve(batch, area=JINAN)).status_code == 200


def debit(order: dict[str, Any], **changes: Any) -> Move:
    """What the bank shows when it has paid an order."""
    values = {"note": order["remittance_note"], "other": order["payee_bankacct"], "on": NEXT} | changes
    return Move(-int(order["amount"].replace(".", "")), **values)


async def refuse(bank: Bank, item: dict[str, Any]) -> None:
    """The bank has refused the last return of an item; a clerk notes it."""
    order = (await item_of(bank, item["line"]["id"]))["returns"][0]
    body, headers = {"reason": "账号不符"}, {"If-Match": f'"{order["version"]}"'}
    refused = await bank.call("POST", f"/payment-orders/{order['id']}/rejection", json=body, headers=headers)
    assert refused.status_code == 200, refused.text


async def told(bank: Bank, *answers: Told, number: str = "R1") -> None:
    """The bank's report on payments of Jinan."""
    content, headers = pain002(list(answers), message_id=number), {"Content-Type": "application/xml"}
    taken = await bank.call("POST", "/payment-status-reports", content=content, headers=headers)
    assert taken.status_code == 202, taken.text


async def ties(bank: Bank, *days: Any) -> bool:
    reports = [await bank.get(f"/reconciliations/{JINAN}/{day}") for day in days]
    return all(report["adds_up"] for report in reports)
