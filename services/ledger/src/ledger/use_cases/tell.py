"""What the ledger tells the platform and its own agency about money."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.status_reasons import explain_return
from ledger.domain.suspense import LineKind, SuspenseReason
from ledger.repository import untold
from ledger.repository.opening_items import only_old_cases
from ledger.repository.untold import Found
from ledger.use_cases.addressed import OWED_BACK, addressed
from shared.contracts.events import BalanceMatched, BalancePaid, BalanceReceived, BalanceReturned
from shared.contracts.party import PLATFORM, Party, Role
from shared.messaging import Outgoing, enqueue
from shared.messaging.feed import FeedEntry, append
from shared.signing.signers import Signers

_CHUNK = 500
# A sheet that is still to come is no disagreement. Money from an account that is no agency's, for a case that we know
# nothing of, is told only once a sheet says that the case is ours: until then it may be anybody's number.
_NO_CODE = frozenset({SuspenseReason.AWAITING_SHEET})
_NOT_TOLD = frozenset({SuspenseReason.UNKNOWN_CASE})


async def send(connection: AsyncConnection, outgoing: Sequence[Outgoing], *, signers: Signers, now: datetime) -> None:
    """Write the messages, and the agency's own feed of them, in the transaction that makes them true.

    What matching found of their cases and nobody was told of yet goes first.
    """
    cases: dict[str, set[str]] = defaultdict(set)
    for message in outgoing:
        cases[message.sender.admdvs or ""].add(message.rlts_traf_id)
    for admdvs, named in sorted(cases.items()):
        await tell_cases(connection, admdvs, named, signers=signers, now=now)
    await _write(connection, outgoing, signers=signers, now=now)


async def tell_cases(
    connection: AsyncConnection, admdvs: str, cases: Collection[str], *, signers: Signers, now: datetime
) -> None:
    """Tell what matching found of these cases and nobody was told of yet; the caller holds their locks."""
    found = await untold.take_of_cases(connection, admdvs, cases)
    await _write(connection, _news(admdvs, found), signers=signers, now=now)


async def tell_found(connection: AsyncConnection, admdvs: str, limit: int, *, signers: Signers, now: datetime) -> None:
    """Tell of up to ``limit`` lines what matching found first and nobody was told of yet.

    The caller holds the agency's matching lock.
    """
    found = await untold.take_oldest(connection, admdvs, limit)
    await _write(connection, _news(admdvs, found), signers=signers, now=now)


async def _write(connection: AsyncConnection, outgoing: Sequence[Outgoing], *, signers: Signers, now: datetime) -> None:
    for start in range(0, len(outgoing), _CHUNK):
        chunk = outgoing[start : start + _CHUNK]
        # The platform knows nothing of what is only old: the agency's own feed is told.
        old = await only_old_cases(connection, {_case(message) for message in chunk})
        told = [message for message in chunk if _case(message) not in old]
        await enqueue(connection, told, signers=signers, now=now)
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


def _case(message: Outgoing) -> tuple[str, str]:
    return message.sender.admdvs or "", message.rlts_traf_id


def _news(admdvs: str, found: Iterable[Found]) -> list[Outgoing]:
    return [message for row in found for message in _NEWS[LineKind(row.kind)](admdvs, row)]


def _of_receipt(admdvs: str, row: Found) -> list[Outgoing]:
    """``BalanceReceived`` for what is new or waits for another reason, ``BalanceMatched`` for what agrees."""
    if row.is_owed_return:
        return _given_back(admdvs, row)
    outgoing: list[Outgoing] = []
    was_told = row.reason_before is not None and row.reason_before not in _NOT_TOLD
    if not (row.is_matched and was_told) and row.reason not in _NOT_TOLD:
        code = None if row.reason in _NO_CODE else row.reason
        received = BalanceReceived(
            amount=row.amount_fen, booked_on=row.booked_on, receipt_no=str(row.line_id), suspense_code=code
        )
        outgoing += addressed(admdvs, row.rlts_traf_id, received, PLATFORM)
    if row.is_matched and row.obligation_no is not None:
        matched = BalanceMatched(
            obligation_no=row.obligation_no,
            amount=row.amount_fen,
            receipt_no=str(row.line_id),
            matched_at=row.found_at,
        )
        outgoing += addressed(admdvs, row.rlts_traf_id, matched, PLATFORM, Party(Role.INBOUND, admdvs))
    return outgoing


def _of_payment(admdvs: str, row: Found) -> list[Outgoing]:
    """``BalancePaid`` for an order that the bank shows as paid."""
    # Money that we give back is told by who gets it.
    if not row.is_matched or row.is_owed_return or row.obligation_no is None or row.end_to_end_id is None:
        return []
    paid = BalancePaid(
        obligation_no=row.obligation_no,
        amount=row.amount_fen,
        booked_on=row.booked_on,
        end_to_end_id=row.end_to_end_id,
    )
    return addressed(admdvs, row.rlts_traf_id, paid, PLATFORM, Party(Role.OUTBOUND, admdvs))


def _of_return(admdvs: str, row: Found) -> list[Outgoing]:
    """``BalanceReturned`` for a payment that came back."""
    if not row.is_matched or row.is_owed_return or row.obligation_no is None:
        return []
    returned = BalanceReturned(
        obligation_no=row.obligation_no,
        amount=row.amount_fen,
        booked_on=row.booked_on,
        reason=explain_return(row.return_reason),
    )
    return addressed(admdvs, row.rlts_traf_id, returned, PLATFORM, Party(Role.OUTBOUND, admdvs))


def _given_back(admdvs: str, row: Found) -> list[Outgoing]:
    """``BalanceReturned`` for what the payee owed back: not to be paid again."""
    returned = BalanceReturned(
        obligation_no=row.obligation_no or "",
        amount=row.amount_fen,
        booked_on=row.booked_on,
        reason=OWED_BACK,
        is_owed=True,
    )
    return addressed(admdvs, row.rlts_traf_id, returned, PLATFORM, Party(Role.OUTBOUND, admdvs))


_NEWS = {LineKind.RECEIPT: _of_receipt, LineKind.PAYMENT: _of_payment, LineKind.RETURN: _of_return}
