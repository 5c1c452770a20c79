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


def require_brought_forward(before: dict[str, Any], report: dict[str, Any]) -> None:
    """A report brings forward what the one ``before`` carried forward; what was added and settled is what differs
    between their lists, item by item.
    """
    was, now = _open_items(before), _open_items(report)
    movements = {(one["section"], one["kind"]): one for one in report["open_items"]}
    assert movements.keys() == {key[:2] for key in (*was, *now)}
    for place, one in movements.items():
        first, last = ({key: fen for key, fen in items.items() if key[:2] == place} for items in (was, now))
        both = first.keys() & last.keys()
        more = sum(max(fen - first.get(key, 0), 0) for key, fen in last.items())
        less = sum(max(fen - last.get(key, 0), 0) for key, fen in first.items())
        assert (one["brought"], one["brought_amount"]) == (len(first), format_yuan(sum(first.values()))), one
        assert (one["added"], one["added_amount"]) == (len(last) - len(both), format_yuan(more)), one
        assert (one["settled"], one["settled_amount"]) == (len(first) - len(both), format_yuan(less)), one
        carried = (one["carried_forward"], one["carried_forward_amount"])
        assert carried == (len(last), format_yuan(sum(last.values()))), one


def _open_items(report: dict[str, Any]) -> dict[tuple[str, ...], int]:
    """What stands open, by list, kind and what tells the item from others; all of it stands on the first pages."""
    names = ("line_id", "rlts_traf_id", "obligation_no", "on")
    found = {}
    for section in report["sections"]:
        assert section["next_cursor"] is None
        for item in section["items"] if section["section"] != "matched" else ():
            key = (section["section"], item["kind"], *(item[name] for name in names))
            found[key] = parse_yuan(item["amount"])
    return found
