"""The reports as rows, for CSV and XLSX."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from ledger.domain.report_lists import SETTLING_NAMES, Section
from ledger.domain.suspense import LineKind
from ledger.domain.titles import Title
from ledger.repository.reconciliation_lists import LineTold
from ledger.schemas.reconciliation import AccountDayShown, ReconciliationReport, ReportItem, ReportSection
from shared.ages import AGE_BRACKETS
from shared.spreadsheet import Cell, Worksheet, Yuan

_KINDS = {LineKind.RECEIPT: "收款", LineKind.PAYMENT: "付款", LineKind.RETURN: "退回"}
_TITLES = {Title.TEMPORARY_RECEIPTS: "暂收款", Title.TEMPORARY_PAYMENTS: "暂付款"}
_AGES = {bracket.code: bracket.name for bracket in AGE_BRACKETS}
_ACCOUNT_HEAD = ("银行账户", "期初余额", "收入", "支出", "笔数", "期末余额", "账面余额", "差额", "核对")
_DUE_HEAD = (
    "应收应付", "应收（付）金额", "已匹配笔数", "已匹配金额", "其中退回金额", "核销尾差", "未到笔数", "未到金额",
    "其中结转笔数", "结转金额",
)  # fmt: skip
_OPEN_HEAD = (
    "未结款项", "种类", "期初笔数", "期初金额", "新增笔数", "新增金额", "了结笔数", "了结金额", "期末笔数", "期末金额",
)  # fmt: skip
_ITEM_HEAD = (
    *("类别", "流水", "种类", "办件编号", "应付编号", "金额", "日期", "原因", "差额", "责任岗位", "结转"),
    *("天数", "账龄", "银行账户", "银行流水号", "对方", "了结方式"),
)


Listed = tuple[ReportItem, LineTold | None]
ItemsOf = Callable[[Section], Iterable[Listed]]
"""All items of a list, in its order, with what the bank told of those that are its lines; read once."""


def csv_rows(report: ReconciliationReport, items_of: ItemsOf) -> Iterator[Sequence[Cell]]:
    """Everything, one part under the other."""
    yield _title(report)
    yield from _accounts(report)
    yield from _suspense(report)
    yield from _expectations(report)
    yield from _open_items(report)
    yield from _ages(report)
    yield from _reasons(report)
    yield _ITEM_HEAD
    for section in report.sections:
        yield [section.name, f"{section.count} 笔", "", "", "", Yuan(section.total)]
        yield from (_item(section, *listed) for listed in items_of(section.section))


def worksheets(report: ReconciliationReport, items_of: ItemsOf) -> list[Worksheet]:
    """A page of figures, then one for each list."""
    figures: list[Sequence[Cell]] = [_title(report)]
    for part in (_accounts, _suspense, _expectations, _open_items, _ages, _reasons):
        figures += [[], *part(report)]
    return [Worksheet("汇总", figures), *(Worksheet(each.name, _list(each, items_of)) for each in report.sections)]


def _list(section: ReportSection, items_of: ItemsOf) -> Iterator[Sequence[Cell]]:
    yield _ITEM_HEAD
    yield from (_item(section, *listed) for listed in items_of(section.section))


def _title(report: ReconciliationReport) -> Sequence[Cell]:
    is_day = report.from_day == report.date
    days: list[Cell] = ["日期", report.date] if is_day else ["期间", report.from_day, report.date]
    return ["统筹区", report.admdvs, *days, "是否平衡", _yes(is_true=report.adds_up)]


def _accounts(report: ReconciliationReport) -> Iterator[Sequence[Cell]]:
    yield _ACCOUNT_HEAD
    for day in report.accounts:
        yield [
            day.bankacct,
            *map(_yuan, (day.opening_balance, day.credit_total, day.debit_total)),
            day.line_count,
            *map(_yuan, (day.closing_balance, day.books_balance, day.difference)),
            _checked(day),
        ]


def _checked(day: AccountDayShown) -> str:
    if not day.is_told:
        return "没有对账单"
    return "相符" if day.adds_up else "不符"


def _suspense(report: ReconciliationReport) -> Iterator[Sequence[Cell]]:
    yield ["挂账科目", "账面余额", "未结款项合计", "是否一致"]
    for check in report.suspense:
        yield [_TITLES[check.title], Yuan(check.books_balance), Yuan(check.items_total), _yes(is_true=check.adds_up)]


def _expectations(report: ReconciliationReport) -> Iterator[Sequence[Cell]]:
    yield _DUE_HEAD
    for one in report.expectations:
        yield [
            _KINDS[one.kind],
            Yuan(one.expected),
            one.matched,
            Yuan(one.matched_amount),
            Yuan(one.came_back_amount),
            Yuan(one.written_off_amount),
            one.open,
            Yuan(one.open_amount),
            one.carried,
            Yuan(one.carried_amount),
        ]


def _open_items(report: ReconciliationReport) -> Iterator[Sequence[Cell]]:
    yield _OPEN_HEAD
    for one in report.open_items:
        yield [
            *(one.name, _KINDS[one.kind], one.brought, Yuan(one.brought_amount), one.added, Yuan(one.added_amount)),
            *(one.settled, Yuan(one.settled_amount), one.carried_forward, Yuan(one.carried_forward_amount)),
        ]


def _ages(report: ReconciliationReport) -> Iterator[Sequence[Cell]]:
    yield ["清单（账龄为未结）", "笔数", "金额", "结转笔数", "结转金额", *_AGES.values()]
    for section in report.sections:
        yield [
            *(section.name, section.count, Yuan(section.total), section.carried, Yuan(section.carried_total)),
            *(Yuan(age.amount) for age in section.ages),
        ]


def _reasons(report: ReconciliationReport) -> Iterator[Sequence[Cell]]:
    yield ["挂账原因", "笔数", "金额", "类别"]
    for section in report.sections:
        for one in section.reasons:
            yield [one.text, one.count, Yuan(one.amount), section.name]


def _item(section: ReportSection, item: ReportItem, told: LineTold | None) -> Sequence[Cell]:
    return [
        section.name,
        item.line_id,
        _KINDS[item.kind],
        item.rlts_traf_id,
        item.obligation_no,
        Yuan(item.amount),
        item.on,
        item.reason_text,
        _yuan(item.difference),
        item.owner,
        _yes(is_true=item.is_carried),
        item.days,
        None if item.age is None else _AGES[item.age],
        *((None, None, item.other_admdvs) if told is None else (told.bankacct, told.bank_ref, told.counterparty_name)),
        None if item.settled_as is None else SETTLING_NAMES[item.settled_as],
    ]


def _yuan(fen: int | None) -> Cell:
    return None if fen is None else Yuan(fen)


def _yes(*, is_true: bool) -> str:
    return "是" if is_true else "否"
