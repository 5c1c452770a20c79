"""What old items are checked against: the registry, our accounts, the statements and the items that are here."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.obligations import BookSide
from ledger.domain.opening_items import OpeningItem, Surroundings, require_bookable
from ledger.domain.payable import Account, Route
from ledger.parsers.amounts import clean_account
from ledger.repository import opening_items, periods
from ledger.use_cases.open_bank_accounts import open_bank_accounts
from shared.clock import local_date
from shared.errors import DomainError
from shared.registry.models import AccountUse
from shared.registry.registry import Registry


async def surroundings_of(
    connection: AsyncConnection, admdvs: str, items: Sequence[OpeningItem], registry: Registry, *, now: datetime
) -> Surroundings:
    """What these items of one agency are checked against; the caller holds its matching lock."""
    accounts = await open_bank_accounts(connection, admdvs, registry, now=now)
    areas = {code for item in items for code in (item.trafout_admdvs, item.trafin_admdvs) if code is not None}
    return Surroundings(
        today=local_date(now),
        open_from=await periods.first_open_day(connection, admdvs),
        accounts={account.bankacct for account in accounts},
        first_days=await opening_items.first_days(connection, admdvs),
        taken=await opening_items.refs_taken(connection, admdvs, items),
        cases=await opening_items.cases_known(connection, admdvs, items),
        routes={item.item_id: route_of(item, registry, now) for item in items if item.side is not None},
        areas={code for code in areas if registry.area(code) is not None},
    )


def checked(items: Sequence[OpeningItem], around: Surroundings) -> list[OpeningItem | DomainError]:
    """Each item, in order, or what is wrong with it; an item is also checked against those before it."""
    outcomes: list[OpeningItem | DomainError] = []
    for item in items:
        try:
            require_bookable(item, around)
        except DomainError as error:
            outcomes.append(error)
            continue
        own = set() if item.side is None or item.rlts_traf_id is None else {(item.side.value, item.rlts_traf_id)}
        around = replace(around, taken={*around.taken, item.own_ref}, cases={*around.cases, *own})
        outcomes.append(item)
    return outcomes


def route_of(item: OpeningItem, registry: Registry, now: datetime) -> Route | None:
    """Whence and whither the money of an item goes, ``None`` where an account is missing.

    The accounts are the registry's of today. The other area's may stand in the old books where the registry has none.
    """
    if item.trafout_admdvs is None or item.trafin_admdvs is None:
        return None
    is_ours = item.side is BookSide.PAYER
    payer = _account(item, item.trafout_admdvs, AccountUse.PAYER, registry, now, may_be_stated=not is_ours)
    payee = _account(item, item.trafin_admdvs, AccountUse.RECEIVER, registry, now, may_be_stated=is_ours)
    if payer is None or payee is None:
        return None
    return Route(payer.bankacct, payee.bankacct, payee.acctname, payee.bankcode)


def _account(
    item: OpeningItem, admdvs: str, use: AccountUse, registry: Registry, now: datetime, *, may_be_stated: bool
) -> Account | None:
    found = registry.bank_account(admdvs, use, local_date(now))
    stated = item.stated if may_be_stated else None
    if found is None:
        return stated
    number = clean_account(found.bankacct)
    # A stated account beside a registered one is a mistake or a fraud.
    if stated is not None and stated.bankacct != number:
        return None
    return Account(number, found.acctname, found.bankcode)
