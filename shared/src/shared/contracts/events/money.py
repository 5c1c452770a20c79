"""The money's track. Every event is a fact: it is stored even where it disagrees with another."""

from datetime import date, datetime
from typing import ClassVar

from shared.contracts.codes import AcctDisposition, Origin
from shared.contracts.events.event import Event, Route
from shared.contracts.party import Role
from shared.money import Fen

_LEDGER_NEWS: frozenset[Route] = frozenset(
    {(Role.LEDGER, Role.PLATFORM), (Role.LEDGER, Role.OUTBOUND), (Role.LEDGER, Role.INBOUND)}
)


class BalancePayable(Event):
    """An accepted sheet makes its amount payable from outbound to inbound.

    Each agency tells its own ledger: sent by the outbound it makes the ledger the payer, by the inbound the
    payee. The ledger verifies ``sealed_sheet`` and ``arrival`` itself, so that money is only ever matched with
    the sealed document (N9). Where ``origin`` is paper the agency's own statements stand in their place: the
    inbound's of what it read (``sealed_sheet``), the outbound's of the dispatch (``arrival``).
    ``obligation_no`` is ``"1"``, ``"2"``, … within the case.
    """

    routes: ClassVar = frozenset({(Role.OUTBOUND, Role.LEDGER), (Role.INBOUND, Role.LEDGER)})

    obligation_no: str
    sheet_version: int
    trafout_admdvs: str
    trafin_admdvs: str
    psn_name: str
    amount: Fen
    sealed_sheet: str
    arrival: str
    payer_bankacct: str
    payee_bankacct: str
    origin: Origin = Origin.ELECTRONIC


class BalanceVoided(Event):
    """The case has ended after a sheet was accepted: nothing is owed any more, and what was paid goes back.

    Each agency tells its own ledger: it cancels what was not released, and under ``obligation_no`` waits for, or
    gives back, what has moved.
    """

    routes: ClassVar = frozenset({(Role.OUTBOUND, Role.LEDGER), (Role.INBOUND, Role.LEDGER)})

    obligation_no: str
    reason: str


class PaymentHoldChanged(Event):
    """A clerk of the outbound holds the payment of a case, or lifts the hold."""

    routes: ClassVar = frozenset({(Role.OUTBOUND, Role.LEDGER)})

    is_held: bool
    reason: str


class BalancePaid(Event):
    """The payer's bank statement shows the payment."""

    routes: ClassVar = _LEDGER_NEWS

    obligation_no: str
    amount: Fen
    booked_on: date
    end_to_end_id: str


class BalanceReceived(Event):
    """The payee's bank statement shows money that names the case; it stands in suspense until matched.

    An ``amount`` of 0 takes the receipt back: the money was for others, or went back, was set off or given up.
    """

    routes: ClassVar = _LEDGER_NEWS

    amount: Fen
    booked_on: date
    receipt_no: str
    suspense_code: str | None = None


class BalanceMatched(Event):
    """The money agrees with the sealed document to the fen; now, and only now, it may be credited (N9).

    Where several receipts make up what is due, all are told once the last is there: the platform gets one message a
    receipt, with its share as ``amount``; the inbound gets one over all that was due. Where receipts are exchanged, the
    platform is told which stand now: its last word on a receipt counts, and an ``amount`` of 0 takes its match back.
    """

    routes: ClassVar = _LEDGER_NEWS

    obligation_no: str
    amount: Fen
    receipt_no: str
    matched_at: datetime


class BalanceCredited(Event):
    """The inbound's core has credited the personal account."""

    routes: ClassVar = frozenset({(Role.INBOUND, Role.PLATFORM), (Role.INBOUND, Role.LEDGER)})

    obligation_no: str
    amount: Fen
    credited_on: date
    core_ref: str | None = None


class BalanceReturned(Event):
    """A payment came back to the payer (退汇, 退回); it is to be paid again or closed by a clerk.

    ``is_owed``: the payee owed it back under ``obligation_no``, after a correction or the end of the case, so that
    nothing is to be paid again.
    """

    routes: ClassVar = _LEDGER_NEWS

    obligation_no: str
    amount: Fen
    booked_on: date
    reason: str
    is_owed: bool = False


class BalanceReleased(Event):
    """Money that the inbound owes back under ``obligation_no`` stands in nobody's account (any more): it may go.

    ``reversed_amount`` of it had been credited, and the core has taken that back (``reverse_entry``).
    """

    routes: ClassVar = frozenset({(Role.INBOUND, Role.PLATFORM), (Role.INBOUND, Role.LEDGER)})

    obligation_no: str
    amount: Fen
    reversed_amount: Fen
    released_on: date
    core_ref: str | None = None


class BalanceSettledOtherwise(Event):
    """The balance does not travel (``acct_disposition``); the outbound says what was done and its evidence."""

    routes: ClassVar = frozenset({(Role.OUTBOUND, Role.PLATFORM)})

    acct_disposition: AcctDisposition
    amount: Fen
    settled_on: date
    reason: str
    core_ref: str | None = None
