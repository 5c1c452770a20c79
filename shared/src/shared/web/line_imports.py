"""Imports of NDJSON whose rows are found again: the same key and line number are the same row.

A row is kept with its ``RowPlace``. The same file sent again under the same key adds only what is missing and answers
the same report, whatever broke the first attempt; a line that reads otherwise than the kept one is a fault.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Header
from pydantic import BaseModel, Field

from shared.errors import DomainError, FieldError
from shared.web.ndjson import Line, Model, read_line

KEPT_FAULTS, KEPT_IDS = 1000, 10_000
BATCH_LINES, BATCH_BYTES = 100, 2 * 1024 * 1024
MAX_LINE_BYTES = 256 * 1024

ImportKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[0-9A-Za-z._-]{1,64}$",
        description="导入批次编号；中断后用同一编号再次提交同一文件，只补录缺少的行，报告相同",
    ),
]
Id = TypeVar("Id")


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Where a row stood: the import's key, the line (from 1), SHA-256 (hex) of the line without its blanks."""

    import_key: str
    import_line: int
    row_digest: str

    @classmethod
    def of(cls, key: str, line: Line) -> "RowPlace":
        """The place of a line that is not too long."""
        return cls(key, line.number, hashlib.sha256((line.content or b"").strip()).hexdigest())


@dataclass(frozen=True, slots=True)
class KeptRow(Generic[Id]):
    """A row that an earlier attempt has kept."""

    id: Id
    row_digest: str


class LineFault(BaseModel):
    """One thing wrong with one line."""

    line: int
    pointer: str
    code: str
    message: str


class LineReport(BaseModel):
    """What came of an import: every line was entered, or stands here with all that is wrong with it.

    The first faults are listed, all failed lines are counted.
    """

    lines: int = 0
    entered: int = 0
    failed: int = 0
    errors: list[LineFault] = Field(default_factory=list)

    def fail(self, line: int, faults: Sequence[FieldError]) -> None:
        """Count a line that failed and list what is wrong with it."""
        self.failed += 1
        room = max(0, KEPT_FAULTS - len(self.errors))
        self.errors.extend(
            LineFault(line=line, pointer=each.pointer, code=each.code, message=each.message)
            for each in list(faults)[:room]
        )

    def refuse(self, line: int, error: DomainError) -> None:
        """Count a line that a rule refused."""
        self.fail(line, error.errors or [FieldError("", error.code, error.message)])


def filled_lines(batch: Sequence[Line]) -> list[Line]:
    """The lines that hold something."""
    return [line for line in batch if line.content is None or line.content.strip()]


def kept_before(
    lines: Sequence[Line], key: str, kept: Mapping[int, KeptRow[Id]], report: LineReport
) -> tuple[list[Id], list[Line]]:
    """The ids of rows that are here already, and the lines that are still to come; changed lines are reported."""
    ids: list[Id] = []
    fresh: list[Line] = []
    for line in lines:
        row = kept.get(line.number)
        if row is None:
            fresh.append(line)
        elif line.content is not None and row.row_digest == RowPlace.of(key, line).row_digest:
            report.entered += 1
            ids.append(row.id)
        else:
            report.fail(line.number, [FieldError("", "import-line-changed", "同一批次编号下该行内容与先前录入的不同")])
    return ids, fresh


def read_lines(lines: Sequence[Line], model: type[Model], report: LineReport) -> list[tuple[Line, Model]]:
    """Each line with its document; what cannot be read is reported."""
    read: list[tuple[Line, Model]] = []
    for line in lines:
        document, faults = read_line(line, model)
        if document is None:
            report.fail(line.number, faults)
        else:
            read.append((line, document))
    return read
