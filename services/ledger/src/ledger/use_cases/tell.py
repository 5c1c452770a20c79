"""What the ledger tells the platform and its own agency about money."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.suspense import SuspenseReason
from ledger.repository.match_receipts import Matched
from shared.contracts.events import BalanceMatched, BalancePaid, BalanceReceived, BalanceReturned, Event
from shared.contracts.party import PLATFORM, Party, Role
from shared.messaging import Outgoing, enqueue
from shared.messaging.feed import FeedEntry, append
from shared.signing.signers import Signers

_CHUNK = 500
# A sheet that is still to come is no disagreement. Money from an account that is no agency's, for a case that we know
# nothing of, is told only once a sheet says that the case is ours: until then it may be anybody's number.
_NO_CODE = frozenset({SuspenseReason.AWAITING_SHEET})
_NOT_TOLD = frozenset({SuspenseReason.UNKNOWN_CASE})


def of_receipts(admdvs: str, rows: Iterable[Matched], *, now: datetime) -> list[Outgoing]:
    """``BalanceReceived`` for what is new or waits for another reason, ``BalanceMatched`` for what agrees."""
    outgoing: list[Outgoing] = []
    for row in rows:
        if row.is_owed_return:
            outgoing += _given_back(admdvs, row)
            continue
        was_told = row.reason_before is not None and row.reason_before not in _NOT_TOLD
        if not (row.is_matched and was_told) and row.reason not in _NOT_TOLD:
            code = None if row.reason in _NO_CODE else row.reason
            received = BalanceReceived(
                amount=row.amount_fen, booked_on=row.booked_on, receipt_no=str(row.line_id), suspense_code=code
            )
            outgoing += _to(admdvs, row.rlts_traf_id, received, PLATFORM)
        if row.is_matched and row.obligation_no is not None:
            matched = BalanceMatched(
                obligation_no=row.obligation_no, amount=row.amount_fen, receipt_no=str(row.line_id), matched_at=now
            )
            outgoing += _to(admdvs, row.rlts_traf_id, matched, PLATFORM, Party(Role.INBOUND, admdvs))
    return outgoing


def of_payments(admdvs: str, rows: Iterable[Matched]) -> list[Outgoing]:
    """``BalancePaid`` for every order that the bank shows as paid."""
    outgoing: list[Outgoing] = []
    for row in rows:
        # Money that we give back is told by who gets it.
        is_payment = row.is_matched and not row.is_owed_return
        if is_payment and row.obligation_no is not None and row.end_to_end_id is not None:
            paid = BalancePaid(
                obligation_no=row.obligation_no,
                amount=row.amount_fen,
                booked_on=row.booked_on,
                end_to_end_id=row.end_to_end_id,
            )
            outgoing += _to(admdvs, row.rlts_traf_id, paid, PLATFORM, Party(Role.OUTBOUND, admdvs))
    return outgoing


def of_returns(admdvs: str, rows: Iterable[Matched]) -> list[Outgoing]:
    """``BalanceReturned`` for every payment that came back."""
    outgoing: list[Outgoing] = []
    for row in rows:
        if row.is_matched and not row.is_owed_return and row.obligation_no is not None:
            returned = BalanceReturned(
                obligation_no=row.obligation_no,
                amount=row.amount_fen,
                booked_on=row.booked_on,
                reason=row.return_reason or "银行退回，未说明原因",
            )
            outgoing += _to(admdvs, row.rlts_traf_id, returned, PLATFORM, Party(Role.OUTBOUND, admdvs))
    return outgoing


def _given_back(admdvs: str, row: Matched) -> list[Outgoing]:
    """``BalanceReturned`` for what the payee owed back: not to be paid again."""
    returned = BalanceReturned(
        obligation_no=row.obligation_no or "",
        amount=row.amount_fen,
        booked_on=row.booked_on,
        reason="转入地按更正或终止退回",
        is_owed=True,
    )
    return _to(admdvs, row.rlts_traf_id, returned, PLATFORM, Party(Role.OUTBOUND, admdvs))


async def send(connection: AsyncConnection, outgoing: Sequence[Outgoing], *, signers: Signers, now: datetime) -> None:
    """Write the messages, and the agency's own feed of them, in the transaction that makes them true."""
    for start in range(0, len(outgoing), _CHUNK):
        chunk = outgoing[start : start + _CHUNK]
        await enqueue(connection, chunk, signers=signers, now=now)
        entries = [
            FeedEntry(
                message.sender.admdvs,
                message.rlts_traf_id,
                type(message.event).__name__,
                message.event.model_dump(mode="json"),
            )
            for message in chunk
            if message.recipient == PLATFORM
        ]
        await append(connection, entries, now=now)


def _to(admdvs: str, rlts_traf_id: str, event: Event, *recipients: Party) -> list[Outgoing]:
    ledger = Party(Role.LEDGER, admdvs)
    return [Outgoing(ledger, recipient, rlts_traf_id, event) for recipient in recipients]
