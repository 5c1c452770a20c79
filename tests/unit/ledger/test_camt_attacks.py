"""XML that attacks its reader, and XML that is damaged: refused, at little cost."""

import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.statement import Line, StatementHead, StatementRefused
from ledger.parsers.errors import BrokenXml, UnsupportedForm
from ledger.parsers.file_kind import FileKind
from ledger.parsers.statement_file import open_statement_file
from tests.unit.ledger.files import Move, camt, document, entry

ACCOUNT = "62010001"


def read(content: bytes) -> tuple[list[StatementHead], list[Line]]:
    opened = open_statement_file(io.BytesIO(content), FileKind.XML)
    return opened.heads, [line for _, line in opened.lines()]


def test_nothing_is_included_from_elsewhere() -> None:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    content = camt(ACCOUNT, [Move(100, "某说明")]).replace("某说明".encode(), include.encode())
    _, [line] = read(content)
    assert line.note is None


def test_refuses_an_endless_element() -> None:
    for padding in ("<X/>" * 800_000, "<X>" + "x" * 17_000_000 + "</X>", '<X a="" b=""/>' * 300_000):
        with pytest.raises(BrokenXml):
            read(camt(ACCOUNT, [Move(1)], entries=f"<Ntry>{padding}</Ntry>"))


def test_of_a_file_that_is_something_else_no_more_is_read_than_shows_it() -> None:
    report = document("", version="02").decode().replace("BkToCstmrStmt", "BkToCstmrAcctRpt").replace("camt.053", "a")
    file = io.BytesIO(report.replace("</GrpHdr>", f"</GrpHdr><Rpt>{entry(Move(1)) * 3000}</Rpt>").encode())
    with pytest.raises(UnsupportedForm):
        open_statement_file(file, FileKind.XML)
    assert file.tell() < 200_000


def test_refuses_a_namespace_that_holds_a_brace() -> None:
    with pytest.raises(UnsupportedForm):
        read(camt(ACCOUNT, [Move(1)]).replace(b'xmlns="urn', b'xmlns="}urn', 1))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 2000))
def test_damaged_files_are_refused_or_read_and_never_crash(damage: bytes, position: int) -> None:
    content = camt(ACCOUNT, [Move(100, "某说明", "6202"), Move(-7)])
    damaged = content[:position] + damage + content[position + len(damage) :]
    with suppress(StatementRefused):
        heads, lines = read(damaged)
        assert heads[0].opening_fen + sum(line.signed_fen for line in lines) == heads[0].closing_fen
