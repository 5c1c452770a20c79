"""What bank files may be announced as, and what a request announces."""

from starlette.requests import Request

from ledger.parsers.file_kind import FileKind
from shared.spreadsheet import CSV, XLSX

XML_KINDS = {"application/xml": FileKind.XML, "text/xml": FileKind.XML}
ROW_KINDS = {CSV: FileKind.CSV, "application/vnd.ms-excel": FileKind.EXCEL, XLSX: FileKind.EXCEL}
STATEMENT_KINDS = XML_KINDS | ROW_KINDS


def announced_kind(request: Request) -> FileKind:
    """The kind of file that the ``Content-Type`` of a request says; its route has refused every other type."""
    return STATEMENT_KINDS[request.headers.get("content-type", "").partition(";")[0].strip().lower()]
