"""What is said of a case where messages cross, and what no state lets in."""

from datetime import date
from uuid import UUID

import pytest

from outbound.domain.case import Actor, ActorKind
from platform_gateway.domain.money import MoneyFact, MoneyFactKind
from platform_gateway.domain.states import CaseState, Command, CommandNotAllowed, transition
from shared.contracts.codes import MoneyPath, ReturnCode, TerminationCause
from shared.contracts.events import (
    BalancePaid,
    BalanceReturned,
    SheetRefused,
    SheetReturned,
    TransferCompleted,
    TransferCorrected,
    TransferTerminated,
)
from shared.contracts.events.relation import ReturnReason
from tests.unit.outbound.cases import NOW

DAY = date(2026, 3, 2)
LEDGER = Actor(ActorKind.LEDGER, message_id=UUID(int=7))
FACTS = tuple(MoneyFact(kind, 100, DAY, "1", "R1") for kind in MoneyFactKind if kind is not MoneyFactKind.RETURNED)
RETURNED = SheetReturned(sheet_version=1, returned_at=NOW, reasons=(ReturnReason(code=ReturnCode.ROWS, row=1),))
COMPLETED = TransferCompleted(sheet_version=1, completed_at=NOW, trafin_psn_no="N1")
CORRECTED = TransferCorrected(sheet_version=2, corrected_at=NOW)
TERMINATED = TransferTerminated(
    terminated_at=NOW, cause=TerminationCause.DEATH, reason="死亡", money_path=MoneyPath.RETAINED_AT_OUTBOUND
)
PAID = BalancePaid(obligation_no="1", amount=100, booked_on=DAY, end_to_end_id="E-1")
CAME_BACK = BalanceReturned(obligation_no="1", amount=100, booked_on=DAY, reason="账号有误")


def refused_as(code: str) -> SheetRefused:
    return SheetRefused(sheet_version=1, code=code)


def not_allowed(state: CaseState, command: Command, sheet_version: int = 1) -> None:
    with pytest.raises(CommandNotAllowed):
        transition(state, command, sheet_version)
