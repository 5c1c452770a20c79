"""Reading camt.053: right ones of every version, and everything that must be refused."""

import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.statement import (
    CurrencyNotSupported,
    Direction,
    Line,
    StatementDoesNotAddUp,
    StatementHead,
    StatementRefused,
)
from ledger.parsers.errors import BadLine, BrokenXml, ForbiddenXml, NotAStatement, UnsupportedForm
from ledger.parsers.file_kind import FileKind
from ledger.parsers.statement_file import open_statement_file
from tests.unit.ledger.files import DAY, Move, camt, document, entry

ACCOUNT = "62010001"
BOMB = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def read(content: bytes) -> tuple[list[StatementHead], list[Line]]:
    opened = open_statement_file(io.BytesIO(content), FileKind.XML)
    return opened.heads, [line for _, line in opened.lines()]


@pytest.mark.parametrize("version", ["02", "03", "04", "06", "08", "13"])
def test_reads_every_version(version: str) -> None:
    moves = [Move(123456, "某说明", "6202", e2e="X-1", ref="B1"), Move(-50, other="6303", other_name="收款方")]
    [head], [credit, debit] = read(camt(ACCOUNT, moves, opening=-100, version=version))
    assert (head.bankacct, head.statement_no, head.opening_fen, head.closing_fen) == (ACCOUNT, "S1", -100, 123306)
    assert (head.period_from, head.period_to, head.totals.line_count) == (DAY, DAY, 2)
    assert (credit.signed_fen, credit.end_to_end_id, credit.note) == (123456, "X-1", "某说明")
    assert (credit.counterparty_acct, credit.counterparty_name, credit.bank_ref) == ("6202", "某医保中心", "B1")
    assert (debit.signed_fen, debit.counterparty_acct, debit.counterparty_name) == (-50, "6303", "收款方")
    assert debit.end_to_end_id is None


def test_leaves_out_what_is_not_booked() -> None:
    others = [Move(fen, status=status) for fen, status in ((999, "PDNG"), (5, "INFO"), (3, "FUTR"))]
    heads, lines = read(camt(ACCOUNT, [Move(100), *others]))
    assert [line.amount_fen for line in lines] == [100]
    assert heads[0].closing_fen == 100


@pytest.mark.parametrize("name_space", ["", "http://bank.test/camt.053.001.04.xsd", "http://bank.test/statement"])
def test_reads_what_stands_in_another_name_space_or_in_none(name_space: str) -> None:
    content = camt(ACCOUNT, [Move(100)]).replace(b"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02", name_space.encode())
    assert [line.amount_fen for line in read(content)[1]] == [100]


def test_opening_balance_that_is_not_told_is_what_the_rest_leaves() -> None:
    told = camt(ACCOUNT, [Move(100)], opening=5)
    without = told[: told.index(b"<Bal>")] + told[told.index(b"</Bal>") + 6 :]
    [head], _ = read(without)
    assert (head.opening_fen, head.is_opening_computed, head.period_from) == (5, True, DAY)
    paged = without.replace(b"<Id>S1</Id>", b"<Id>S1</Id><StmtPgntn><PgNb>2</PgNb></StmtPgntn>")
    with pytest.raises(UnsupportedForm):
        read(paged)


@pytest.mark.parametrize(
    ("summary", "is_right"),
    [
        ("<TtlNtries><NbOfNtries>3</NbOfNtries></TtlNtries><TtlCdtNtries><Sum>1.00</Sum></TtlCdtNtries>", True),
        ("<TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries>", False),
        ("<TtlDbtNtries><Sum>0.05</Sum></TtlDbtNtries>", True),
        ("<TtlDbtNtries><Sum>0.50</Sum></TtlDbtNtries>", False),
    ],
)
def test_the_banks_own_sums_have_to_agree(summary: str, is_right: bool) -> None:
    entries = [Move(60), Move(40), Move(-5)]
    told = f"<Id>S1</Id><TxsSummry>{summary}</TxsSummry>".encode()
    content = camt(ACCOUNT, entries).replace(b"<Id>S1</Id>", told)
    if is_right:
        assert len(read(content)[1]) == 3
        return
    with pytest.raises(StatementDoesNotAddUp):
        read(content)


def test_says_which_line_of_the_file_is_wrong() -> None:
    content = camt(ACCOUNT, [Move(1), Move(2)]).replace(b"<Ntry>", b"\n<Ntry>").replace(b">0.02<", b">0.022<")
    with pytest.raises(BadLine) as refused:
        read(content)
    assert refused.value.message == "第 2 笔（文件第 3 行）的金额无法识别"
    assert [error.pointer for error in refused.value.errors] == ["/lines/2"]


FOREIGN = "<AmtDtls><InstdAmt><Amt Ccy='USD'>14.00</Amt></InstdAmt></AmtDtls>"
COUNTER = "<AmtDtls><CntrValAmt><Amt Ccy='CNY'>1.00</Amt></CntrValAmt></AmtDtls>"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</Sts>", f"</Sts>{FOREIGN}"),
        ("<TxDtls>", f"<TxDtls>{FOREIGN}"),
        ('<Ntry><Amt Ccy="CNY">1.00</Amt>', f'<Ntry><Amt Ccy="USD">0.14</Amt>{COUNTER}'),
    ],
)
def test_line_that_was_paid_in_a_foreign_currency_says_so(old: str, new: str) -> None:
    _, [line] = read(camt(ACCOUNT, [Move(100)]).replace(old.encode(), new.encode()))
    assert (line.amount_fen, line.foreign_currency) == (100, "USD")


def test_a_return_is_known_by_its_transaction_code() -> None:
    code = b"</Sts><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></BkTxCd>"
    _, [line] = read(camt(ACCOUNT, [Move(100)]).replace(b"</Sts>", code))
    assert line.is_return


@pytest.mark.parametrize("move", [Move(100, is_reversal=True), Move(100, return_code="AC04")])
def test_knows_a_return(move: Move) -> None:
    _, [line] = read(camt(ACCOUNT, [move]))
    assert line.is_return
    assert line.return_reason == move.return_code


def test_batch_entry_becomes_its_details() -> None:
    amount = "<AmtDtls><TxAmt><Amt Ccy='CNY'>{a}</Amt></TxAmt></AmtDtls>"
    detail = "<TxDtls><Refs><EndToEndId>E{n}</EndToEndId></Refs>" + amount + "</TxDtls>"
    whole = entry(Move(300))
    head, tail = whole.split("<NtryDtls>")[0], "</Ntry>"
    both = detail.format(n=1, a="1.00") + detail.format(n=2, a="2.00")
    _, lines = read(camt(ACCOUNT, [Move(300)], entries=f"{head}<NtryDtls>{both}</NtryDtls>{tail}"))
    assert [(one.entry_no, one.detail_no, one.amount_fen, one.end_to_end_id) for one in lines] == [
        (1, 1, 100, "E1"),
        (1, 2, 200, "E2"),
    ]
    short = detail.format(n=1, a="1.00") + detail.format(n=2, a="1.99")
    _, lines = read(camt(ACCOUNT, [Move(300)], entries=f"{head}<NtryDtls>{short}</NtryDtls>{tail}"))
    assert [(one.amount_fen, one.end_to_end_id) for one in lines] == [(300, None)]


def test_reads_several_statements_of_one_file() -> None:
    inner = [
        camt(ACCOUNT, [Move(100)], day=day, statement_no=number, entries=entry(Move(100, on=day)), opening=opening)
        .decode()
        .split("</GrpHdr>")[1]
        .split("</BkToCstmrStmt>")[0]
        for number, day, opening in (("1", DAY, 0), ("2", date(2026, 3, 3), 100))
    ]
    opened = open_statement_file(io.BytesIO(document("".join(inner))), FileKind.XML)
    assert [(head.statement_no, head.closing_fen) for head in opened.heads] == [("1", 100), ("2", 200)]
    assert [index for index, _ in opened.lines()] == [0, 1]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"<Document", BrokenXml),
        (b"no xml at all", NotAStatement),
        (b"<?xml version='1.0' encoding='UTF-8'?><a>\xff\xfe</a>", BrokenXml),
        (b"<a>" * 300 + b"</a>" * 300, BrokenXml),
        (b"<Document/>", UnsupportedForm),
        (camt(ACCOUNT, [], version="01"), UnsupportedForm),
        (camt(ACCOUNT, []).replace(b"camt.053", b"camt.052"), UnsupportedForm),
        (document(""), UnsupportedForm),
        (camt(ACCOUNT, [Move(1)], prologue=BOMB), ForbiddenXml),
        (camt(ACCOUNT, [Move(1)], prologue=BOMB).decode().replace("UTF-8", "UTF-16").encode("utf-16"), ForbiddenXml),
        (camt(ACCOUNT, [Move(1)], prologue='<!DOCTYPE a SYSTEM "file:///etc/passwd">'), ForbiddenXml),
        (camt(ACCOUNT, [Move(1)], closing=2), StatementDoesNotAddUp),
        (camt(ACCOUNT, [Move(1)], currency="USD"), CurrencyNotSupported),
        (camt(ACCOUNT, [Move(1)]).replace(b">0.01<", b">0.011<"), BadLine),
        (camt(ACCOUNT, [Move(1)]).replace(b">0.01<", b">-0.01<"), BadLine),
        (camt(ACCOUNT, [Move(1)]).replace(b">0.01<", b">1e9<"), BadLine),
        (camt(ACCOUNT, [Move(1)]).replace(b">0.01<", b">1,000.00<"), BadLine),
        (camt(ACCOUNT, [Move(1)]).replace(b"<Sts>BOOK</Sts>", b""), BadLine),
        (camt(ACCOUNT, [Move(10**15 - 1)] * 200), StatementRefused),
        (camt(ACCOUNT, [Move(1)]).replace(b">CRDT</CdtDbtInd><Sts", b">XXXX</CdtDbtInd><Sts"), BadLine),
        (camt(ACCOUNT, [Move(1)]).replace(b"<BookgDt><Dt>2026-03-02", b"<BookgDt><Dt>2026-02-30"), BadLine),
        (camt(ACCOUNT, [Move(1)]).replace(b"<BookgDt><Dt>2026-03-02</Dt></BookgDt>", b""), BadLine),
        (camt(ACCOUNT, [Move(1)]).replace(b"CLBD", b"ITBD"), BadLine),
        (camt(ACCOUNT, [Move(1, on=date(2026, 3, 9))]), StatementRefused),
    ],
)
def test_refuses_what_is_not_a_sound_statement(content: bytes, error: type[StatementRefused]) -> None:
    with pytest.raises(error) as refused:
        read(content)
    assert refused.value.code != "statement-refused" or error is StatementRefused


def test_batch_with_a_detail_in_another_currency_stays_one_line() -> None:
    detail = "<TxDtls><AmtDtls><TxAmt><Amt Ccy='{c}'>1.00</Amt></TxAmt></AmtDtls></TxDtls>"
    both = detail.format(c="CNY") + detail.format(c="USD")
    content = entry(Move(200)).split("<NtryDtls>")[0] + f"<NtryDtls>{both}</NtryDtls></Ntry>"
    _, lines = read(camt(ACCOUNT, [Move(200)], entries=content))
    assert [line.amount_fen for line in lines] == [200]


@pytest.mark.parametrize(("second", "is_split"), [("CRDT", True), ("DBIT", False)])
def test_batch_with_a_detail_of_the_other_direction_stays_one_line(second: str, *, is_split: bool) -> None:
    detail = "<TxDtls><Amt Ccy='CNY'>1.00</Amt><CdtDbtInd>{d}</CdtDbtInd></TxDtls>"
    both = detail.format(d="CRDT") + detail.format(d=second)
    content = entry(Move(200)).split("<NtryDtls>")[0] + f"<NtryDtls>{both}</NtryDtls></Ntry>"
    _, lines = read(camt(ACCOUNT, [Move(200)], entries=content, version="08"))
    assert [line.amount_fen for line in lines] == ([100, 100] if is_split else [200])


def test_details_may_stand_in_several_groups() -> None:
    detail = "<NtryDtls><TxDtls><Refs><EndToEndId>E{n}</EndToEndId></Refs><Amt Ccy='CNY'>1.00</Amt></TxDtls></NtryDtls>"
    content = entry(Move(200)).split("<NtryDtls>")[0] + detail.format(n=1) + detail.format(n=2) + "</Ntry>"
    _, lines = read(camt(ACCOUNT, [Move(200)], entries=content, version="08"))
    assert [line.end_to_end_id for line in lines] == ["E1", "E2"]


def test_balance_that_closed_the_day_before_opens_the_next() -> None:
    content = camt(ACCOUNT, [Move(100)], opening=5).replace(
        b"OPBD</Cd></CdOrPrtry></Tp>", b"PRCD</Cd></CdOrPrtry></Tp>"
    )
    content = content.replace(b"<Dt><Dt>2026-03-02</Dt></Dt></Bal>", b"<Dt><Dt>2026-03-01</Dt></Dt></Bal>", 1)
    [head], _ = read(content)
    assert (head.period_from, head.period_to, head.opening_fen) == (DAY, DAY, 5)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("<FrDtTm>2026-03-02T00:00:00</FrDtTm><ToDtTm>2026-03-03T00:00:00</ToDtTm>", DAY, DAY),
        ("<FrDtTm>2026-03-02T00:00:00</FrDtTm><ToDtTm>2026-03-02T23:59:59</ToDtTm>", DAY, DAY),
        ("<FrDtTm>2026-03-01T16:00:00Z</FrDtTm><ToDtTm>2026-03-02T15:59:59Z</ToDtTm>", DAY, DAY),
        ("<FrDtTm>2026-03-01T16:00:00Z</FrDtTm><ToDtTm>2026-03-02T16:00:00Z</ToDtTm>", DAY, DAY),
        ("<FrDtTm>2026-03-01T16:00:00Z</FrDtTm><ToDtTm>2026-03-02T00:00:00Z</ToDtTm>", DAY, DAY),
        ("<FrDt>2026-03-01</FrDt><ToDt>2026-03-03</ToDt>", date(2026, 3, 1), date(2026, 3, 3)),
    ],
)
def test_period_is_whole_days(period: str, first: date, last: date) -> None:
    content = camt(ACCOUNT, [Move(100)]).replace(b"<Id>S1</Id>", f"<Id>S1</Id><FrToDt>{period}</FrToDt>".encode())
    [head], _ = read(content)
    assert (head.period_from, head.period_to) == (first, last)


def test_refuses_a_period_that_runs_backwards() -> None:
    period = b"<Id>S1</Id><FrToDt><FrDt>2026-03-03</FrDt><ToDt>2026-03-01</ToDt></FrToDt>"
    with pytest.raises(StatementRefused):
        read(camt(ACCOUNT, [Move(100)]).replace(b"<Id>S1</Id>", period))


def test_days_of_lines_need_no_order() -> None:
    later = DAY.replace(day=3)
    period = b"<Id>S1</Id><FrToDt><FrDt>2026-03-02</FrDt><ToDt>2026-03-03</ToDt></FrToDt>"
    content = camt(ACCOUNT, [Move(1, on=later), Move(2), Move(3, on=later)]).replace(b"<Id>S1</Id>", period)
    [head], lines = read(content)
    assert [line.booked_on for line in lines] == [later, DAY, later]
    assert (head.totals.first_on, head.totals.last_on) == (DAY, later)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-(10**12), 10**12).filter(bool), max_size=30), st.integers(-(10**12), 10**12))
def test_opening_plus_lines_is_closing(amounts: list[int], opening: int) -> None:
    [head], lines = read(camt(ACCOUNT, [Move(fen) for fen in amounts], opening=opening))
    assert opening + sum(line.signed_fen for line in lines) == head.closing_fen
    assert [line.signed_fen for line in lines] == amounts


def test_digest_is_made_of_what_the_first_statements_were_kept_with() -> None:
    line = Line(
        3, 1, Direction.DEBIT, 500, DAY, DAY, "R'1", None, "附言", "6202", None, -1, return_reason="x", entry_ref="E"
    )
    assert line.told == (
        "Line(entry_no=3, detail_no=1, direction=<Direction.DEBIT: 'D'>, amount_fen=500,"
        f" booked_on={DAY!r}, value_on={DAY!r}, bank_ref=\"R'1\", end_to_end_id=None, note='附言',"
        " counterparty_acct='6202', counterparty_name=None, balance_fen=-1, is_return=False, return_reason='x')"
    )
