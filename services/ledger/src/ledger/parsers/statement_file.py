"""A bank file of any form: read once, judged whole, and its lines kept on disk until somebody asks for them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ledger.domain.notice import NoticeHead
from ledger.domain.statement import Line, StatementHead, require_apart, require_sound
from ledger.parsers import camt053, camt054
from ledger.parsers.camt import CamtKind, kind_of
from ledger.parsers.errors import UnsupportedForm
from ledger.parsers.file_kind import FileKind, require_kind
from ledger.parsers.forms import detect_form
from ledger.parsers.line_spool import LineSpool
from ledger.parsers.mapped_statement import read_head
from ledger.parsers.mapping import BankMapping, shipped_mappings


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A judged file: of statements, whose ``heads`` are sound, or of ``notices``; never of both."""

    form: str
    heads: list[StatementHead]
    notices: list[NoticeHead]
    spool: LineSpool

    def lines(self) -> Iterator[tuple[int, Line]]:
        """Every line with the index of its statement or notice, in the file's order; as often as it is asked for."""
        return self.spool.lines()

    def lines_of(self, index: int) -> list[Line]:
        """All lines of one statement or notice: for those that are compared, which are not large."""
        return list(self.spool.lines_of(index))


def open_statement_file(
    file: BinaryIO,
    kind: FileKind,
    *,
    mapping: str | None = None,
    bankacct: str | None = None,
    mappings: Mapping[str, BankMapping] | None = None,
    spool_dir: Path | None = None,
) -> StatementFile:
    """Read and judge a whole file that was announced as ``kind``; blocking, so call it in a thread.

    ``mapping`` names the bank's form among ``mappings`` (the shipped ones by default); without it the header row
    decides. ``bankacct`` says whose a CSV or Excel export is that tells no account. Lines wait in a temporary file in
    ``spool_dir``. Raises a ``StatementRefused``.
    """
    require_kind(file, kind)
    spool = LineSpool(spool_dir)
    if kind is FileKind.XML:
        opened = _open_camt(file, spool)
    else:
        form = detect_form(file, kind, _candidates(mapping, shipped_mappings() if mappings is None else mappings))
        opened = StatementFile(f"{kind.value}.{form.mapping.code}", [read_head(form, bankacct, spool)], [], spool)
    for head in opened.heads:
        require_sound(head)
    require_apart(opened.heads)
    return opened


def _open_camt(file: BinaryIO, spool: LineSpool) -> StatementFile:
    if kind_of(file) is CamtKind.NOTIFICATION:
        return StatementFile(CamtKind.NOTIFICATION.value, [], camt054.read_heads(file, spool), spool)
    return StatementFile(CamtKind.STATEMENT.value, camt053.read_heads(file, spool), [], spool)


def _candidates(mapping: str | None, mappings: Mapping[str, BankMapping]) -> Collection[BankMapping]:
    if mapping is not None and mapping not in mappings:
        raise UnsupportedForm(f"没有这个银行格式，可用的有：{'、'.join(mappings)}")
    return mappings.values() if mapping is None else [mappings[mapping]]
