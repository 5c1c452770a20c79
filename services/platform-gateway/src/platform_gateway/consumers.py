"""Which use case applies which message."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.use_cases.complete_transfers import complete_transfers, note_ended_relations
from platform_gateway.use_cases.correct_transfers import correct_transfers
from platform_gateway.use_cases.keep_benefits import keep_benefits
from platform_gateway.use_cases.keep_figures import keep_figures
from platform_gateway.use_cases.keep_paper_cases import keep_paper_cases
from platform_gateway.use_cases.recall_sheets import recall_sheets
from platform_gateway.use_cases.record_money_facts import MONEY_EVENTS, record_money_facts
from platform_gateway.use_cases.return_sheets import return_sheets
from platform_gateway.use_cases.take_addenda import take_addenda
from platform_gateway.use_cases.take_sheets import take_sheets
from platform_gateway.use_cases.terminate_paper_cases import terminate_paper_cases
from platform_gateway.use_cases.withdraw_paper_cases import withdraw_paper_cases
from shared.contracts.events import (
    AddendumIssued,
    BenefitsDecided,
    Event,
    FiguresReported,
    PaperCaseOpened,
    RelationEnded,
    SheetIssued,
    SheetRecalled,
    SheetReturned,
    TransferCompleted,
    TransferCorrected,
    TransferTerminated,
    TransferWithdrawn,
)
from shared.messaging.delivery import Delivery, Handlers

_UseCase = Callable[[GatewayContext, AsyncConnection, Sequence[Delivery[Any]]], Awaitable[None]]

_USE_CASES: dict[type[Event], _UseCase] = {
    PaperCaseOpened: keep_paper_cases,
    SheetIssued: take_sheets,
    AddendumIssued: take_addenda,
    SheetReturned: return_sheets,
    SheetRecalled: recall_sheets,
    TransferCompleted: complete_transfers,
    TransferWithdrawn: withdraw_paper_cases,
    TransferTerminated: terminate_paper_cases,
    TransferCorrected: correct_transfers,
    BenefitsDecided: keep_benefits,
    RelationEnded: note_ended_relations,
    FiguresReported: keep_figures,
    **dict.fromkeys(MONEY_EVENTS, record_money_facts),
}


def handlers(context: GatewayContext) -> Handlers:
    """The handlers of all events that the platform receives."""
    return {event: partial(use_case, context) for event, use_case in _USE_CASES.items()}
