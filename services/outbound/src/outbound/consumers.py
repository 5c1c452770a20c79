"""Which use case applies which message."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.office import Office
from outbound.use_cases.accept_transfers import accept_transfers
from outbound.use_cases.complete_transfers import complete_transfers
from outbound.use_cases.end_corrections import end_corrections
from outbound.use_cases.return_sheet import return_sheets
from outbound.use_cases.take_addendum_answers import take_addendum_answers
from outbound.use_cases.take_payment_news import take_payment_returns, take_payments
from outbound.use_cases.take_sheet_answers import take_sheet_acceptances, take_sheet_refusals
from outbound.use_cases.terminate_transfers import terminate_transfers
from outbound.use_cases.withdraw_transfers import withdraw_transfers
from shared.contracts.events import (
    AddendumAccepted,
    AddendumRefused,
    BalancePaid,
    BalanceReturned,
    Event,
    SheetAccepted,
    SheetRefused,
    SheetReturned,
    TransferAccepted,
    TransferCompleted,
    TransferCorrected,
    TransferTerminated,
    TransferWithdrawn,
)
from shared.messaging.delivery import Delivery, Handlers

_UseCase = Callable[[Office, AsyncConnection, Sequence[Delivery[Any]]], Awaitable[None]]

_USE_CASES: dict[type[Event], _UseCase] = {
    TransferAccepted: accept_transfers,
    TransferTerminated: terminate_transfers,
    TransferWithdrawn: withdraw_transfers,
    AddendumAccepted: take_addendum_answers,
    AddendumRefused: take_addendum_answers,
    SheetAccepted: take_sheet_acceptances,
    SheetRefused: take_sheet_refusals,
    SheetReturned: return_sheets,
    TransferCompleted: complete_transfers,
    TransferCorrected: end_corrections,
    BalancePaid: take_payments,
    BalanceReturned: take_payment_returns,
}


def handlers(office: Office) -> Handlers:
    """The handlers of all events that an outbound agency receives."""
    return {event: partial(use_case, office) for event, use_case in _USE_CASES.items()}
