"""The bank files that the demo writes are what the ledger reads."""

import io
from datetime import UTC, date, datetime

import pytest

from demo.banks.files import Form, write_statement
from demo.banks.movement import AccountDays, Line, NoDayLeft, account_of
from ledger.domain.statement import Direction
from ledger.parsers.file_kind import FileKind
from ledger.parsers.statement_file import open_statement_file
from shared.registry.models import AccountUse
from stack.areas import read_areas

AREAS = {area.admdvs: area for area in read_areas()}
DAY = date(2026, 3, 30)
NOW = datetime(2026, 3, 30, 10, tzinfo=UTC)
CASE = "T47ARWU4WT5C87ZJ"
OUT, INTO = account_of(AREAS["320100"], AccountUse.PAYER), account_of(AREAS["370100"], AccountUse.RECEIVER)
LINES = (Line(-12_345, INTO, f"{CASE} 林晓峰", f"{CASE}-1"), Line(700, INTO, "<退> & 附言"))


def days(opening_fen: int = 100_000) -> AccountDays:
    return AccountDays(OUT, opening_fen=opening_fen, first_day=DAY, last_day=date(2026, 3, 31))


@pytest.mark.parametrize("form", list(Form))
def test_ledger_reads_what_the_bank_wrote(form: Form) -> None:
    file = write_statement(days().tell(LINES), form, made_at=NOW, admdvs="320100")
    kind = FileKind.XML if file.content_type == "application/xml" else FileKind.CSV
    opened = open_statement_file(io.BytesIO(file.content), kind, mapping=file.mapping)
    [head] = opened.heads
    assert (head.bankacct, head.opening_fen, head.closing_fen) == (OUT.bankacct, 100_000, 88_355)
    assert (head.period_from, head.period_to) == (DAY, DAY)
    first, second = (line for _, line in opened.lines())
    assert (first.direction, first.amount_fen, first.counterparty_acct) == (Direction.DEBIT, 12_345, INTO.bankacct)
    assert CASE in (first.note or "")
    assert (second.direction, second.amount_fen) == (Direction.CREDIT, 700)
    assert "<退> & 附言" in (second.note or "")


def test_camt_carries_the_end_to_end_id_of_the_order() -> None:
    file = write_statement(days().tell(LINES), Form.CAMT053, made_at=NOW, admdvs="320100")
    opened = open_statement_file(io.BytesIO(file.content), FileKind.XML)
    references = [line.end_to_end_id for _, line in opened.lines()]
    assert references == [f"{CASE}-1", None]


def test_a_day_opens_with_what_the_last_one_closed_with_and_no_day_is_told_twice() -> None:
    account = days()
    first, second = account.tell(LINES), account.tell(LINES[:1])
    assert second.opening_fen == first.closing_fen
    assert (first.on, second.on) == (DAY, date(2026, 3, 31))
    with pytest.raises(NoDayLeft):
        account.tell(LINES)
