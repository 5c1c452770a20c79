"""Give money that waits back to who paid it: an order of its own, which two people release like any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.orders import OrderState
from ledger.domain.refunds import (
    OwnAccount,
    Payee,
    RefundFacts,
    refund_amount,
    refund_end_to_end_id,
    refund_leaves_from,
    refund_note,
    refund_payee,
    refund_reference,
)
from ledger.domain.rejections import BankContradictsItself
from ledger.domain.suspense_items import SuspenseItem
from ledger.domain.suspense_steps import SuspenseStep
from ledger.parsers.amounts import clean_account
from ledger.repository import bank_accounts, obligations, refunds, suspense_events
from ledger.repository.suspense_events import NewEvent
from ledger.use_cases.choose_items import Chosen, Wanted, choose_items
from ledger.use_cases.link_come_back import link_come_back
from ledger.use_cases.registered_accounts import payees_of
from ledger.use_cases.settle_states import settle_states
from shared.clock import local_date
from shared.money import format_yuan
from shared.registry.models import AccountUse
from shared.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class RefundTerms:
    """What a clerk says of the return: how much (fen; all that is left by default), to which account, and why.

    ``came_back``: the paid return that the bank brought back as this item, where matching could not tell.
    """

    reason: str
    amount_fen: int | None = None
    payee_bankacct: str | None = None
    came_back: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Accounts:
    """Where money may leave from and go to, as of today."""

    registry: Registry
    own: Mapping[str, OwnAccount]
    payer_bankacct: str | None
    now: datetime

    def registered(self, admdvs: str | None) -> dict[str, Payee]:
        return {} if admdvs is None else payees_of(self.registry, admdvs, local_date(self.now))


async def refund_items(
    connection: AsyncConnection,
    admdvs: str,
    wanted: Sequence[Wanted],
    terms: RefundTerms,
    *,
    registry: Registry,
    by: str,
    now: datetime,
) -> tuple[Chosen, dict[int, UUID]]:
    """Order the return of each item; which were, why others were not, and the orders by line.

    Refusals besides those of ``choose_items``: ``NotRefundable`` and ``BankContradictsItself``.
    """
    chosen = await choose_items(connection, admdvs, wanted)
    if terms.came_back is not None:
        await link_come_back(connection, admdvs, chosen, terms.came_back, reason=terms.reason, by=by, now=now)
    known = await refunds.facts(connection, admdvs, chosen.line_ids)
    accounts = await _accounts(connection, admdvs, registry, now)
    chosen, rows = chosen.narrowed(lambda item: _order(admdvs, item, known[item.line_id], terms, accounts))
    await obligations.add_orders(connection, rows)
    await settle_states(connection, [row["id"] for row in rows])
    events = [
        NewEvent(
            row["returns_line_id"],
            SuspenseStep.REFUND_ORDERED,
            terms.reason,
            {"order_id": str(row["id"]), "amount": format_yuan(row["amount_fen"])},
        )
        for row in rows
    ]
    await suspense_events.add(connection, admdvs, events, by=by, now=now)
    return chosen, {row["returns_line_id"]: row["id"] for row in rows}


async def _accounts(connection: AsyncConnection, admdvs: str, registry: Registry, now: datetime) -> _Accounts:
    today = local_date(now)
    own = {
        one.bankacct: OwnAccount(one.bankacct, one.role, one.fund)
        for one in await bank_accounts.of_agency(connection, admdvs)
        if one.valid_to is None or today <= one.valid_to
    }
    payer = registry.bank_account(admdvs, AccountUse.PAYER, today)
    return _Accounts(registry, own, None if payer is None else clean_account(payer.bankacct), now)


def _order(
    admdvs: str, item: SuspenseItem, facts: RefundFacts, terms: RefundTerms, accounts: _Accounts
) -> dict[str, Any]:
    if facts.is_contradicted:
        raise BankContradictsItself("银行对前一次退回的说法前后矛盾，请先核实，由两人解除提示")
    amount = refund_amount(item, terms.amount_fen)
    leaves_from = refund_leaves_from(facts, accounts.payer_bankacct, accounts.own)
    payee = refund_payee(facts, terms.payee_bankacct, accounts.registered(facts.counterparty_admdvs))
    reference = refund_reference(facts)
    return {
        "id": uuid4(),
        "admdvs": admdvs,
        "returns_line_id": item.line_id,
        "rlts_traf_id": facts.rlts_traf_id,
        "end_to_end_id": refund_end_to_end_id(facts.rlts_traf_id, reference),
        "remittance_note": refund_note(facts, reference),
        "match_name": "",
        "amount_fen": amount,
        "payer_bankacct": leaves_from,
        "payee_bankacct": payee.bankacct,
        "payee_acctname": payee.acctname,
        "payee_bankcode": payee.bankcode,
        "state": OrderState.READY.value,
        "created_at": accounts.now,
    }
