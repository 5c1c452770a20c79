"""Believe a payable only by the sealed sheet, the platform's countersignature and the registry."""

from ledger.domain.payable import AccountNotRegistered, Payable, require_agreement, side_of
from ledger.parsers.amounts import clean_account
from shared.contracts.events import BalancePayable
from shared.errors import DomainError
from shared.messaging import CannotApply, Delivery
from shared.registry.copy import RegistryCopy
from shared.registry.models import AccountUse, BankAccount
from shared.registry.registry import Registry
from shared.signing.countersign import open_arrived_sheet
from shared.signing.errors import KeyUnknown


async def verify_payable(delivery: Delivery[BalancePayable], registry: RegistryCopy) -> Payable:
    """The payable of one message; raises ``CannotApply`` with the code of what does not hold."""
    try:
        return await _believe(delivery, registry)
    except DomainError as error:
        raise CannotApply(error.message, code=error.code, errors=error.errors) from error


async def _believe(delivery: Delivery[BalancePayable], registry: RegistryCopy) -> Payable:
    try:
        return _payable(delivery, registry.current)
    except (KeyUnknown, AccountNotRegistered):
        if not await registry.refresh_for_unknown():
            raise
        return _payable(delivery, registry.current)


def _payable(delivery: Delivery[BalancePayable], registry: Registry) -> Payable:
    event = delivery.event
    arrived = open_arrived_sheet(event.sealed_sheet, event.arrival, registry.keys)
    sheet = arrived.opened.sheet
    require_agreement(delivery.sender, delivery.recipient, delivery.rlts_traf_id, event, sheet)
    payer = _account(registry, event.trafout_admdvs, event.payer_bankacct, AccountUse.PAYER)
    payee = _account(registry, event.trafin_admdvs, event.payee_bankacct, AccountUse.RECEIVER)
    return Payable(
        admdvs=delivery.recipient.admdvs or "",
        side=side_of(delivery.sender),
        rlts_traf_id=delivery.rlts_traf_id,
        event=event,
        sheet_digest=arrived.opened.digest,
        arrived_at=arrived.arrival.arrived_at,
        payer_bankacct=clean_account(payer.bankacct),
        payee_bankacct=clean_account(payee.bankacct),
        payee_acctname=payee.acctname,
        payee_bankcode=payee.bankcode,
    )


def _account(registry: Registry, admdvs: str, bankacct: str, use: AccountUse) -> BankAccount:
    """The account as registered, now or once: an order keeps the account of its day."""
    area = registry.area(admdvs)
    wanted = clean_account(bankacct)
    for account in area.bank_accounts if area else ():
        if account.use is use and clean_account(account.bankacct) == wanted:
            return account
    raise AccountNotRegistered("应付通知中的银行账户不是登记的收付款账户")
