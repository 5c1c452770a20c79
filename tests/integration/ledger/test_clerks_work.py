"""What clerks do with money that waits: each step is one person's, for the item as he has seen it, and is kept."""

import pytest

from tests.integration.ledger.areas import BEIJING, BEIJING_OUT, JINAN
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.desk import step, waiting
from tests.unit.ledger.files import DAY, Move

pytestmark = pytest.mark.law("S53-2")


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
