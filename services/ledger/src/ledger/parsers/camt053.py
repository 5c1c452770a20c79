"""camt.053 (ISO 20022, BankToCustomerStatement), version .02 and later: statements with their balances."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import BinaryIO

from ledger.domain.statement import CurrencyNotSupported, Line, StatementDoesNotAddUp, StatementHead, Totals
from ledger.parsers.amounts import ends_at_midnight, read_plain_fen
from ledger.parsers.camt import CamtKind, account_of, date_at, groups, number_of, place_of, text_at
from ledger.parsers.errors import BadLine, UnsupportedForm
from ledger.parsers.guarded_xml import Element
from ledger.parsers.line_spool import LineSpool
from shared.money import format_yuan

_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)
_SIGNS = {"CRDT": 1, "DBIT": -1}
_MAX_BALANCES = 100
_NUMBER = re.compile(r"^[0-9]{1,18}$")


def read_heads(file: BinaryIO, spool: LineSpool) -> list[StatementHead]:
    """Every statement of the file with the totals of its booked lines, which ``spool`` keeps.

    Raises a ``StatementRefused``.

    The standard asks for balances, and says that the opening one is the closing one of the report before. So a
    statement without a closing balance is refused; where only the opening one is missing it is what the closing
    balance and the lines leave, and the statement before has to agree (``is_opening_computed``).
    """
    heads: list[StatementHead] = []
    totals = Totals()
    for found in groups(file, CamtKind.STATEMENT, _Unfinished):
        if isinstance(found, Line):
            totals.add(found)
            spool.add(found)
        else:
            heads.append(found.head(totals))
            totals = Totals()
            spool.end_group()
    return heads


class _Unfinished:
    """A statement's head that waits for the totals of its lines."""

    def __init__(self, stmt: Element, entries: int, booked: int) -> None:
        balances = stmt.findall("{*}Bal")
        if len(balances) > _MAX_BALANCES:
            raise BadLine("对账单中的余额过多")
        closing = _balance(balances, _CLOSING, "期末", max)
        if closing is None:
            raise BadLine(f"对账单缺少期末余额（CLBD）{place_of(stmt)}")
        closing_fen, closing_on, currency = closing
        self._opening = _balance(balances, _OPENING, "期初", min)
        _require_whole(stmt)
        self._counts = {str(entries), str(booked)}
        self._told_count = text_at(stmt, "{*}TxsSummry/{*}TtlNtries/{*}NbOfNtries")
        # Whether the bank's sums count what is only pending the standard does not say.
        sides = ("Cdt", "Dbt") if entries == booked else ()
        self._told_sums = [text_at(stmt, f"{{*}}TxsSummry/{{*}}Ttl{side}Ntries/{{*}}Sum") for side in sides]
        opening_on = closing_on if self._opening is None else self._opening[1]
        begins = date_at(stmt, "{*}FrToDt/{*}FrDtTm") or date_at(stmt, "{*}FrToDt/{*}FrDt")
        self._head = StatementHead(
            bankacct=account_of(stmt),
            statement_no=number_of(stmt),
            currency=text_at(stmt, "{*}Acct/{*}Ccy") or currency,
            period_from=begins or min(opening_on, closing_on),
            period_to=_last_day(stmt) or closing_on,
            opening_fen=0,
            closing_fen=closing_fen,
            sequence_no=_sequence_no(stmt),
        )
        self._has_begin = begins is not None

    def head(self, totals: Totals) -> StatementHead:
        """The head with its lines' totals; raises ``StatementDoesNotAddUp`` where the bank's own sums differ."""
        told = self._told_count
        if told is not None and told.lstrip("0") not in {count.lstrip("0") for count in self._counts}:
            raise StatementDoesNotAddUp(f"银行合计为 {told[:20]} 笔，与文件中的笔数不同，文件可能不完整")
        for told, fen in zip(self._told_sums, (totals.credit_fen, totals.debit_fen), strict=False):
            if told is not None and (difference := _fen(told, "合计") - fen):
                raise StatementDoesNotAddUp(f"银行合计的发生额与明细相差 {format_yuan(difference)} 元")
        head = replace(self._head, totals=totals)
        if self._opening is not None:
            return replace(head, opening_fen=self._opening[0], period_from=self._first_day(totals))
        first = head.period_from if self._has_begin else min(head.period_from, totals.first_on or head.period_from)
        return replace(head, opening_fen=head.closing_fen - totals.net_fen, period_from=first, is_opening_computed=True)

    def _first_day(self, totals: Totals) -> date:
        """Banks date the opening balance by its own day or by the day before, which another statement told."""
        first = self._head.period_from
        is_before = first < self._head.period_to and (totals.first_on is None or first < totals.first_on)
        return first + timedelta(days=1) if is_before and not self._has_begin else first


def _require_whole(stmt: Element) -> None:
    """Returns unless it is one page of several: what the others bring in and out may be the same amount."""
    is_first = text_at(stmt, "{*}StmtPgntn/{*}PgNb") in (None, "1")
    if not is_first or text_at(stmt, "{*}StmtPgntn/{*}LastPgInd") in ("false", "0"):
        raise UnsupportedForm("对账单是分页发送的，请向银行索取完整的一份")


def _sequence_no(stmt: Element) -> int | None:
    """Statements are counted as they are sent; where only those on paper are, these are."""
    told = text_at(stmt, "{*}ElctrncSeqNb") or text_at(stmt, "{*}LglSeqNb") or ""
    return int(told) if _NUMBER.match(told) else None


def _last_day(stmt: Element) -> date | None:
    """The last day of FrToDt; a period that ends at midnight ended with the day before."""
    instant = text_at(stmt, "{*}FrToDt/{*}ToDtTm")
    day = date_at(stmt, "{*}FrToDt/{*}ToDtTm") or date_at(stmt, "{*}FrToDt/{*}ToDt")
    if day is None or instant is None or not ends_at_midnight(instant):
        return day
    begins = date_at(stmt, "{*}FrToDt/{*}FrDtTm") or date_at(stmt, "{*}FrToDt/{*}FrDt")
    return day if begins == day else day - timedelta(days=1)


def _balance(
    balances: list[Element], codes: tuple[str, ...], name: str, choose: Callable[[Iterable[date]], date]
) -> tuple[int, date, str] | None:
    """Fen, day and currency of the first (``min``) or last (``max``) of a kind: a statement of several days has more.

    A balance that closed the day before (PRCD) opens the day after its own.
    """
    for code in codes:
        told = [_read_balance(one, name) for one in balances if text_at(one, "{*}Tp/{*}CdOrPrtry/{*}Cd") == code]
        if not told:
            continue
        chosen = choose(on for _, on, _ in told)
        found = {one for one in told if one[1] == chosen}
        if len(found) > 1:
            raise BadLine(f"{chosen} 有两个不同的{name}余额")
        fen, on, currency = found.pop()
        return fen, on + timedelta(days=1) if code == "PRCD" else on, currency
    return None


def _read_balance(balance: Element, name: str) -> tuple[int, date, str]:
    amount = balance.find("{*}Amt")
    on = date_at(balance, "{*}Dt/{*}Dt") or date_at(balance, "{*}Dt/{*}DtTm")
    if amount is None or on is None:
        raise BadLine(f"{name}余额缺少金额或日期{place_of(balance)}")
    currency = amount.get("Ccy", "")
    if currency != "CNY":
        raise CurrencyNotSupported(f"对账单币种不是人民币（CNY）{place_of(balance)}")
    fen = _fen((amount.text or "").strip(), f"{name}余额{place_of(balance)}")
    sign = _SIGNS.get(text_at(balance, "{*}CdtDbtInd") or "")
    if sign is None or fen < 0:
        raise BadLine(f"{name}余额的方向（CdtDbtInd）无法识别{place_of(balance)}")
    return sign * fen, on, currency


def _fen(text: str, name: str) -> int:
    try:
        return read_plain_fen(text)
    except ValueError:
        raise BadLine(f"{name}不是有效金额") from None
