"""Whether money may go back, from which account and to whom."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ledger.domain.refunds import (
    NotRefundable,
    OwnAccount,
    Payee,
    RefundFacts,
    refund_amount,
    refund_leaves_from,
    refund_payee,
)
from ledger.domain.statement import Direction
from ledger.domain.suspense import SuspenseReason
from ledger.domain.suspense_items import SuspenseItem
from ledger.domain.titles import AccountRole

DAY = date(2026, 3, 2)
INCOME = OwnAccount("1", AccountRole.INCOME, "310")
PAYING = OwnAccount("2", AccountRole.EXPENDITURE, "310")
BOTH = OwnAccount("3", AccountRole.BOTH, "310")
TREASURY = OwnAccount("4", AccountRole.TREASURY, "310")
RESIDENTS = OwnAccount("5", AccountRole.INCOME, "390")
OWN = {one.bankacct: one for one in (INCOME, PAYING, BOTH, TREASURY, RESIDENTS)}
ITEM = SuspenseItem(
    line_id=7,
    kind="receipt",
    reason=SuspenseReason.NO_REFERENCE,
    direction=Direction.CREDIT,
    amount_fen=100,
    claimed_fen=0,
    reserved_fen=0,
    sent_fen=0,
    owner="财务岗",
    rlts_traf_id=None,
    booked_on=DAY,
    fund="310",
    opened_at=datetime(2026, 3, 2, tzinfo=UTC),
    settled_on=None,
    assigned_to=None,
    version=1,
)
FACTS = RefundFacts(7, INCOME, DAY, False, None, "88", "某单位", "110000", None, 0, False)
REGISTERED = {"90": Payee("90", "北京医保中心", "102451000018")}


@pytest.mark.parametrize(
    ("changes", "wanted", "expected"),
    [
        ({}, None, 100),
        ({}, 1, 1),
        ({"claimed_fen": 30}, None, 70),
        ({"claimed_fen": 30}, 71, None),
        ({}, 101, None),
        ({"claimed_fen": 100}, None, None),
        ({"reserved_fen": 10}, 1, None),
        ({"direction": Direction.DEBIT}, None, None),
    ],
)
def test_no_more_goes_back_than_is_left(changes: dict[str, object], wanted: int | None, expected: int | None) -> None:
    item = replace(ITEM, **changes)  # type: ignore[arg-type]
    if expected is None:
        with pytest.raises(NotRefundable):
            refund_amount(item, wanted)
        return
    assert refund_amount(item, wanted) == expected


@pytest.mark.parametrize(
    ("received_on", "payer", "expected"),
    [
        (INCOME, "2", "2"),
        (TREASURY, "2", "2"),
        (PAYING, "3", "2"),
        (BOTH, "2", "3"),
        (INCOME, None, None),
        (INCOME, "99", None),
        (RESIDENTS, "2", None),
    ],
)
def test_a_return_leaves_from_an_account_that_pays_of_the_same_fund(
    received_on: OwnAccount, payer: str | None, expected: str | None
) -> None:
    facts = replace(FACTS, received_on=received_on)
    if expected is None:
        with pytest.raises(NotRefundable):
            refund_leaves_from(facts, payer, OWN)
        return
    assert refund_leaves_from(facts, payer, OWN) == expected


@pytest.mark.parametrize(
    ("changes", "wanted", "expected"),
    [
        ({}, None, Payee("88", "某单位", None)),
        ({"counterparty_acct": "90"}, None, REGISTERED["90"]),
        ({}, "90", REGISTERED["90"]),
        ({}, "88", None),
        ({"counterparty_acct": None}, None, None),
        ({"counterparty_name": None}, None, None),
        ({"is_marked_return": True}, None, None),
        ({"is_marked_return": True, "sent_to": Payee("77", "某", None)}, None, Payee("77", "某", None)),
        ({"sent_to": Payee("77", "某", None), "counterparty_acct": None}, "90", REGISTERED["90"]),
    ],
)
def test_money_goes_back_to_where_it_came_from(
    changes: dict[str, object], wanted: str | None, expected: Payee | None
) -> None:
    facts = replace(FACTS, **changes)  # type: ignore[arg-type]
    if expected is None:
        with pytest.raises(NotRefundable):
            refund_payee(facts, wanted, REGISTERED)
        return
    assert refund_payee(facts, wanted, REGISTERED) == expected
