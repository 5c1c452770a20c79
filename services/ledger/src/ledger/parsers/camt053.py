"""camt.053 (ISO 20022, BankToCustomerStatement), versions .02 to .08 and what is shaped alike."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import BinaryIO

from ledger.domain.statement import CurrencyNotSupported, Line, StatementHead, Totals
from ledger.parsers.amounts import clean_account, ends_at_midnight, read_iso_date, read_plain_fen
from ledger.parsers.camt_entry import read_entry
from ledger.parsers.errors import BadLine, UnsupportedForm
from ledger.parsers.guarded_xml import Element, elements, local_name, namespace

_NAMESPACE = re.compile(r"^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(0[2-8])$")
_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)
_MAX_STATEMENTS = 1000
_MAX_BALANCES = 100
_HEAD_PARTS = frozenset({"Id", "Acct", "FrToDt", "Bal"})


def read_heads(file: BinaryIO) -> list[StatementHead]:
    """Every statement of the file with the totals of its booked lines; raises a ``StatementRefused``."""
    heads: list[StatementHead] = []
    totals = Totals()
    for found in _walk(file):
        if isinstance(found, StatementHead):
            heads.append(replace(found, totals=totals))
            totals = Totals()
            if len(heads) > _MAX_STATEMENTS:
                raise UnsupportedForm("一个文件中的对账单过多")
        else:
            totals.add(found)
    if not heads:
        raise UnsupportedForm("文件中没有对账单（Stmt）")
    return heads


def read_lines(file: BinaryIO) -> Iterator[tuple[int, Line]]:
    """Every booked line with the index of its statement in the file."""
    index = 0
    for found in _walk(file):
        if isinstance(found, StatementHead):
            index += 1
        else:
            yield index, found


def _walk(file: BinaryIO) -> Iterator[Line | StatementHead]:
    """A statement's lines, then its head."""
    entry_no = 0
    is_checked = False
    for element in elements(file, "Ntry", "Stmt", "BkToCstmrStmt", "Document"):
        if not is_checked:
            _require_camt053(element)
            is_checked = True
        name = local_name(element)
        if name == "Ntry":
            entry_no += 1
            yield from read_entry(element, entry_no)
            _free(element)
        elif name == "Stmt":
            yield _read_head(element)
            entry_no = 0
            _free(element)
    if not is_checked:
        raise UnsupportedForm("不是 camt.053 对账单")


def _require_camt053(element: Element) -> None:
    root = element.getroottree().getroot()
    if local_name(root) != "Document" or not _NAMESPACE.match(namespace(root)):
        raise UnsupportedForm("只接受 camt.053.001.02 至 .08")


def _free(element: Element) -> None:
    """Empty an element, and drop what stands before it; the head's parts stay until Stmt ends."""
    # lxml forbids removing the element that iterparse stands on.
    element.clear()
    parent, previous = element.getparent(), element.getprevious()
    while parent is not None and previous is not None and local_name(previous) not in _HEAD_PARTS:
        before = previous.getprevious()
        parent.remove(previous)
        previous = before


def _read_head(stmt: Element) -> StatementHead:
    account = _text(stmt, "{*}Acct/{*}Id/{*}Othr/{*}Id") or _text(stmt, "{*}Acct/{*}Id/{*}IBAN")
    statement_no = _text(stmt, "{*}Id")
    if not account or not statement_no:
        raise BadLine("对账单缺少账号（Acct）或编号（Id）")
    balances = stmt.findall("{*}Bal")
    if len(balances) > _MAX_BALANCES:
        raise BadLine("对账单中的余额过多")
    opening_fen, opening_on, currency = _balance(balances, _OPENING, "期初")
    closing_fen, closing_on, _ = _balance(balances, _CLOSING, "期末")
    begins = _date(stmt, "{*}FrToDt/{*}FrDtTm") or _date(stmt, "{*}FrToDt/{*}FrDt")
    return StatementHead(
        bankacct=clean_account(account),
        statement_no=statement_no[:35],
        currency=_text(stmt, "{*}Acct/{*}Ccy") or currency,
        period_from=begins or min(opening_on, closing_on),
        period_to=_last_day(stmt) or closing_on,
        opening_fen=opening_fen,
        closing_fen=closing_fen,
    )


def _last_day(stmt: Element) -> date | None:
    """The last day of FrToDt; a period that ends at midnight ended with the day before."""
    instant = _text(stmt, "{*}FrToDt/{*}ToDtTm")
    day = _date(stmt, "{*}FrToDt/{*}ToDtTm") or _date(stmt, "{*}FrToDt/{*}ToDt")
    if day is None or instant is None or not ends_at_midnight(instant):
        return day
    begins = _date(stmt, "{*}FrToDt/{*}FrDtTm") or _date(stmt, "{*}FrToDt/{*}FrDt")
    return day if begins == day else day - timedelta(days=1)


def _balance(balances: list[Element], codes: tuple[str, ...], name: str) -> tuple[int, date, str]:
    """Fen, day and currency; a balance that closed the day before (PRCD) opens the day after its own."""
    for code in codes:
        for balance in balances:
            if _text(balance, "{*}Tp/{*}CdOrPrtry/{*}Cd") == code:
                fen, on, currency = _read_balance(balance, name)
                return fen, on + timedelta(days=1) if code == "PRCD" else on, currency
    raise BadLine(f"对账单缺少{name}余额（{codes[0]}）")


def _read_balance(balance: Element, name: str) -> tuple[int, date, str]:
    amount = balance.find("{*}Amt")
    on = _date(balance, "{*}Dt/{*}Dt") or _date(balance, "{*}Dt/{*}DtTm")
    if amount is None or on is None:
        raise BadLine(f"{name}余额缺少金额或日期")
    currency = amount.get("Ccy", "")
    if currency != "CNY":
        raise CurrencyNotSupported("对账单币种不是人民币（CNY）")
    try:
        fen = read_plain_fen((amount.text or "").strip())
    except ValueError:
        raise BadLine(f"{name}余额不是有效金额") from None
    return (-fen if _text(balance, "{*}CdtDbtInd") == "DBIT" else fen), on, currency


def _text(element: Element, path: str) -> str | None:
    return (element.findtext(path) or "").strip() or None


def _date(element: Element, path: str) -> date | None:
    text = _text(element, path)
    if text is None:
        return None
    try:
        return read_iso_date(text)
    except ValueError:
        raise BadLine("对账单中有无法识别的日期") from None
