"""Whether the account of an order is still the registry's."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from ledger.domain.accounts_changed import entry_of, is_present
from shared.registry.models import AccountUse, BankAccount

DAY = date(2026, 3, 2)
OLD = BankAccount(
    bankacct="6201",
    acctname="济南医保中心",
    bankcode="102451000018",
    bank_name="某行",
    use=AccountUse.RECEIVER,
    valid_from=date(2020, 1, 1),
)


@dataclass(frozen=True)
class Used:
    bankacct: str = "6201"
    acctname: str | None = "济南医保中心"
    bankcode: str | None = "102451000018"


@pytest.mark.parametrize(
    ("changed", "is_kept", "used", "expected"),
    [
        ({}, False, Used(), True),
        ({"bankcode": "105100000017"}, False, Used(), False),
        ({"acctname": "某某公司"}, False, Used(), False),
        ({"bankcode": "105100000017"}, False, Used(acctname=None, bankcode=None), True),
        ({"bankcode": "105100000017", "valid_from": DAY}, True, Used(), False),
        ({"bankacct": "6299", "valid_from": DAY}, True, Used(), False),
        ({"bankacct": "6299", "valid_from": DAY, "use": AccountUse.PAYER}, True, Used(), True),
        ({"valid_to": date(2026, 3, 1)}, False, Used(), False),
        ({"bank_name": "某行营业部"}, False, Used(), True),
    ],
)
def test_account_is_present_as_it_stood_when_it_was_sealed(
    changed: dict[str, Any], *, is_kept: bool, used: Used, expected: bool
) -> None:
    new = OLD.model_copy(update=changed)
    assert is_present([OLD, new] if is_kept else [new], used, DAY) is expected


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], OLD),
        ([{"valid_from": DAY}], {"valid_from": DAY}),
        ([{"valid_from": date(2026, 3, 3)}], OLD),
        ([{"valid_from": date(2019, 1, 1)}], OLD),
        ([{"valid_from": date(2025, 1, 1), "valid_to": date(2026, 3, 1)}], OLD),
    ],
)
def test_a_number_is_what_its_newest_valid_entry_says(others: list[dict[str, Any]], expected: Any) -> None:
    entries = [OLD, *(OLD.model_copy(update=one) for one in others)]
    wanted = expected if expected is OLD else OLD.model_copy(update=expected)
    assert entry_of(entries, DAY) == entry_of(reversed(entries), DAY) == wanted


def test_a_number_that_is_no_longer_valid_is_its_newest_entry() -> None:
    gone = [OLD.model_copy(update={"valid_to": date(2024, 1, 1)})]
    gone.append(OLD.model_copy(update={"valid_from": date(2024, 1, 2), "valid_to": date(2025, 1, 1)}))
    assert (entry_of(gone, DAY), entry_of([], DAY)) == (gone[1], None)
