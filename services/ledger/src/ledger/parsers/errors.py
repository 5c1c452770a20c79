"""Why a bank file cannot be read; each refuses the file whole."""

from ledger.domain.statement import StatementRefused
from shared.errors import FieldError


class NotAStatement(StatementRefused):
    """The bytes are not of the form that was announced (a web page named ``.xls``, say)."""

    code = "statement-not-readable"


class EmptyFile(StatementRefused):
    """No bytes, or only blanks: nothing was exported."""

    code = "statement-empty"


class BrokenXml(StatementRefused):
    """Not well-formed, or past the bounds on depth, size and nesting."""

    code = "statement-xml-broken"


class ForbiddenXml(StatementRefused):
    """A document type or entity declaration, which no bank statement needs."""

    code = "statement-xml-doctype"


class UnsupportedForm(StatementRefused):
    """Well-formed, but not camt of a version that is read, nor an export with a known mapping."""

    code = "statement-form-unsupported"


class WrongEncoding(StatementRefused):
    """The bytes are not text in the mapping's encoding."""

    code = "statement-encoding"

    @classmethod
    def in_row(cls, row_no: int, encodings: str) -> "WrongEncoding":
        """Line ``row_no`` of the text is where it first is no text in ``encodings``."""
        reason = f"不是 {encodings} 编码的文本"
        return cls(f"第 {row_no} 行{reason}", errors=[FieldError(f"/rows/{row_no}", cls.code, reason)])


class BadLine(StatementRefused):
    """A line lacks a field, or a field cannot be read; the message names the line and the column."""

    code = "statement-line-invalid"

    @classmethod
    def at(cls, entry_no: int, reason: str, place: str = "") -> "BadLine":
        """Line ``entry_no`` (the ``place`` in the file beside it) and what is wrong with it."""
        text = f"第 {entry_no} 笔{place}{reason}"
        return cls(text, errors=[FieldError(f"/lines/{entry_no}", cls.code, text)])

    @classmethod
    def in_row(cls, row_no: int, reason: str) -> "BadLine":
        """Row ``row_no`` of a CSV or a sheet, and what is wrong with it."""
        text = f"第 {row_no} 行{reason}"
        return cls(text, errors=[FieldError(f"/rows/{row_no}", cls.code, text)])
