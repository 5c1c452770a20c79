"""What one day brought: each receipt and each match once, by the last word on it."""

from datetime import UTC, date, datetime

import pytest

from shared.contracts.events import BalanceMatched, BalanceReceived
from shared.contracts.party import Party, Role
from tests.integration.platform_gateway.gateway import CHENGDU, Gateway, agency

LEDGER, DAY = Party(Role.LEDGER, CHENGDU), date(2026, 2, 20)


def received(fen: int, code: str | None) -> BalanceReceived:
    return BalanceReceived(amount=fen, booked_on=DAY, receipt_no="R1", suspense_code=code)


def matched(fen: int, day: int, receipt: str) -> BalanceMatched:
    at = datetime(2026, 2, day, 2, tzinfo=UTC)
    return BalanceMatched(obligation_no="1", amount=fen, receipt_no=receipt, matched_at=at)


@pytest.mark.law("S53-2")
async def test_what_was_told_again_or_taken_back_counts_once_or_not_at_all(gateway: Gateway) -> None:
    number = await gateway.accepted()
    words = [received(100, "amount_differs"), received(100, "several_candidates"), matched(100, 20, "R1")]
    for event in words:
        await gateway.receive((LEDGER, number, event))
    assert await totals(gateway, 20) == {"received": (1, "1.00"), "matched": (1, "1.00")}
    for event in (matched(0, 21, "R1"), matched(100, 21, "R2")):
        await gateway.receive((LEDGER, number, event))
    assert await totals(gateway, 20) == {"received": (1, "1.00")}
    assert await totals(gateway, 21) == {"matched": (1, "1.00")}


async def totals(gateway: Gateway, day: int) -> dict[str, tuple[int, str]]:
    """The money of the inbound's day."""
    answer = await gateway.call("GET", f"/daily-totals/2026-02-{day}", agency(CHENGDU))
    assert answer.status_code == 200, answer.text
    return {kind: (one["cases"], one["amount"]) for kind, one in answer.json()["inbound"]["money"].items()}
