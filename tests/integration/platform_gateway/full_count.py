"""The statistics counted in full, case by case in Python: what the rolled up sums are checked against."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.clock import SHANGHAI, local_date
from shared.months import month_of
from tests.integration.platform_gateway.gateway import Gateway

Row = Mapping[str, Any]
STATES = {"checking": "applied"} | {
    state: state for state in ("accepted", "refused", "withdrawn", "terminated", "completed")
}
OWED = ("awaiting_payment", "paid", "received", "matched", "mismatched", "returned_to_payer")
_COUNTED = {"paid": "paid", "credited": "credited", "returned": "sent_back"}


@dataclass
class Told:
    """A case with everything that was ever noted of it."""

    case: Row
    history: list[Row]
    clocks: list[Row]
    sheets: list[Row]
    facts: list[Row]
    addenda: list[Row]

    @property
    def counties(self) -> tuple[str, str]:
        sides = (self.case["outbound_check"], self.case["inbound_check"])
        first, second = (side["facts"]["relations"][0]["insu_admdvs"] for side in sides)
        return first, second


async def told(gateway: Gateway) -> list[Told]:
    """Everything that the platform holds."""
    found = {
        row["rlts_traf_id"]: Told(row, [], [], [], [], []) for row in await gateway.rows("SELECT * FROM transfer_case")
    }
    for name, table in (
        ("history", "case_history"),
        ("clocks", "deadline"),
        ("sheets", "sheet"),
        ("facts", "money_fact"),
        ("addenda", "addendum"),
    ):
        for row in await gateway.rows(f"SELECT * FROM {table}"):  # noqa: S608 - our own names
            getattr(found[row["rlts_traf_id"]], name).append(row)
    return list(found.values())


def flows(cases: Iterable[Told], months: Container[int]) -> Counter[str]:
    """Measures of ``months`` (``YYYYMM`` as numbers)."""
    found: Counter[str] = Counter()
    for each in cases:
        for measure, day, amount in _happened(each):
            if int(month_of(day)) in months:
                found[measure] += 1
                if amount is not None:
                    found[f"{measure}_amount"] += amount
    return found


def standing(cases: Iterable[Told], today: date) -> Counter[str]:
    """What stands now."""
    found: Counter[str] = Counter()
    for each in cases:
        for clock in each.clocks:
            if clock["stopped_at"] is None:
                found[f"{clock['kind']}_{'overdue' if clock['due_on'] < today else 'running'}"] += 1
        state = each.case["money_state"]
        if each.sheets and state in OWED and each.case["state"] not in ("refused", "withdrawn", "terminated"):
            credited = sum(fact["amount"] for fact in each.facts if fact["kind"] == "credited")
            added = sum(addendum["amount"] for addendum in each.addenda)
            found[f"owed_{state}"] += 1
            found[f"owed_{state}_amount"] += max(0, each.sheets[-1]["amount"] + added - credited)
    return found


def _happened(each: Told) -> Iterable[tuple[str, date, int | None]]:
    yield from _moves(each)
    if each.case["closed_at"]:
        yield "closed", _day(each.case["closed_at"]), None
    for clock in each.clocks:
        if clock["stopped_at"] is not None:
            yield from _stopped(each, clock)
    for fact in each.facts:
        if fact["kind"] in _COUNTED:
            yield _COUNTED[fact["kind"]], fact["booked_on"], fact["amount"]


def _moves(each: Told) -> Iterable[tuple[str, date, None]]:
    seen = set()
    for entry in sorted(each.history, key=lambda row: row["at"]):
        if not entry["is_allowed"] or entry["from_state"] == entry["to_state"]:
            continue
        state, on = entry["to_state"], _day(entry["at"])
        if state in STATES and state not in seen:
            seen.add(state)
            yield STATES[state], on, None
        elif state == "sheet_issued":
            yield "sheets", on, None
        elif state == "returned":
            yield "returned", on, None
            for code in entry["reason"].partition(": ")[2].split(","):
                yield f"returned_{code.lower()}", on, None


def _stopped(each: Told, clock: Row) -> Iterable[tuple[str, date, None]]:
    on = _day(clock["stopped_at"])
    if on > clock["due_on"]:
        yield f"{clock['kind']}_late", on, None
    elif each.case["state"] not in ("withdrawn", "terminated") or clock["stopped_at"] < each.case["state_since"]:
        yield f"{clock['kind']}_kept", on, None


def _day(instant: datetime) -> date:
    assert instant.tzinfo is not None
    return local_date(instant.astimezone(SHANGHAI))
