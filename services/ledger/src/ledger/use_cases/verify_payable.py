"""Believe a payable only by the documents it carries, the signatures over them, and the registry."""

from dataclasses import dataclass
from datetime import date, datetime

from ledger.domain.accounts_changed import entry_of
from ledger.domain.obligations import Reason
from ledger.domain.payable import (
    Account,
    AccountNotRegistered,
    Payable,
    require_addendum_agreement,
    require_agreement,
    side_of,
)
from ledger.parsers.amounts import clean_account
from ledger.use_cases.registered_accounts import route, way_back
from shared.clock import local_date
from shared.contracts.addendum import SheetAddendum
from shared.contracts.codes import Origin
from shared.contracts.events import AddendumPayable, BalancePayable
from shared.contracts.info_sheet import InfoSheet
from shared.contracts.paper import StatedAccount
from shared.contracts.party import Role
from shared.errors import DomainError
from shared.law import design, law
from shared.messaging import CannotApply, Delivery
from shared.registry.copy import RegistryCopy
from shared.registry.models import AccountUse
from shared.registry.registry import Registry
from shared.signing.addendum import open_arrived_addendum
from shared.signing.countersign import open_arrived_sheet
from shared.signing.errors import KeyUnknown, WrongOwner
from shared.signing.paper import (
    open_dispatched_addendum,
    open_dispatched_sheet,
    open_paper_addendum,
    open_paper_sheet,
)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the documents say: why it is owed, the document's number (a sheet's version or an addendum's own), its
    file's digest, when it holds from, and the other area's account if it stands on paper only."""

    reason: Reason
    number: int
    digest: str
    arrived_at: datetime
    stated: StatedAccount | None = None


PayableDelivery = Delivery[BalancePayable] | Delivery[AddendumPayable]


@law("N9-2")
async def verify_payable(delivery: PayableDelivery, registry: RegistryCopy, now: datetime) -> Payable:
    """The payable of one message; raises ``CannotApply`` with the code of what does not hold."""
    try:
        return await _believe(delivery, registry, now)
    except DomainError as error:
        raise CannotApply(error.message, code=error.code, errors=error.errors) from error


async def _believe(delivery: PayableDelivery, registry: RegistryCopy, now: datetime) -> Payable:
    try:
        return _payable(delivery, registry.current, now)
    except (KeyUnknown, AccountNotRegistered):
        if not await registry.refresh_for_unknown():
            raise
        return _payable(delivery, registry.current, now)


def _payable(delivery: PayableDelivery, registry: Registry, now: datetime) -> Payable:
    event, is_payer = delivery.event, delivery.sender.role is Role.OUTBOUND
    on_paper = event.origin is Origin.PAPER
    evidence = _evidence(delivery, registry, now)
    arrived_on = local_date(evidence.arrived_at)
    stated_payee = evidence.stated if is_payer else None
    payee = _account(registry, event.trafin_admdvs, event.payee_bankacct, AccountUse.RECEIVER, arrived_on, stated_payee)
    if on_paper and not is_payer and not event.payer_bankacct:
        # The paper names no account: nothing will match by itself, and two clerks match it by hand.
        payer = Account("", "", None)
    else:
        stated_payer = None if is_payer else evidence.stated
        payer = _account(
            registry, event.trafout_admdvs, event.payer_bankacct, AccountUse.PAYER, arrived_on, stated_payer
        )
    return Payable(
        admdvs=delivery.recipient.admdvs or "",
        side=side_of(delivery.sender),
        rlts_traf_id=delivery.rlts_traf_id,
        event=event,
        reason=evidence.reason,
        document_no=evidence.number,
        digest=evidence.digest,
        arrived_at=evidence.arrived_at,
        route=route(payer, payee),
        back=way_back(registry, event.trafout_admdvs, event.trafin_admdvs, arrived_on),
    )


def _evidence(delivery: PayableDelivery, registry: Registry, now: datetime) -> _Evidence:
    event = delivery.event
    if isinstance(event, AddendumPayable):
        return _addendum(delivery, event, registry, now)
    if event.origin is Origin.PAPER:
        sheet, evidence = _on_paper(delivery, event, registry, now)
    else:
        sheet, evidence = _electronic(event, registry)
    require_agreement(delivery.sender, delivery.recipient, delivery.rlts_traf_id, event, sheet)
    return evidence


@design("addendum for money after sealing: verified like a sheet")
def _addendum(delivery: PayableDelivery, event: AddendumPayable, registry: Registry, now: datetime) -> _Evidence:
    if event.origin is Origin.PAPER:
        addendum, evidence = _addendum_on_paper(delivery, event, registry, now)
    else:
        arrival, opened = open_arrived_addendum(event.sealed_addendum, event.arrival, registry.keys)
        addendum = opened.addendum
        evidence = _Evidence(Reason.ADDENDUM, event.addendum_no, opened.digest, arrival.arrived_at)
    require_addendum_agreement(delivery.sender, delivery.recipient, delivery.rlts_traf_id, event, addendum)
    return evidence


@design("paper: the agency's own signed statement in place of seal and countersignature")
def _addendum_on_paper(
    delivery: PayableDelivery, event: AddendumPayable, registry: Registry, now: datetime
) -> tuple[SheetAddendum, _Evidence]:
    """As a sheet on paper, ``_on_paper``."""
    if delivery.sender.role is Role.OUTBOUND:
        sealed, dispatch = open_dispatched_addendum(event.sealed_addendum, event.arrival, registry.keys, now)
        _require_own(dispatch.owner == delivery.sender)
        payee = dispatch.statement.payee_account
        return sealed.addendum, _Evidence(Reason.ADDENDUM, event.addendum_no, sealed.digest, now, payee)
    paper = open_paper_addendum(event.sealed_addendum, registry.keys, now)
    _require_own(paper.owner == delivery.sender)
    payer = paper.statement.payer_account
    return paper.statement.addendum, _Evidence(Reason.ADDENDUM, event.addendum_no, paper.digest, now, payer)


def _electronic(event: BalancePayable, registry: Registry) -> tuple[InfoSheet, _Evidence]:
    arrived = open_arrived_sheet(event.sealed_sheet, event.arrival, registry.keys)
    opened = arrived.opened
    return opened.sheet, _Evidence(_reason(event), event.sheet_version, opened.digest, arrived.arrival.arrived_at)


def _reason(event: BalancePayable) -> Reason:
    return Reason.BALANCE if event.obligation_no == "1" else Reason.CORRECTION


@design("paper: the agency's own signed statement in place of seal and countersignature")
def _on_paper(
    delivery: PayableDelivery, event: BalancePayable, registry: Registry, now: datetime
) -> tuple[InfoSheet, _Evidence]:
    """Keys are judged now: nobody vouches for an earlier moment."""
    if delivery.sender.role is Role.OUTBOUND:
        sheet, dispatch = open_dispatched_sheet(event.sealed_sheet, event.arrival, registry.keys, now)
        _require_own(sheet.owner == delivery.sender)
        payee = dispatch.statement.payee_account
        return sheet.sheet, _Evidence(_reason(event), event.sheet_version, sheet.digest, now, payee)
    paper = open_paper_sheet(event.sealed_sheet, registry.keys, now)
    _require_own(paper.owner == delivery.sender)
    payer = paper.statement.payer_account
    return paper.statement.sheet, _Evidence(_reason(event), event.sheet_version, paper.digest, now, payer)


def _require_own(is_own: bool) -> None:
    if not is_own:
        raise WrongOwner("纸质材料的声明不是来件机构自己签署的")


def _account(
    registry: Registry, admdvs: str, bankacct: str, use: AccountUse, on: date, stated: StatedAccount | None
) -> Account:
    """The account as registered on the day, or once (an order keeps the account of its day), or as paper states it."""
    area = registry.area(admdvs)
    wanted = clean_account(bankacct)
    entries = area.bank_accounts if area else ()
    entry = entry_of([one for one in entries if one.use is use and clean_account(one.bankacct) == wanted], on)
    if entry is not None:
        return Account(entry.bankacct, entry.acctname, entry.bankcode)
    if stated is not None and clean_account(stated.bankacct) == wanted:
        return Account(stated.bankacct, stated.acctname, stated.bankcode)
    raise AccountNotRegistered("应付通知中的银行账户不是登记的收付款账户")
