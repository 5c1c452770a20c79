"""What the sides and their ledgers tell of a case in these tests."""

from datetime import date

from shared.contracts.codes import ReturnCode
from shared.contracts.events import (
    BalanceCredited,
    BalanceMatched,
    BalancePaid,
    BalanceReceived,
    SheetReturned,
    TransferCompleted,
)
from shared.contracts.events.relation import BenefitsTold, ReturnReason
from shared.contracts.party import Party, Role
from tests.integration.platform_gateway.gateway import (
    CHENGDU,
    JINAN,
    Gateway,
)

OUTBOUND, INBOUND = Party(Role.OUTBOUND, JINAN), Party(Role.INBOUND, CHENGDU)
PAYER, PAYEE = Party(Role.LEDGER, JINAN), Party(Role.LEDGER, CHENGDU)
DAY = date(2026, 3, 2)
AMOUNT = 123456


def paid(amount: int = AMOUNT) -> BalancePaid:
    return BalancePaid(obligation_no="1", amount=amount, booked_on=DAY, end_to_end_id="X-1")


def received(amount: int = AMOUNT, suspense_code: str | None = None) -> BalanceReceived:
    return BalanceReceived(amount=amount, booked_on=DAY, receipt_no="R1", suspense_code=suspense_code)


def matched(gateway: Gateway) -> BalanceMatched:
    return BalanceMatched(obligation_no="1", amount=AMOUNT, receipt_no="R1", matched_at=gateway.clock.now())


def credited() -> BalanceCredited:
    return BalanceCredited(obligation_no="1", amount=AMOUNT, credited_on=DAY)


def completed(gateway: Gateway, version: int = 1) -> TransferCompleted:
    return TransferCompleted(sheet_version=version, completed_at=gateway.clock.now(), trafin_psn_no="C1")


def returned(gateway: Gateway, version: int = 1) -> SheetReturned:
    reasons = (ReturnReason(code=ReturnCode.ROWS, row=1, box="months"),)
    return SheetReturned(sheet_version=version, returned_at=gateway.clock.now(), reasons=reasons)


AT_ONCE = BenefitsTold(
    is_final=True,
    rule="no_gap",
    first_benefit_date=date(2026, 3, 1),
    waiting_months=0,
    is_gap_reimbursed=False,
    back_pay_until=None,
    first_benefit_date_if_back_paid=None,
    needs_local_decision=False,
)


async def states(gateway: Gateway, number: str) -> tuple[str, str, bool]:
    shown = await gateway.shown(number)
    return shown["state"], shown["money_state"], shown["closed_at"] is not None
