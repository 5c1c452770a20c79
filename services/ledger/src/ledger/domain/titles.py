"""The titles of the chart of accounts (domain §8); names and official codes are data (table ``account_title``)."""

from enum import StrEnum

EMPLOYEE_FUND = "310"
"""职工医保 (``insutype``): the only fund whose money moves with a transfer (N2)."""


class Title(StrEnum):
    """Which kind of account of the fund's books."""

    INCOME_DEPOSIT = "income_deposit"
    EXPENDITURE_DEPOSIT = "expenditure_deposit"
    TREASURY_DEPOSIT = "treasury_deposit"
    TRANSFER_INCOME = "transfer_income"
    TRANSFER_EXPENDITURE = "transfer_expenditure"
    TEMPORARY_RECEIPTS = "temporary_receipts"
    TEMPORARY_PAYMENTS = "temporary_payments"
    OTHER_BUSINESS = "other_business"
    WRITE_OFF = "write_off"


class Side(StrEnum):
    """The side on which an account's balance normally stands."""

    DEBIT = "debit"
    CREDIT = "credit"


class HifAcctType(StrEnum):
    """``hif_acct_type``: what a real bank account is for."""

    INCOME = "1"
    EXPENDITURE = "2"
    BOTH = "3"


class AccountRole(StrEnum):
    """What an account is for, 财政专户 among them, which ``hif_acct_type`` has no code for."""

    INCOME = "income"
    EXPENDITURE = "expenditure"
    BOTH = "both"
    TREASURY = "treasury"


_ROLES = {
    HifAcctType.INCOME: AccountRole.INCOME,
    HifAcctType.EXPENDITURE: AccountRole.EXPENDITURE,
    HifAcctType.BOTH: AccountRole.BOTH,
}


def account_role(hif_acct_type: str, *, is_treasury: bool) -> AccountRole:
    """The role of a bank account by its code; the treasury's is said beside it."""
    return AccountRole.TREASURY if is_treasury else _ROLES[HifAcctType(hif_acct_type)]


def leaving_account(bankacct: str, role: AccountRole, payer_bankacct: str | None) -> str | None:
    """The account that money received on ``bankacct`` is given back from, ``None`` where the agency has none.

    收入户 and 财政专户 pay nobody (收入户 is only swept), so what came in there leaves from ``payer_bankacct``, the
    account that the agency pays from; what came into an account that pays leaves from it.
    """
    return bankacct if role in (AccountRole.EXPENDITURE, AccountRole.BOTH) else payer_bankacct


def signed_balance(debit_fen: int, credit_fen: int, normal_side: Side) -> int:
    """The balance in fen as its owner reads it: positive on the account's normal side."""
    return debit_fen - credit_fen if normal_side is Side.DEBIT else credit_fen - debit_fen
