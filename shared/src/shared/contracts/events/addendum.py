"""Money that came after sealing: the addendum on its way, by the steps of a sheet."""

from datetime import datetime
from typing import ClassVar

from shared.contracts.addendum import AddendumNo
from shared.contracts.codes import Origin
from shared.contracts.events.event import Event
from shared.contracts.party import Role
from shared.money import Fen


class AddendumIssued(Event):
    """The outbound has sealed an addendum. ``sealed_addendum`` is the JWS text exactly as it was made.

    Of a case on paper the inbound tells of one that came on paper: then it is its signed statement.
    """

    routes: ClassVar = frozenset({(Role.OUTBOUND, Role.PLATFORM), (Role.INBOUND, Role.PLATFORM)})

    addendum_no: AddendumNo
    sealed_addendum: str
    amount: Fen
    sealed_at: datetime


class AddendumAccepted(Event):
    """The platform has verified an addendum and taken it in; ``arrival`` is its countersignature (JWS text)."""

    routes: ClassVar = frozenset({(Role.PLATFORM, Role.OUTBOUND)})

    addendum_no: AddendumNo
    arrival: str


class AddendumRefused(Event):
    """The platform did not take an addendum in: the case has ended, or seal or content do not hold."""

    routes: ClassVar = frozenset({(Role.PLATFORM, Role.OUTBOUND)})

    addendum_no: AddendumNo
    code: str


class AddendumRouted(Event):
    """An accepted addendum on its way to the inbound, byte for byte, with the platform's countersignature."""

    routes: ClassVar = frozenset({(Role.PLATFORM, Role.INBOUND)})

    addendum_no: AddendumNo
    sealed_addendum: str
    arrival: str
    routed_at: datetime


class AddendumPayable(Event):
    """An accepted addendum makes its amount payable from outbound to inbound, beside what the sheet does.

    Each agency tells its own ledger, which verifies addendum and arrival itself (as with ``BalancePayable``). On paper
    its signed statement stands for both, or the outbound's of the dispatch for the arrival.
    """

    routes: ClassVar = frozenset({(Role.OUTBOUND, Role.LEDGER), (Role.INBOUND, Role.LEDGER)})

    obligation_no: str
    addendum_no: AddendumNo
    trafout_admdvs: str
    trafin_admdvs: str
    psn_name: str
    amount: Fen
    sealed_addendum: str
    arrival: str
    payer_bankacct: str
    payee_bankacct: str
    origin: Origin = Origin.ELECTRONIC
