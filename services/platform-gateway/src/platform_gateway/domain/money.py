"""The money's track: facts in any order, and the state that they add up to (domain §4, §8)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.contracts.codes import AcctDisposition


class MoneyState(StrEnum):
    """Where the balance stands."""

    UNKNOWN = "unknown"
    NONE = "none"
    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    RECEIVED = "received"
    MATCHED = "matched"
    CREDITED = "credited"
    MISMATCHED = "mismatched"
    RETURNED_TO_PAYER = "returned_to_payer"
    SETTLED_OTHERWISE = "settled_otherwise"


class MoneyFactKind(StrEnum):
    """What happened to money. ``returned`` came back to be paid again; ``refunded`` was owed back, after
    ``reversed`` had taken off the account what of it was credited.
    """

    PAID = "paid"
    RECEIVED = "received"
    MATCHED = "matched"
    CREDITED = "credited"
    RETURNED = "returned"
    REVERSED = "reversed"
    REFUNDED = "refunded"
    SETTLED_OTHERWISE = "settled_otherwise"


@dataclass(frozen=True, slots=True)
class MoneyFact:
    """One fact: ``amount`` in fen, ``on`` the day it was booked (Asia/Shanghai)."""

    kind: MoneyFactKind
    amount: int
    on: date
    obligation_no: str | None = None
    receipt_no: str | None = None
    suspense_code: str | None = None


@dataclass(frozen=True, slots=True)
class SealedAmount:
    """What one accepted sheet version says is really transferred, in fen."""

    sheet_version: int
    amount: int
    acct_disposition: AcctDisposition


@dataclass(frozen=True, slots=True)
class _Sums:
    credited: int
    matched: int
    paid: int
    returned: int
    settled: int
    has_settlement: bool
    waiting: tuple[MoneyFact, ...]


_DONE = frozenset({MoneyState.NONE, MoneyState.CREDITED, MoneyState.SETTLED_OTHERWISE})


def is_done(state: MoneyState) -> bool:
    """Whether nothing more is owed, so that a completed case is closed (办结)."""
    return state in _DONE


def money_state(
    sheets: Iterable[SealedAmount], facts: Sequence[MoneyFact], added: int = 0, *, is_void: bool = False
) -> MoneyState:
    """The state that ``facts`` add up to, in whatever order they came; ``is_void``: the case ended without a transfer.

    The latest accepted version says what is owed in all; what older versions brought counts toward it, so a
    new version owes only the difference. ``added`` is what accepted addenda state beside it, in fen.
    Facts that disagree are never dropped: they show as ``mismatched``.
    """
    latest = max(sheets, key=lambda sheet: sheet.sheet_version, default=None)
    if latest is None:
        return MoneyState.UNKNOWN
    facts = _last_words(facts)
    sums = _sum_up(facts)
    if is_void:
        return _after_the_end(sums, facts)
    if latest.acct_disposition is AcctDisposition.TRANSFER:
        return _of_transfer(latest.amount + added, sums)
    return _without_transfer(latest.acct_disposition, sums)


def _after_the_end(sums: _Sums, facts: Sequence[MoneyFact]) -> MoneyState:
    """Of a terminated case: whatever was paid has to come back, and nothing is credited."""
    if sums.credited > 0 or max(sums.paid - sums.returned, sums.matched) > 0 or sums.waiting:
        return MoneyState.MISMATCHED
    is_back = sums.returned > 0 or any(fact.kind is MoneyFactKind.REFUNDED for fact in facts)
    return MoneyState.RETURNED_TO_PAYER if is_back else MoneyState.NONE


def _of_transfer(owed: int, sums: _Sums) -> MoneyState:
    if sums.credited > owed:
        return MoneyState.MISMATCHED
    if sums.credited == owed and max(sums.paid - sums.returned, sums.matched) > owed:
        # Paid for a version that stated more: the difference is on its way back.
        return MoneyState.MISMATCHED
    if sums.credited == owed:
        return MoneyState.CREDITED if owed else _nothing_owed(sums)
    if sums.has_settlement and sums.credited + sums.settled >= owed:
        return MoneyState.SETTLED_OTHERWISE
    if sums.matched >= owed:
        return MoneyState.MATCHED if sums.matched == owed else MoneyState.MISMATCHED
    return _under_way(sums)


def _under_way(sums: _Sums) -> MoneyState:
    if any(receipt.suspense_code for receipt in sums.waiting):
        return MoneyState.MISMATCHED
    if sums.waiting:
        return MoneyState.RECEIVED
    net_paid = sums.paid - sums.returned
    if sums.returned and net_paid <= sums.matched:
        return MoneyState.RETURNED_TO_PAYER
    return MoneyState.PAID if net_paid > sums.matched else MoneyState.AWAITING_PAYMENT


def _without_transfer(acct_disposition: AcctDisposition, sums: _Sums) -> MoneyState:
    if sums.paid - sums.returned > 0 or sums.credited or sums.waiting:
        return MoneyState.MISMATCHED
    if acct_disposition is AcctDisposition.NONE:
        return MoneyState.NONE
    return MoneyState.SETTLED_OTHERWISE if sums.has_settlement else MoneyState.AWAITING_PAYMENT


def _nothing_owed(sums: _Sums) -> MoneyState:
    is_quiet = sums.paid - sums.returned <= 0 and not sums.waiting
    return MoneyState.NONE if is_quiet else MoneyState.MISMATCHED


def _last_words(facts: Sequence[MoneyFact]) -> list[MoneyFact]:
    """Without matches that the ledger has taken back since, or told anew for the same receipt and obligation."""
    last = {
        (fact.obligation_no, fact.receipt_no): place
        for place, fact in enumerate(facts)
        if fact.kind is MoneyFactKind.MATCHED
    }
    return [
        fact
        for place, fact in enumerate(facts)
        if fact.kind is not MoneyFactKind.MATCHED
        or (fact.amount > 0 and last[fact.obligation_no, fact.receipt_no] == place)
    ]


def _sum_up(facts: Sequence[MoneyFact]) -> _Sums:
    def total(kind: MoneyFactKind) -> int:
        return sum(fact.amount for fact in facts if fact.kind is kind)

    refunded = total(MoneyFactKind.REFUNDED)
    return _Sums(
        total(MoneyFactKind.CREDITED) - total(MoneyFactKind.REVERSED),
        # A credit proves its match, which may still be on its way.
        max(total(MoneyFactKind.MATCHED), total(MoneyFactKind.CREDITED)) - refunded,
        max(total(MoneyFactKind.PAID) - refunded, 0),
        total(MoneyFactKind.RETURNED),
        total(MoneyFactKind.SETTLED_OTHERWISE),
        any(fact.kind is MoneyFactKind.SETTLED_OTHERWISE for fact in facts),
        _receipts_in_suspense(facts),
    )


def _receipts_in_suspense(facts: Sequence[MoneyFact]) -> tuple[MoneyFact, ...]:
    """The latest word on each receipt that was neither matched nor sent back since, and was for this case at all."""
    matched = {fact.receipt_no for fact in facts if fact.kind is MoneyFactKind.MATCHED}
    # A word over nothing: the money was for other cases, or went back to its payer.
    matched |= {fact.receipt_no for fact in facts if fact.kind is MoneyFactKind.RECEIVED and not fact.amount}
    last_return = max((fact.on for fact in facts if fact.kind is MoneyFactKind.RETURNED), default=date.min)
    waiting: dict[str | None, MoneyFact] = {}
    for fact in facts:
        if fact.kind is MoneyFactKind.RECEIVED and fact.receipt_no not in matched and fact.on >= last_return:
            known = waiting.get(fact.receipt_no)
            waiting[fact.receipt_no] = fact if known is None or fact.suspense_code else known
    return tuple(waiting.values())
