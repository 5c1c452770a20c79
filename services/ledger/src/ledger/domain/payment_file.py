"""What a file of payments says to the bank, whichever form it takes: one payer account, its released orders."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ledger.domain.orders import OrderState
from shared.errors import Conflict, FieldError

_BANK_DIGITS = 3
"""The first digits of a 联行号 that tell the bank itself."""


@dataclass(frozen=True, slots=True)
class BankParty:
    """An account at a bank. ``bankcode`` is the 12-digit 联行号; ``bank_name`` the registry's for that account."""

    bankacct: str
    acctname: str
    bankcode: str | None
    bank_name: str | None


@dataclass(frozen=True, slots=True)
class Payment:
    """One order as the bank is to carry it out; the payee is the one that stood at sealing.

    ``place``: which of the batch's orders it is, as they are shown, from 0.
    """

    order_id: UUID
    place: int
    end_to_end_id: str
    amount_fen: int
    payee: BankParty
    note: str

    @property
    def reference(self) -> str:
        """Sixteen characters of its own, where a template has no room for ``EndToEndId`` (banks refuse repeats)."""
        return self.order_id.hex[:16].upper()


@dataclass(frozen=True, slots=True)
class Instruction:
    """Payments from one account, so for one bank. ``made_at`` is UTC, ``execute_on`` a Shanghai date."""

    file_id: UUID
    payer: BankParty
    payments: tuple[Payment, ...]
    made_at: datetime
    execute_on: date

    @property
    def amount_fen(self) -> int:
        """What they add up to."""
        return sum(payment.amount_fen for payment in self.payments)

    def is_same_bank(self, payment: Payment) -> bool | None:
        """Whether payer and payee hold accounts at one bank (行别); ``None`` where a 联行号 is missing."""
        payer, payee = self.payer.bankcode, payment.payee.bankcode
        if payer is None or payee is None:
            return None
        return payer[:_BANK_DIGITS] == payee[:_BANK_DIGITS]


class PaymentFileImpossible(Conflict):
    """What the form asks for is missing, too long or not to be written; each error names the order."""

    code = "payment-file-impossible"

    @classmethod
    def of(cls, errors: Iterable[FieldError]) -> "PaymentFileImpossible":
        """With every order at fault."""
        return cls(
            "有支付单写不进所选格式的文件，文件未生成；请按 errors 更正，或为付款账户改设其他格式", errors=tuple(errors)
        )


class PaymentFileOutdated(Conflict):
    """An order of the file has been paid, refused or given up since: sending it now could pay twice."""

    code = "payment-file-outdated"


class PaymentFileHeld(Conflict):
    """An order of the file is held, or its account has changed since two people released it."""

    code = "payment-file-held"

    @classmethod
    def of(cls, errors: Iterable[FieldError]) -> "PaymentFileHeld":
        """With every order that is held."""
        return cls(
            "有已放行的支付单现在须暂缓，不能发送；由业务解除暂缓或两人解除提示后再办，确不支付的登记拒绝并写明未发送",
            errors=tuple(errors),
        )


class AlreadyDownloaded(Conflict):
    """A file is handed out once; once more only after another person has permitted it."""

    code = "payment-file-already-downloaded"


class NotDownloadedYet(Conflict):
    """There is nothing to permit: the file has not been handed out, or the permission is still unused."""

    code = "payment-file-not-downloaded"


def at_order(place: int, code: str, message: str) -> FieldError:
    """What is wrong with an order; ``place`` among its batch's, as they are shown: who reads it sees no file."""
    return FieldError(f"/orders/{place}", code, message)


def require_all_released(states: Iterable[str]) -> None:
    """Returns when every order of a file still waits for the bank; raises ``PaymentFileOutdated``."""
    if any(state != OrderState.RELEASED for state in states):
        raise PaymentFileOutdated(
            "文件中有支付单已经支付、被银行拒绝或已另行支付，再发送可能重复付款，不能下载；"
            "文件未曾下载、只因登记了拒绝的，重新生成文件即可，其余未付的登记银行拒绝后重新支付"
        )
