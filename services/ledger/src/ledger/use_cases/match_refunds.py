"""See on a bank file what became of returns to payers: paid (it clears both lines), come back, or refused and paid."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.alerts import AlertKind, Finding
from ledger.domain.suspense import SuspenseReason
from ledger.domain.suspense_steps import SuspenseStep
from ledger.repository import clearings, match_refunds, suspense_events
from ledger.repository.match_refunds import RefundMatch
from ledger.repository.suspense_events import NewEvent
from ledger.use_cases.raise_alerts import raise_alerts
from shared.money import format_yuan

_BANK = "bank"


async def match_refunds_of_file(
    connection: AsyncConnection, admdvs: str, file_id: UUID, *, now: datetime
) -> list[RefundMatch]:
    """The returns that were paid, after the lines of the file were matched and booked.

    The caller holds the agency's matching lock.
    """
    paid = await match_refunds.match_paid(connection, admdvs, file_id, now=now)
    await clearings.book(connection, [one.clearing_id for one in paid if one.clearing_id is not None], now=now)
    back = await match_refunds.match_came_back(connection, admdvs, file_id)
    late = await match_refunds.match_debited_late(connection, admdvs, file_id)
    events = [
        *(_event(one.returned_line_id, SuspenseStep.REFUND_PAID, one) for one in paid),
        *(_event(line, SuspenseStep.REFUND_CAME_BACK, one) for one in back for line in _both(one)),
        *(_event(line, SuspenseStep.REFUND_DEBITED_LATE, one) for one in late for line in _both(one)),
    ]
    await suspense_events.add(connection, admdvs, events, by=_BANK, now=now)
    await raise_alerts(connection, [_finding(admdvs, one) for one in late], now=now)
    return paid


def _both(one: RefundMatch) -> tuple[int, int]:
    return one.returned_line_id, one.bank_line_id


def _finding(admdvs: str, one: RefundMatch) -> Finding:
    data = {"order_id": str(one.order_id), "reason": SuspenseReason.PAID_AFTER_REJECTION.value}
    return Finding(admdvs, AlertKind.DEBITED_TWICE, str(one.bank_line_id), data)


def _event(line_id: int, what: SuspenseStep, one: RefundMatch) -> NewEvent:
    detail = {
        "order_id": str(one.order_id),
        "amount": format_yuan(one.amount_fen),
        "bank_line_id": str(one.bank_line_id),
    }
    return NewEvent(line_id, what, None, detail)
