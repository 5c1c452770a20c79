"""Say what one of the agency's bank accounts is for."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository import bank_accounts, orders
from ledger.repository.bank_accounts import BankAccountRow
from ledger.repository.locks import lock_matching
from ledger.use_cases.settle_states import settle_states
from ledger.writers.payment_file import require_form
from shared.errors import Conflict, NotFound
from shared.web.etags import Expected


class FundHasLines(Conflict):
    """The account's lines stand in the books of one fund; it cannot become another's."""

    code = "bank-account-has-lines"


async def set_bank_account(
    connection: AsyncConnection,
    admdvs: str,
    bankacct: str,
    values: dict[str, Any],
    *,
    expected: Expected,
    by: str,
    now: datetime,
) -> BankAccountRow:
    """The account as changed; lines booked before stay where they were booked, and so in the books of their fund.

    Raises ``NotFound``, ``PreconditionFailed``, ``UnknownPaymentForm`` and ``FundHasLines``.
    """
    require_form(values["payment_form"])
    row = (await bank_accounts.lock(connection, admdvs, [bankacct])).get(bankacct)
    if row is None:
        raise NotFound("登记库中没有本机构的这个银行账户")
    expected.require(row.version)
    wanted = values | {"fund": values["fund"] or row.fund}
    if wanted["fund"] != row.fund and await bank_accounts.has_lines(connection, row.id):
        raise FundHasLines("该账户已有流水，不能改到另一个基金的账上")
    await bank_accounts.change(connection, admdvs, bankacct, wanted, by=by, now=now)
    await bank_accounts.open_books(connection, admdvs)
    await lock_matching(connection, [admdvs])
    await settle_states(connection, await orders.payable_from(connection, admdvs, bankacct))
    return (await bank_accounts.lock(connection, admdvs, [bankacct]))[bankacct]
