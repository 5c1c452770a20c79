"""The lists of a report, and that they are what its figures add up."""

from typing import Any

from shared.money import format_yuan, parse_yuan
from tests.integration.ledger.bank import Bank


async def require_lists_add_up(bank: Bank, area: str, path: str) -> None:
    """Every total of a report, by reason, age, kind and what is carried, is the sum of the list's items."""
    report = await bank.get(path, area=area)
    found = {}
    for section in report["sections"]:
        items = found[section["section"]] = await listed(bank, area, f"{path}/lists/{section['section']}")
        assert items[: len(section["items"])] == section["items"]
        assert (section["count"], section["total"]) == (len(items), total(items)), (path, section)
        carried = [item for item in items if item["is_carried"]]
        assert (section["carried"], section["carried_total"]) == (len(carried), total(carried))
        for name, groups in (("age", section["ages"]), ("reason", section["reasons"])):
            for group in groups:
                same = [item for item in items if item[name] in (group.get("code"), group.get("reason"))]
                assert (group["count"], group["amount"]) == (len(same), total(same)), (path, section["section"], group)
    for one in report["expectations"]:
        matched, still = (
            [item for item in found[name] if item["kind"] == one["kind"] and item["obligation_no"] is not None]
            for name in ("matched", "business_without_money")
        )
        assert (one["matched"], one["matched_amount"]) == (len(matched), total(matched)), path
        assert (one["open"], one["open_amount"]) == (len(still), total(still)), path


async def listed(bank: Bank, area: str, path: str) -> list[dict[str, Any]]:
    """All items of a list, in pages of four."""
    items, query = [], "?limit=4"
    while True:
        page = await bank.get(path + query, area=area)
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        query = f"?limit=4&cursor={page['next_cursor']}"


def total(items: list[dict[str, Any]]) -> str:
    """What items add up to, as it is written."""
    return format_yuan(sum(parse_yuan(item["amount"]) for item in items))
