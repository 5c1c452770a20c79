"""What is told of obligations that claims by hand have covered: as of an automatic match, once all of it is there."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby

from ledger.domain.obligations import Direction
from ledger.domain.status_reasons import explain_return
from ledger.domain.suspense import LineKind
from ledger.repository.claims import Claimed, Misnamed, PaidAfterAll
from ledger.repository.exchanges import Exchanged, NamedAgain
from ledger.use_cases.addressed import OWED_BACK, addressed
from shared.contracts.events import BalanceMatched, BalancePaid, BalanceReceived, BalanceReturned
from shared.contracts.party import PLATFORM, Party, Role
from shared.messaging import Outgoing

ASSIGNED_ELSEWHERE = "assigned_elsewhere"
"""The ``suspense_code`` of money that turned out to be for other cases than the one that its note names."""

CLEARED = "cleared"
"""The ``suspense_code`` of money that was for no case: it went back to its payer, was set off or given up."""


def of_claims(admdvs: str, covered: Iterable[Claimed], *, now: datetime) -> list[Outgoing]:
    """The news of covered obligations, whose claims come together; nothing is told of one that is covered in part.

    The platform is told of each receipt with its share. The inbound credits the person once, so it gets one message
    with all that was due (N9).
    """
    outgoing: list[Outgoing] = []
    for _, group in groupby(covered, key=lambda claim: claim.obligation_id):
        claims = list(group)
        if claims[0].kind != LineKind.RECEIPT:
            outgoing += _of_order(admdvs, claims)
        elif claims[0].direction == Direction.RETURN:
            outgoing += _returned(admdvs, claims, OWED_BACK, is_owed=True)
        else:
            outgoing += _of_receipts(admdvs, claims, now)
    return outgoing


def of_exchanged(admdvs: str, rows: Iterable[Exchanged], *, now: datetime) -> list[Outgoing]:
    """Which receipts stand for what was told as matched: the platform's last word on each counts.

    The inbound is not told: the person has what was due, whichever line brought it.
    """
    outgoing: list[Outgoing] = []
    for row in rows:
        # What its note names was told with the line, and is told anew where it waits again.
        if not row.is_named or row.reason is not None:
            received = BalanceReceived(
                amount=row.received_fen,
                booked_on=row.booked_on,
                receipt_no=str(row.line_id),
                suspense_code=row.reason,
            )
            outgoing += addressed(admdvs, row.rlts_traf_id, received, PLATFORM)
        matched = BalanceMatched(
            obligation_no=row.obligation_no, amount=row.matched_fen, receipt_no=str(row.line_id), matched_at=now
        )
        outgoing += addressed(admdvs, row.rlts_traf_id, matched, PLATFORM)
    return outgoing


def of_misnamed(admdvs: str, rows: Iterable[Misnamed], code: str = ASSIGNED_ELSEWHERE) -> list[Outgoing]:
    """That nothing of a receipt was for the case that its note names, though the platform was told so, and why."""
    outgoing: list[Outgoing] = []
    for row in rows:
        nothing = BalanceReceived(amount=0, booked_on=row.booked_on, receipt_no=str(row.line_id), suspense_code=code)
        outgoing += addressed(admdvs, row.rlts_traf_id, nothing, PLATFORM)
    return outgoing


def of_named_again(admdvs: str, rows: Iterable[NamedAgain]) -> list[Outgoing]:
    """That receipts which were taken for other cases wait for the one that their note names again."""
    outgoing: list[Outgoing] = []
    for row in rows:
        received = BalanceReceived(
            amount=row.amount_fen, booked_on=row.booked_on, receipt_no=str(row.line_id), suspense_code=row.reason
        )
        outgoing += addressed(admdvs, row.rlts_traf_id, received, PLATFORM)
    return outgoing


def of_paid_after_all(admdvs: str, rows: Iterable[PaidAfterAll], *, today: date) -> list[Outgoing]:
    """That payments told as come back were paid after all: the platform and the account count them again."""
    outgoing: list[Outgoing] = []
    for row in rows:
        if row.direction == Direction.RETURN:
            continue
        paid = BalancePaid(
            obligation_no=row.obligation_no, amount=row.due_fen, booked_on=today, end_to_end_id=row.end_to_end_id
        )
        outgoing += addressed(admdvs, row.rlts_traf_id, paid, PLATFORM, Party(Role.OUTBOUND, admdvs))
    return outgoing


def _of_receipts(admdvs: str, claims: list[Claimed], now: datetime) -> list[Outgoing]:
    outgoing: list[Outgoing] = []
    for claim in claims:
        if not claim.is_told:
            received = BalanceReceived(
                amount=claim.amount_fen, booked_on=claim.booked_on, receipt_no=str(claim.line_id)
            )
            outgoing += addressed(admdvs, claim.rlts_traf_id, received, PLATFORM)
        outgoing += addressed(admdvs, claim.rlts_traf_id, _matched(claim, claim.amount_fen, now), PLATFORM)
    whole = _matched(claims[-1], claims[-1].due_fen, now)
    return outgoing + addressed(admdvs, claims[-1].rlts_traf_id, whole, Party(Role.INBOUND, admdvs))


def _matched(claim: Claimed, amount_fen: int, now: datetime) -> BalanceMatched:
    return BalanceMatched(
        obligation_no=claim.obligation_no, amount=amount_fen, receipt_no=str(claim.line_id), matched_at=now
    )


def _of_order(admdvs: str, claims: list[Claimed]) -> list[Outgoing]:
    last = claims[-1]
    # Money that we give back is told by who gets it.
    if last.direction == Direction.RETURN:
        return []
    if last.kind == LineKind.RETURN:
        return _returned(admdvs, claims, explain_return(last.return_reason))
    paid = BalancePaid(
        obligation_no=last.obligation_no,
        amount=last.due_fen,
        booked_on=last.booked_on,
        end_to_end_id=last.end_to_end_id or "",
    )
    return addressed(admdvs, last.rlts_traf_id, paid, PLATFORM, Party(Role.OUTBOUND, admdvs))


def _returned(admdvs: str, claims: list[Claimed], reason: str, *, is_owed: bool = False) -> list[Outgoing]:
    last = claims[-1]
    returned = BalanceReturned(
        obligation_no=last.obligation_no,
        amount=last.due_fen,
        booked_on=last.booked_on,
        reason=reason,
        is_owed=is_owed,
    )
    return addressed(admdvs, last.rlts_traf_id, returned, PLATFORM, Party(Role.OUTBOUND, admdvs))
