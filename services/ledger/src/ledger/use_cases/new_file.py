"""A judged bank file on its way into the books."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.statement import StatementRefused
from ledger.parsers.statement_file import StatementFile
from ledger.repository import bank_accounts
from ledger.repository.bank_accounts import BankAccountRow
from ledger.repository.statements import FileRow
from ledger.use_cases.open_bank_accounts import open_bank_accounts
from shared.registry.registry import Registry


class NotOurAccount(StatementRefused):
    """The statement is of a bank account that is not the agency's."""

    code = "statement-account-not-ours"


@dataclass(frozen=True, slots=True)
class NewFile:
    """A judged file with its identity: ``digest`` is SHA-256 (hex) of its bytes, ``by`` who brought it.

    ``is_supplement``: of days that were told before only the lines that are new are taken.
    """

    admdvs: str
    digest: str
    size_bytes: int
    by: str
    content: StatementFile
    is_supplement: bool = False

    @property
    def bankaccts(self) -> list[str]:
        """The accounts that it is about, in order."""
        stated, announced = self.content.heads, self.content.notices
        return sorted({head.bankacct for head in stated} | {head.bankacct for head in announced})

    def row(self, file_id: UUID, now: datetime) -> FileRow:
        """As the file is kept."""
        return FileRow(file_id, self.admdvs, self.digest, self.content.form, self.size_bytes, now, self.by)


async def lock_accounts(
    connection: AsyncConnection, new: NewFile, registry: Registry, now: datetime
) -> dict[str, BankAccountRow]:
    """The accounts of the file by number, locked; raises ``NotOurAccount`` where one is not the agency's."""
    await open_bank_accounts(connection, new.admdvs, registry, now=now)
    accounts = await bank_accounts.lock(connection, new.admdvs, new.bankaccts)
    if len(accounts) != len(new.bankaccts):
        raise NotOurAccount("对账单的账户不是本机构登记的账户，整份文件不予入账；请核对是否传错文件，新账户须先登记")
    return accounts
