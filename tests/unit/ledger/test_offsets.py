"""Whether money in and money out answer each other."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ledger.domain.adjustments import NotAdjustable, require_offset
from ledger.domain.statement import Direction
from ledger.domain.suspense import SuspenseReason
from ledger.domain.suspense_items import SuspenseItem

DEBIT = SuspenseItem(
    line_id=7,
    kind="payment",
    reason=SuspenseReason.UNKNOWN_CASE,
    direction=Direction.DEBIT,
    amount_fen=100,
    claimed_fen=0,
    reserved_fen=0,
    sent_fen=0,
    owner="财务岗",
    rlts_traf_id=None,
    booked_on=date(2026, 3, 2),
    fund="310",
    opened_at=datetime(2026, 3, 2, tzinfo=UTC),
    settled_on=None,
    assigned_to=None,
    version=1,
)
CREDIT = replace(DEBIT, line_id=8, kind="receipt", direction=Direction.CREDIT)


def test_money_out_is_set_off_against_money_in_up_to_what_both_have_left() -> None:
    require_offset(DEBIT, replace(CREDIT, claimed_fen=40), 60)


def test_money_out_may_be_the_return_that_was_released() -> None:
    require_offset(DEBIT, replace(CREDIT, reserved_fen=100, sent_fen=100), 100)


@pytest.mark.parametrize(
    ("changes", "amount_fen"),
    [
        pytest.param({"direction": Direction.DEBIT}, 100, id="both-out"),
        pytest.param({"claimed_fen": 40}, 61, id="more-than-left"),
        pytest.param({"reserved_fen": 100}, 100, id="not-released"),
        pytest.param({"fund": "390"}, 100, id="another-fund"),
    ],
)
def test_what_does_not_answer_it_is_not_set_off(changes: dict[str, object], amount_fen: int) -> None:
    with pytest.raises(NotAdjustable):
        require_offset(DEBIT, replace(CREDIT, **changes), amount_fen)  # type: ignore[arg-type]
