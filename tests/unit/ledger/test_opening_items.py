"""What an old item must be, told with field and code; who may decide on it, and when."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.opening_items import (
    ItemState,
    OpeningItem,
    OpeningItemDecided,
    OpeningItemMoved,
    OpeningKind,
    SameOpeningPerson,
    Surroundings,
    cancel_item,
    decide_item,
    require_bookable,
)
from ledger.domain.payable import Route
from shared.contracts.application import CaseReference
from shared.errors import DomainError

pytestmark = pytest.mark.law("N9-2")

ID, NOW = UUID(int=1), datetime(2026, 3, 2, tzinfo=UTC)
AROUND = Surroundings(
    today=date(2026, 3, 2),
    open_from=date(2026, 1, 1),
    accounts={"6201"},
    first_days={"6201": date(2026, 2, 1)},
    taken={"old:8"},
    cases={("payee", "KNOWN")},
    routes={ID: Route("1", "2", "某中心", None)},
    areas={"110000", "370100"},
)
OWED = OpeningItem(
    item_id=ID,
    admdvs="370100",
    kind=OpeningKind.RECEIVABLE,
    refs=(CaseReference(system="old", number="1"),),
    amount_fen=100,
    open_since=date(2025, 12, 1),
    entered_by="zhang",
    entered_at=NOW,
    rlts_traf_id="FRESH",
    trafout_admdvs="110000",
    trafin_admdvs="370100",
    psn_name="张三",
)
MONEY = replace(
    OWED,
    kind=OpeningKind.SUSPENSE,
    rlts_traf_id=None,
    trafout_admdvs=None,
    trafin_admdvs=None,
    psn_name=None,
    bankacct="6201",
    direction="C",
    booked_on=date(2026, 1, 20),
)
BAD: list[tuple[OpeningItem, dict[str, Any], list[tuple[str, str]]]] = [
    (OWED, {}, []),
    (MONEY, {}, []),
    (OWED, {"refs": (CaseReference(system="old", number="8"),)}, [("/refs/0", "duplicate")]),
    (OWED, {"rlts_traf_id": "KNOWN"}, [("/rlts_traf_id", "case-known")]),
    (OWED, {"open_since": date(2026, 3, 3)}, [("/open_since", "future")]),
    (OWED, {"trafin_admdvs": "370200"}, [("/trafin_admdvs", "not-our-side")]),
    (OWED, {"kind": OpeningKind.PAYABLE}, [("/trafout_admdvs", "not-our-side"), ("/trafin_admdvs", "area-unknown")]),
    (OWED, {"trafout_admdvs": "999999"}, [("/trafout_admdvs", "area-unknown")]),
    (OWED, {"trafout_admdvs": "370100"}, [("/trafout_admdvs", "area-unknown")]),
    (OWED, {"item_id": UUID(int=2)}, [("/stated_account", "account-not-registered")]),
    (OWED, {"psn_name": None, "note": "x"}, [("/psn_name", "missing"), ("/note", "not-of-this-kind")]),
    (MONEY, {"direction": None, "booked_on": None}, [("/direction", "missing"), ("/booked_on", "missing")]),
    (MONEY, {"rlts_traf_id": "FRESH"}, [("/rlts_traf_id", "not-of-this-kind")]),
    (MONEY, {"stated_bankacct": "1"}, [("/stated_account", "not-of-this-kind")]),
    (MONEY, {"bankacct": "9"}, [("/bankacct", "account-not-ours")]),
    (MONEY, {"booked_on": date(2026, 2, 1)}, [("/booked_on", "day-on-statement")]),
    (MONEY, {"booked_on": date(2026, 1, 31)}, []),
    (MONEY, {"booked_on": date(2025, 12, 31)}, [("/booked_on", "period-closed")]),
    (MONEY, {"booked_on": date(2026, 3, 3)}, [("/booked_on", "future"), ("/booked_on", "day-on-statement")]),
]


@pytest.mark.parametrize(("item", "changes", "faults"), BAD)
def test_every_fault_has_its_field_and_code(
    item: OpeningItem, changes: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    try:
        require_bookable(replace(item, **changes), AROUND)
        found = []
    except DomainError as error:
        found = [(each.pointer, each.code) for each in error.errors]
    assert found == faults


def test_two_people_decide_and_cancel_once() -> None:
    with pytest.raises(SameOpeningPerson):
        decide_item(OWED, by="zhang", at=NOW, is_approved=True, reason=None)
    booked = decide_item(OWED, by="li", at=NOW, is_approved=True, reason=None)
    with pytest.raises(OpeningItemDecided):
        decide_item(booked, by="li", at=NOW, is_approved=True, reason=None)
    with pytest.raises(OpeningItemMoved):
        cancel_item(booked, by="li", at=NOW, reason="重复", has_moved=True)
    cancelled = cancel_item(booked, by="li", at=NOW, reason="重复", has_moved=False)
    assert (cancelled.state, cancelled.row_version) == (ItemState.CANCELLED, 3)
