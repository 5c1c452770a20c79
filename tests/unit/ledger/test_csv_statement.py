"""Reading banks' CSV exports: encodings, preambles, orders, and everything that must be refused."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ledger.domain.statement import (
    CurrencyNotSupported,
    Direction,
    Line,
    StatementDoesNotAddUp,
    StatementHead,
    StatementRefused,
)
from ledger.parsers.errors import BadLine, NotAStatement, UnsupportedForm, WrongEncoding
from ledger.parsers.file_kind import FileKind
from ledger.parsers.forms import detect_form
from ledger.parsers.line_spool import LineSpool
from ledger.parsers.mapped_statement import read_head
from ledger.parsers.mapping import known_mappings, parse_mapping, shipped_mappings
from ledger.parsers.statement_file import open_statement_file
from ledger.settings import LedgerSettings
from tests.unit.ledger.exports import RCB_JINAN_HEADER
from tests.unit.ledger.files import CCB_HEADER, DAY, RCB_HEADER, Move, ccb

ACCOUNT = "62010001"
MOVES = [Move(123456, "转移款", "6202", ref="R1"), Move(-50, "手续费"), Move(7, on=DAY + timedelta(days=1))]


def read(content: bytes, mapping: str | None = None) -> tuple[StatementHead, list[Line]]:
    opened = open_statement_file(io.BytesIO(content), FileKind.CSV, mapping=mapping)
    return opened.heads[0], [line for _, line in opened.lines()]


@pytest.mark.parametrize("newest_first", [False, True])
def test_reads_ccb_in_either_order(newest_first: bool) -> None:
    head, lines = read(ccb(ACCOUNT, MOVES, opening=1000, newest_first=newest_first))
    assert (head.bankacct, head.opening_fen, head.closing_fen) == (ACCOUNT, 1000, 124413)
    assert (head.period_from, head.period_to) == (DAY, DAY + timedelta(days=1))
    assert head.is_newest_first is newest_first
    ordered = list(reversed(lines)) if newest_first else lines
    assert [line.signed_fen for line in ordered] == [123456, -50, 7]
    assert (ordered[0].counterparty_acct, ordered[0].note, ordered[0].bank_ref) == ("6202", "转账 转移款", "R1")


def test_reads_rural_bank_in_utf8() -> None:
    rows = [
        "2026/3/2,北京医保,1234.56,,1234.56,6201,人民币,6202,医保转移,附言,C1",
        "2026-03-02,某户,,0.56,1234.00,6201,CNY,,,,C2",
    ]
    head, lines = read("\n".join([RCB_HEADER, *rows]).encode("utf-8-sig"))
    assert (head.opening_fen, head.closing_fen) == (0, 123400)
    assert [(line.signed_fen, line.note) for line in lines] == [(123456, "医保转移 附言"), (-56, None)]


def test_single_line_is_read_oldest_first() -> None:
    head, [line] = read(ccb(ACCOUNT, [Move(-100)], opening=500))
    assert (head.opening_fen, head.closing_fen, head.is_newest_first, line.signed_fen) == (500, 400, False, -100)


def _changed(old: str, new: str, content: bytes | None = None) -> bytes:
    text = (content or ccb(ACCOUNT, MOVES, opening=1000)).decode("gb18030")
    assert old in text
    return text.replace(old, new).encode("gb18030")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", NotAStatement),
        (b"PK\x03\x04 sheet", NotAStatement),
        (b"\xef\xbb\xbf<html><table><tr><td>1</td></tr></table></html>", NotAStatement),
        (b"%PDF-1.7", NotAStatement),
        (b"\x80\xff\x00\x01\x02", WrongEncoding),
        ("甲,乙\n1,2".encode(), UnsupportedForm),
        (CCB_HEADER.encode("gb18030"), StatementRefused),
        (_changed("1,244.06", "1,244.07"), StatementDoesNotAddUp),
        (_changed("人民币元", "美元"), CurrencyNotSupported),
        (_changed('"1,234.56"', '"1,234.567"'), BadLine),
        (_changed('"1,234.56"', '"十元"'), BadLine),
        (_changed('"1,234.56"', '""'), BadLine),
        (_changed("20260302,转账,手续费", "20261302,转账,手续费"), BadLine),
        (_changed(",手续费,,,,,", ",手续费"), BadLine),
        (_changed("转移款", "x" * 40_000), BadLine),
        (_changed("转移款", '"转移款'), BadLine),
        (_changed("手续费", "手续费,多出的列"), BadLine),
        (_changed('"1,234.56"', '"1234,56"'), BadLine),
        (ccb(ACCOUNT, MOVES).decode("gb18030").encode("utf-16-be"), WrongEncoding),
        (ccb(ACCOUNT, MOVES).decode("gb18030").encode("utf-16-le"), WrongEncoding),
    ],
)
def test_refuses_what_is_not_a_sound_export(content: bytes, error: type[StatementRefused]) -> None:
    with pytest.raises(error):
        read(content)


@pytest.mark.parametrize(
    "footer", ["合计,,,", "\t合 计".replace(" ", ""), '"=""总计"""', "# 共 3 笔", "本页小计,,,,1.00", " ,,,"]
)
def test_leaves_out_footers(footer: str) -> None:
    head, _ = read(_changed("合计,,,", footer))
    assert head.totals.line_count == 3


def test_a_row_with_a_day_is_never_a_footer() -> None:
    rows = ["#6201,2026/3/2,0.56,,0.56,6201,CNY", "6201,2026/3/2,1.00,,1.56,6201,CNY"]
    header = "凭证号,交易日期,收入金额,支出金额,余额,账号,币种"
    head, _ = read("\n".join([header, *rows]).encode())
    assert (head.opening_fen, head.totals.line_count) == (0, 2)


def test_refuses_two_accounts_in_one_file() -> None:
    lines = ccb(ACCOUNT, MOVES).decode("gb18030").split("\r\n")
    lines[4] = lines[4].replace(ACCOUNT, "6299")
    with pytest.raises(UnsupportedForm) as refused:
        read("\r\n".join(lines).encode("gb18030"))
    assert refused.value.code == "statement-several-accounts"


def test_refuses_a_missing_line() -> None:
    lines = ccb(ACCOUNT, MOVES).decode("gb18030").split("\r\n")
    del lines[4]
    with pytest.raises(StatementDoesNotAddUp):
        read("\r\n".join(lines).encode("gb18030"))


def test_refuses_a_mapping_that_does_not_exist_or_does_not_fit() -> None:
    with pytest.raises(UnsupportedForm):
        read(ccb(ACCOUNT, MOVES), mapping="abc")
    with pytest.raises(UnsupportedForm):
        read(ccb(ACCOUNT, MOVES), mapping="rcb")


def test_shipped_mappings_are_valid() -> None:
    assert set(shipped_mappings()) == {"boc", "ccb", "icbc", "rcb", "rcb-jinan"}


_MAPPING = """
code = "bank"
name = "某银行"
encodings = ["utf-8-sig"]
bankacct_labels = ["查询账号"]
[columns]
booked_on = ["日期"]
balance = ["余额"]
note = [["摘要"]]
[[amount]]
"""


@pytest.mark.parametrize(
    ("amount", "header", "rows"),
    [
        (
            'kind = "signed"\namount = ["金额"]',
            "日期,金额,余额,摘要",
            ["20260302,+5.00,15.00,a", "20260302,-3.00,12.00,b"],
        ),
        (
            'kind = "flag"\namount = ["金额"]\nflag = ["借贷"]\nin_values = ["贷"]\nout_values = ["借"]',
            "日期,金额,借贷,余额,摘要",
            ["20260302,5.00,贷,15.00,a", "20260302,3.00,借,12.00,b"],
        ),
    ],
)
def test_mapping_expresses_other_banks(amount: str, header: str, rows: list[str]) -> None:
    mapping = parse_mapping(_MAPPING + amount)
    file = io.BytesIO("\n".join(["查询账号：6201 0001", "总笔数,2", header, *rows]).encode())
    form = detect_form(file, FileKind.CSV, [mapping])
    spool = LineSpool()
    head = read_head(form, None, spool)
    assert (head.bankacct, head.opening_fen, head.closing_fen) == ("62010001", 1000, 1200)
    assert [line.signed_fen for _, line in spool.lines()] == [500, -300]


def test_the_lines_of_one_statement_are_read_without_the_others() -> None:
    spool, day = LineSpool(), date(2026, 3, 2)
    for count in (2500, 0, 3):
        for number in range(count):
            spool.add(Line(number, 0, Direction.CREDIT, count, day, day))
        spool.end_group()
    kept = [[line for place, line in spool.lines() if place == group] for group in range(4)]
    assert [len(lines) for lines in kept] == [2500, 0, 3, 0]
    assert [list(spool.lines_of(group)) for group in range(4)] == kept


@pytest.mark.parametrize(
    ("preamble", "told"),
    [
        ("账号：6201 0001 户名：某医保中心 币种：人民币", "62010001"),
        ("币种：CNY-人民币；账号：[62010001]", "62010001"),
        ("打印时间：2026-03-02 10:20:30 账号：6201-0001,币别：人民币(CNY)", "62010001"),
        ("户名：某 账号：62010001 币种：美元", None),
        ("账号：62010001,币种：,USD", None),
    ],
)
def test_preamble_may_tell_several_things_in_one_cell(preamble: str, told: str | None) -> None:
    content = "\n".join([preamble, RCB_JINAN_HEADER, "2026/3/2,5.00,5.00,a,b"]).encode()
    if told is None:
        with pytest.raises(CurrencyNotSupported):
            read(content)
        return
    assert read(content)[0].bankacct == told


@pytest.mark.parametrize(
    "text",
    [
        _MAPPING + 'kind = "guess"\namount = ["金额"]',
        _MAPPING.replace("[[amount]]\n", ""),
        _MAPPING.replace("utf-8-sig", "latin-1") + 'kind = "signed"\namount = ["金额"]',
        _MAPPING + 'kind = "signed"\namount = []',
        _MAPPING + 'kind = "signed"\namount = ["金额"]\nsurprise = 1',
        _MAPPING + 'kind = "flag"\namount = ["金额"]\nflag = ["借贷"]\nin_values = ["贷", "借"]\nout_values = ["借"]',
        _MAPPING + 'kind = "two_columns"\nmoney_in = ["金额"]\nmoney_out = ["支出", "金额"]',
    ],
)
def test_refuses_a_mapping_that_is_not_right(text: str) -> None:
    with pytest.raises(ValidationError):
        parse_mapping(text)


def test_operators_add_banks_and_replace_shipped_forms(tmp_path: Path) -> None:
    text = _MAPPING.replace('"bank"', '"cmb"') + 'kind = "signed"\namount = ["金额"]\n'
    (tmp_path / "cmb.toml").write_text(text, encoding="utf-8")
    (tmp_path / "README").write_text("no mapping", encoding="utf-8")
    known = known_mappings(tmp_path)
    assert set(known) == {*shipped_mappings(), "cmb"}
    file = io.BytesIO("日期,金额,余额\n20260302,-1.00,9.00\n".encode())
    opened = open_statement_file(file, FileKind.CSV, bankacct="6201", mappings=known)
    assert (opened.form, opened.heads[0].opening_fen) == ("csv.cmb", 1000)
    needed: dict[str, Any] = {"auth_issuer": "x", "auth_audience": "x", "auth_jwks_url": "http://x/jwks"}
    needed |= {"database_url": "postgresql://x", "agencies": ("370100",)}
    assert LedgerSettings(**needed, mappings_dir=tmp_path).mappings_dir == tmp_path
    second = tmp_path / "second"
    second.mkdir()
    (second / "wrong.toml").write_text(text.replace("signed", "sigend"), encoding="utf-8")
    with pytest.raises(ValidationError, match=r"wrong\.toml"):
        LedgerSettings(**needed, mappings_dir=second)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-(10**9), 10**9).filter(bool), st.integers(0, 3)), min_size=1, max_size=25),
    st.integers(0, 10**9),
    st.booleans(),
)
def test_any_export_adds_up_in_either_order(moves: list[tuple[int, int]], opening: int, newest_first: bool) -> None:
    days = sorted(step for _, step in moves)
    made = [Move(fen, on=date(2026, 3, 2) + timedelta(days=step)) for (fen, _), step in zip(moves, days, strict=True)]
    head, lines = read(ccb(ACCOUNT, made, opening=opening, newest_first=newest_first))
    assert head.opening_fen + sum(line.signed_fen for line in lines) == head.closing_fen
    if len(set(days)) > 1:
        assert (head.opening_fen, head.is_newest_first) == (opening, newest_first)
