"""What a clerk does with an item that waits, and how it stands."""

from typing import Any

from tests.integration.ledger.areas import JINAN_IN
from tests.integration.ledger.bank import Bank
from tests.unit.ledger.files import Move, camt


async def waiting(bank: Bank, *moves: Move) -> list[dict[str, Any]]:
    """The items of a statement of Jinan's account, oldest first, each as one item."""
    await bank.book(camt(JINAN_IN, list(moves)))
    page = await bank.get("/suspense?limit=500")
    return [await bank.get(f"/suspense/{line['id']}") for line in page["items"]]


async def step(bank: Bank, method: str, item: dict[str, Any], what: str, body: dict[str, Any], **request: Any) -> Any:
    """A clerk's step for an item as ``item`` shows it."""
    headers = {"If-Match": f'"{item["version"]}"'}
    return await bank.call(method, f"/suspense/{item['line']['id']}/{what}", json=body, headers=headers, **request)


async def item_of(bank: Bank, line_id: str, **request: Any) -> dict[str, Any]:
    found: dict[str, Any] = await bank.get(f"/suspense/{line_id}", **request)
    return found
