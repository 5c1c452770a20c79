"""Which messages the ledger obeys, and the use case for each."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.use_cases.hold_payments import hold_payments
from ledger.use_cases.record_credits import record_credits
from ledger.use_cases.record_payables import record_payables
from ledger.use_cases.release_returns import release_returns
from ledger.use_cases.verify_payable import PayableDelivery
from ledger.use_cases.void_balances import void_balances
from shared.clock import Clock
from shared.contracts.events import (
    AddendumPayable,
    BalanceCredited,
    BalancePayable,
    BalanceReleased,
    BalanceVoided,
    PaymentHoldChanged,
)
from shared.messaging import Delivery, Handlers
from shared.registry.copy import RegistryCopy
from shared.signing.signers import Signers


def handlers(registry: RegistryCopy, signers: Signers, clock: Clock) -> Handlers:
    """By event type."""

    async def payable(connection: AsyncConnection, deliveries: Sequence[PayableDelivery]) -> None:
        await record_payables(connection, deliveries, registry=registry, signers=signers, now=clock.now())

    async def hold(connection: AsyncConnection, deliveries: Sequence[Delivery[PaymentHoldChanged]]) -> None:
        await hold_payments(connection, deliveries, now=clock.now())

    async def credited(connection: AsyncConnection, deliveries: Sequence[Delivery[BalanceCredited]]) -> None:
        await record_credits(connection, deliveries)

    async def voided(connection: AsyncConnection, deliveries: Sequence[Delivery[BalanceVoided]]) -> None:
        await void_balances(connection, deliveries, registry=registry.current, signers=signers, now=clock.now())

    async def released(connection: AsyncConnection, deliveries: Sequence[Delivery[BalanceReleased]]) -> None:
        await release_returns(connection, deliveries)

    return {
        BalancePayable: payable,
        AddendumPayable: payable,
        PaymentHoldChanged: hold,
        BalanceCredited: credited,
        BalanceReleased: released,
        BalanceVoided: voided,
    }
