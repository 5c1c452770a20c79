"""What banks write into camt.053 otherwise: several balances of a kind, 24:00, whole entries of several payments."""

import io
from datetime import date, timedelta

import pytest

from ledger.domain.statement import Line, StatementHead, StatementRefused
from ledger.parsers.file_kind import FileKind
from ledger.parsers.statement_file import open_statement_file
from tests.unit.ledger.files import DAY, Move, camt, entry

NEXT = DAY + timedelta(days=1)
TWO_DAYS = entry(Move(100)) + entry(Move(50, on=NEXT))
PERIOD = "<FrToDt><FrDtTm>2026-03-02T00:00:00</FrDtTm><ToDtTm>2026-03-02T24:00:00</ToDtTm></FrToDt>"


def read(content: str) -> tuple[StatementHead, list[Line]]:
    opened = open_statement_file(io.BytesIO(content.encode()), FileKind.XML)
    return opened.heads[0], [line for _, line in opened.lines()]


def balance(code: str, yuan: str, on: date, sign: str = "<CdtDbtInd>CRDT</CdtDbtInd>") -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">{yuan}</Amt>{sign}'
        f"<Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def statement(balances: str, entries: str) -> str:
    whole = camt("6201", [], entries=entries).decode()
    return whole[: whole.index("<Bal>")] + balances + whole[whole.rindex("</Bal>") + len("</Bal>") :]


@pytest.mark.parametrize(
    "balances",
    [
        balance("CLBD", "1.50", NEXT) + balance("CLBD", "1.00", DAY) + balance("OPBD", "0.00", DAY),
        balance("OPBD", "1.00", NEXT) + balance("OPBD", "0.00", DAY) + balance("CLBD", "1.50", NEXT) * 2,
    ],
)
def test_statement_of_several_days_opens_with_the_first_balance_and_closes_with_the_last(balances: str) -> None:
    head, _ = read(statement(balances, TWO_DAYS))
    assert (head.opening_fen, head.closing_fen, head.period_from, head.period_to) == (0, 150, DAY, NEXT)


@pytest.mark.parametrize(
    ("closing", "told"),
    [
        (balance("CLBD", "1.00", DAY) + balance("CLBD", "9.00", DAY), "两个不同的期末余额"),
        (balance("CLBD", "1.00", DAY, ""), "期末余额的方向"),
        (balance("CLBD", "1.00", DAY, "<CdtDbtInd>C</CdtDbtInd>"), "期末余额的方向"),
        (balance("CLBD", "-1.00", DAY), "期末余额的方向"),
        (balance("CLBD", "1.00", DAY) + balance("CLBD", "1.00", DAY).replace("CNY", "USD"), "币种"),
    ],
)
def test_balance_that_may_mean_two_things_is_refused(closing: str, told: str) -> None:
    with pytest.raises(StatementRefused, match=told):
        read(statement(balance("OPBD", "0.00", DAY) + closing, entry(Move(100))))


@pytest.mark.parametrize(
    ("entries", "period", "first"),
    [
        (entry(Move(50, on=NEXT)), "", NEXT),
        ("", "", NEXT),
        (TWO_DAYS, "", DAY),
        (entry(Move(50, on=NEXT)), f"<FrToDt><FrDt>{DAY}</FrDt><ToDt>{NEXT}</ToDt></FrToDt>", DAY),
    ],
)
def test_opening_balance_dated_by_the_day_before_begins_with_the_day_after(
    entries: str, period: str, first: date
) -> None:
    moved = sum(50 if str(NEXT) in one else 100 for one in entries.split("</Ntry>")[:-1])
    balances = balance("OPBD", "0.00", DAY) + balance("CLBD", f"{moved / 100:.2f}", NEXT)
    head, _ = read(statement(balances, entries).replace("<Id>S1</Id>", f"<Id>S1</Id>{period}"))
    assert (head.period_from, head.period_to) == (first, NEXT)


def test_24_o_clock_is_the_end_of_its_day() -> None:
    content = camt("6201", [Move(100)]).decode().replace("<Id>S1</Id>", f"<Id>S1</Id>{PERIOD}")
    content = content.replace("<BookgDt><Dt>2026-03-02</Dt>", "<BookgDt><DtTm>2026-03-02T24:00:00+08:00</DtTm>")
    head, [line] = read(content)
    assert (head.period_from, head.period_to, line.booked_on) == (DAY, DAY, DAY)


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("<ElctrncSeqNb>62</ElctrncSeqNb><LglSeqNb>9</LglSeqNb>", 62),
        ("<LglSeqNb>9</LglSeqNb>", 9),
        ("<ElctrncSeqNb>2026-62</ElctrncSeqNb>", None),
        ("", None),
    ],
)
def test_the_banks_count_of_its_statements_is_read(told: str, number: int | None) -> None:
    head, _ = read(camt("6201", [Move(1)]).decode().replace("<Id>S1</Id>", f"<Id>S1</Id>{told}"))
    assert head.sequence_no == number


@pytest.mark.parametrize(
    ("page", "is_whole"),
    [
        ("<PgNb>1</PgNb>", True),
        ("<PgNb>1</PgNb><LastPgInd>true</LastPgInd>", True),
        ("<PgNb>1</PgNb><LastPgInd>false</LastPgInd>", False),
        ("<PgNb>2</PgNb><LastPgInd>true</LastPgInd>", False),
    ],
)
def test_one_page_of_several_is_refused_also_where_it_adds_up(page: str, *, is_whole: bool) -> None:
    paged = camt("6201", [Move(1)]).decode().replace("<Id>S1</Id>", f"<Id>S1</Id><StmtPgntn>{page}</StmtPgntn>")
    if is_whole:
        assert len(read(paged)[1]) == 1
        return
    with pytest.raises(StatementRefused, match="分页"):
        read(paged)


RETURNED = "<RtrInf><Rsn><Prtry>户名不符</Prtry></Rsn></RtrInf>"


def test_whole_entry_with_a_returned_payment_inside_is_a_return() -> None:
    details = f"<TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs>{RETURNED}</TxDtls><TxDtls>{RETURNED}</TxDtls>"
    content = entry(Move(300)).split("<NtryDtls>")[0] + f"<NtryDtls>{details}</NtryDtls></Ntry>"
    _, [line] = read(camt("6201", [Move(300)], entries=content).decode())
    assert (line.is_return, line.return_reason, line.note) == (True, "户名不符", "E1")


def test_everything_that_a_payment_says_is_in_its_note() -> None:
    told = "<AddtlRmtInf>丙</AddtlRmtInf></Strd></RmtInf><AddtlTxInf>丁</AddtlTxInf>"
    content = camt("6201", [Move(100, "甲")]).decode()
    content = content.replace("</Ustrd></RmtInf>", f"</Ustrd><Ustrd>乙</Ustrd><Strd>{told}")
    assert read(content)[1][0].note == "甲 乙 丙 丁"


def test_counter_value_may_stand_with_the_payment() -> None:
    value = '<TxDtls><AmtDtls><CntrValAmt><Amt Ccy="CNY">1.00</Amt></CntrValAmt></AmtDtls>'
    content = camt("6201", [Move(100)]).decode().replace("<TxDtls>", value)
    _, [line] = read(content.replace('<Ntry><Amt Ccy="CNY">1.00', '<Ntry><Amt Ccy="USD">0.14'))
    assert (line.amount_fen, line.foreign_currency) == (100, "USD")


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ((balance("ITBD", "0.00", DAY) * 3 + entry(Move(1))) * 100, "表头过大"),
        (f"<X>{entry(Move(1))}</X>", "不在对账单"),
        (f"<Acct>{'<X/>' * 15_000}</Acct>{entry(Move(1))}" * 2, "表头过大"),
    ],
)
def test_nothing_piles_up_beside_the_entries(entries: str, told: str) -> None:
    with pytest.raises(StatementRefused, match=told):
        read(camt("6201", [], entries=entries).decode())
