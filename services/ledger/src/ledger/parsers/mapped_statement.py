"""A bank's CSV or Excel export read through its mapping, its running balance checked line by line."""

from collections.abc import Sequence

from ledger.domain.running_balance import RunningBalance
from ledger.domain.statement import (
    CurrencyNotSupported,
    Direction,
    StatementDoesNotAddUp,
    StatementHead,
    StatementRefused,
    Totals,
)
from ledger.parsers.amounts import clean_account, read_fen
from ledger.parsers.errors import BadLine, UnsupportedForm
from ledger.parsers.forms import Form, data_rows, footer_rows
from ledger.parsers.line_spool import LineSpool
from ledger.parsers.preamble import account_in, beside
from ledger.parsers.row_reader import RowReader
from ledger.parsers.text_rows import Row
from shared.money import format_yuan

_OTHER = {Direction.CREDIT: Direction.DEBIT, Direction.DEBIT: Direction.CREDIT}


def read_head(form: Form, bankacct: str | None, spool: LineSpool) -> StatementHead:
    """The statement that the whole file makes up, its lines kept in ``spool`` in the file's own order.

    ``bankacct``: whose it is, where who brings it says so.

    Raises a ``StatementRefused``.
    """
    _require_currency(form)
    reader, totals, balance = _reader(form, bankacct), Totals(), RunningBalance()
    first_row: Row = ()
    row: Row = ()
    idle_count = 0
    for row_no, row in data_rows(form):
        line = reader.read(row_no, row)
        balance.add(line)
        first_row = first_row or row
        if not line.amount_fen:
            idle_count += 1
            continue
        totals.add(line)
        spool.add(line)
    if first_row:
        balance.see_times(reader.time_of(first_row), reader.time_of(row))
    opening_fen, closing_fen = balance.ends()
    if totals.first_on is None or totals.last_on is None:
        raise StatementRefused("文件中没有明细；没有流水的日期不必导入", code="statement-empty")
    if reader.bankacct is None:
        raise StatementRefused("文件中没有账号，请用 bankacct 参数指明账户", code="statement-account-missing")
    if reader.red_rows:
        _require_corrections(reader.red_rows, spool)
    _require_totals(form, totals, idle_count)
    return StatementHead(
        bankacct=reader.bankacct,
        statement_no=f"{totals.first_on:%Y%m%d}-{totals.last_on:%Y%m%d}",
        currency="CNY",
        period_from=totals.first_on,
        period_to=totals.last_on,
        opening_fen=opening_fen,
        closing_fen=closing_fen,
        totals=totals,
        is_newest_first=balance.is_newest_first,
        is_period_of_lines=True,
    )


def _reader(form: Form, bankacct: str | None) -> RowReader:
    labels = form.mapping.bankacct_labels
    told = beside(form.preamble, labels) if labels else None
    written = account_in(told) if told else None
    said = clean_account(bankacct) if bankacct else None
    if written and said and written != said:
        raise UnsupportedForm("文件中的账号与 bankacct 参数不同", code="statement-several-accounts")
    return RowReader(form, written or said)


def _require_currency(form: Form) -> None:
    labels = form.mapping.currency_labels
    told = beside(form.preamble, labels) if labels else None
    if told and not form.mapping.is_cny(told):
        raise CurrencyNotSupported("文件注明的币种不是人民币")


def _require_corrections(red_rows: Sequence[int], spool: LineSpool) -> None:
    """Returns when the balances show that negative figures in a column of one direction move money the other way."""
    red, turned = frozenset(red_rows), RunningBalance()
    try:
        for _, line in spool.lines():
            turned.add(line._replace(direction=_OTHER[line.direction]) if line.entry_no in red else line)
    except StatementDoesNotAddUp:
        return
    raise BadLine.in_row(red_rows[0], "的金额为负数，从余额看不出是冲正还是本方向的收付；请连同相邻一日一起导出")


def _require_totals(form: Form, totals: Totals, idle_count: int) -> None:
    """Returns when the count and sums that the bank wrote around the rows are those of the rows.

    ``idle_count`` rows moved nothing: the bank may count them or not.
    """
    stated = form.mapping.totals
    around = [*form.preamble, *footer_rows(form)] if stated.count or stated.money_in or stated.money_out else []
    count = beside(around, stated.count) if stated.count else None
    counts = {str(totals.line_count), str(totals.line_count + idle_count)}
    if count and count.rstrip("笔 ").lstrip("0") not in counts:
        raise StatementDoesNotAddUp(f"银行合计为 {count[:20]} 笔，文件中有 {totals.line_count} 笔，文件可能不完整")
    for labels, name, fen in (
        (stated.money_in, "收入", totals.credit_fen),
        (stated.money_out, "支出", totals.debit_fen),
    ):
        told = beside(around, labels) if labels else None
        if told and (difference := abs(_fen(told)) - fen):
            raise StatementDoesNotAddUp(f"银行合计的{name}与明细相差 {format_yuan(difference)} 元，文件可能不完整")


def _fen(text: str) -> int:
    try:
        return read_fen(text.rstrip("元 "))
    except ValueError:
        raise StatementDoesNotAddUp("银行合计不是有效金额") from None
