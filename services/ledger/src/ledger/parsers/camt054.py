"""camt.054 (ISO 20022, BankToCustomerDebitCreditNotification), version .02 and later: entries without balances."""

from typing import BinaryIO

from ledger.domain.notice import NoticeHead
from ledger.domain.statement import CurrencyNotSupported, Line, Totals
from ledger.parsers.camt import CamtKind, account_of, groups, number_of, place_of, text_at
from ledger.parsers.guarded_xml import Element
from ledger.parsers.line_spool import LineSpool


def read_heads(file: BinaryIO, spool: LineSpool) -> list[NoticeHead]:
    """Every notification of the file with the totals of its booked lines, which ``spool`` keeps.

    Raises a ``StatementRefused``.
    """
    heads: list[NoticeHead] = []
    totals = Totals()
    for found in groups(file, CamtKind.NOTIFICATION, _names):
        if isinstance(found, Line):
            totals.add(found)
            spool.add(found)
        else:
            heads.append(NoticeHead(*found, totals))
            totals = Totals()
            spool.end_group()
    return heads


def _names(group: Element, _entries: int, _booked: int) -> tuple[str, str]:
    if text_at(group, "{*}Acct/{*}Ccy") not in (None, "CNY"):
        raise CurrencyNotSupported(f"通知的账户币种不是人民币（CNY）{place_of(group)}")
    return account_of(group), number_of(group)
