"""camt.054 (ISO 20022, BankToCustomerDebitCreditNotification), version .02 and later: entries without balances."""

from collections.abc import Iterator
from typing import BinaryIO

from ledger.domain.notice import NoticeHead
from ledger.domain.statement import CurrencyNotSupported, Line, Totals
from ledger.parsers.camt import CamtKind, account_of, groups, number_of, place_of, text_at
from ledger.parsers.guarded_xml import Element


def read_heads(file: BinaryIO) -> list[NoticeHead]:
    """Every notification of the file with the totals of its booked lines; raises a ``StatementRefused``."""
    heads: list[NoticeHead] = []
    totals = Totals()
    for found in groups(file, CamtKind.NOTIFICATION, _names):
        if isinstance(found, Line):
            totals.add(found)
        else:
            heads.append(NoticeHead(*found, totals))
            totals = Totals()
    return heads


def read_lines(file: BinaryIO) -> Iterator[tuple[int, Line]]:
    """Every booked line with the index of its notification in the file."""
    index = 0
    for found in groups(file, CamtKind.NOTIFICATION, lambda *_: None):
        if found is None:
            index += 1
        else:
            yield index, found


def _names(group: Element, _entries: int, _booked: int) -> tuple[str, str]:
    if text_at(group, "{*}Acct/{*}Ccy") not in (None, "CNY"):
        raise CurrencyNotSupported(f"通知的账户币种不是人民币（CNY）{place_of(group)}")
    return account_of(group), number_of(group)
