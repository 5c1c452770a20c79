"""What clerks do with money that waits: each step is one person's, for the item as he has seen it, and is kept."""

from typing import Any

import pytest

from tests.integration.ledger.areas import BEIJING, BEIJING_OUT, JINAN, JINAN_IN
from tests.integration.ledger.bank import Bank
from tests.unit.ledger.files import DAY, Move, camt

pytestmark = pytest.mark.law("S53-2")


async def waiting(bank: Bank, *moves: Move) -> list[dict[str, Any]]:
    """The items of a statement of Jinan's account, oldest first, each as one item."""
    await bank.book(camt(JINAN_IN, list(moves)))
    page = await bank.get("/suspense?limit=500")
    return [await bank.get(f"/suspense/{line['id']}") for line in page["items"]]


async def step(bank: Bank, method: str, item: dict[str, Any], what: str, body: dict[str, Any], **request: Any) -> Any:
    """A clerk's step for an item as ``item`` shows it."""
    headers = {"If-Match": f'"{item["version"]}"'}
    return await bank.call(method, f"/suspense/{item['line']['id']}/{what}", json=body, headers=headers, **request)


async def test_an_item_is_assigned_and_commented_on_with_every_step_kept(bank: Bank) -> None:
    case = bank.case()
    [item] = await waiting(bank, Move(100, f"{case} 张三", BEIJING_OUT))
    assert (item["reason"], item["assigned_to"], item["left"], item["events"]) == ("awaiting_sheet", None, "1.00", [])
    given = await step(bank, "PUT", item, "assignment", {"assigned_to": "li", "reason": "熟悉北京业务"})
    assert (given.status_code, given.json()["assigned_to"]) == (200, "li")
    assert (await step(bank, "POST", item, "comments", {"comment": "已致电"})).status_code == 412
    bank.clock.advance(days=3)
    noted = await step(bank, "POST", given.json(), "comments", {"comment": "北京说周五出表"}, clerk="li")
    assert (noted.status_code, noted.json()["age_days"]) == (201, 3)
    assert [(one["what"], one["by"], one["reason"]) for one in noted.json()["events"]] == [
        ("commented", "li", "北京说周五出表"),
        ("assigned", "zhang", "熟悉北京业务"),
    ]
    assert noted.json()["events"][1]["detail"] == {"from": None, "to": "li"}
    path = f"/suspense/{item['line']['id']}"
    assert len((await bank.get(f"{path}/events?limit=1"))["items"]) == 1
    assert [line["id"] for line in (await bank.get("/suspense?assigned_to=li"))["items"]] == [item["line"]["id"]]
    assert (await bank.get("/suspense?assigned_to=wang"))["items"] == []
    assert (await bank.call("GET", path, area=BEIJING)).status_code == 404
    await bank.payable(case, 100)
    settled = await bank.get(path)
    assert (settled["settled_on"] is not None, settled["next_step"], settled["left"]) == (True, None, "0.00")
    late = await step(bank, "POST", settled, "comments", {"comment": "晚了"})
    assert late.json()["type"].endswith("/suspense-settled")
    assert (await bank.get(f"/reconciliations/{JINAN}/{DAY}"))["adds_up"]
