"""The titles of the chart of accounts (domain §8); names and official codes are data (table ``account_title``)."""

from enum import StrEnum


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


class Side(StrEnum):
    """The side on which an account's balance normally stands."""

    DEBIT = "debit"
    CREDIT = "credit"


class HifAcctType(StrEnum):
    """``hif_acct_type``: what a real bank account is for."""

    INCOME = "1"
    EXPENDITURE = "2"
    BOTH = "3"


DEPOSIT_TITLE = {
    HifAcctType.INCOME: Title.INCOME_DEPOSIT,
    HifAcctType.EXPENDITURE: Title.EXPENDITURE_DEPOSIT,
    HifAcctType.BOTH: Title.EXPENDITURE_DEPOSIT,
}
"""Which title a bank account's deposits stand under; a 收支户 pays, so it stands with 支出户存款."""


def signed_balance(debit_fen: int, credit_fen: int, normal_side: Side) -> int:
    """The balance in fen as its owner reads it: positive on the account's normal side."""
    return debit_fen - credit_fen if normal_side is Side.DEBIT else credit_fen - debit_fen
