"""Which use case applies which message."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.office import Office
from inbound.use_cases.announce_cases import announce_cases
from inbound.use_cases.keep_matches import keep_matches
from inbound.use_cases.recall_sheets import recall_sheets
from inbound.use_cases.receive_addenda import receive_addenda
from inbound.use_cases.receive_sheets import receive_sheets
from inbound.use_cases.terminate_cases import terminate_cases
from inbound.use_cases.withdraw_cases import withdraw_cases
from shared.contracts.events import (
    AddendumRouted,
    BalanceMatched,
    Event,
    SheetRecalled,
    SheetRouted,
    TransferAccepted,
    TransferTerminated,
    TransferWithdrawn,
)
from shared.messaging import Delivery, Handlers

_UseCase = Callable[[AsyncConnection, Sequence[Delivery[Any]], Office], Awaitable[None]]

_USE_CASES: dict[type[Event], _UseCase] = {
    TransferAccepted: announce_cases,
    TransferTerminated: terminate_cases,
    TransferWithdrawn: withdraw_cases,
    SheetRouted: receive_sheets,
    SheetRecalled: recall_sheets,
    AddendumRouted: receive_addenda,
    BalanceMatched: keep_matches,
}


def handlers(office: Office) -> Handlers:
    """The handlers of all events that an inbound agency receives."""
    return {event: _with(use_case, office) for event, use_case in _USE_CASES.items()}


def _with(use_case: _UseCase, office: Office) -> Callable[[AsyncConnection, Sequence[Delivery[Any]]], Awaitable[None]]:
    async def handle(connection: AsyncConnection, deliveries: Sequence[Delivery[Any]]) -> None:
        await use_case(connection, deliveries, office)

    return handle
