"""What a file really is, whatever it is called; and that it is what it was announced as."""

import codecs
from enum import StrEnum
from typing import BinaryIO

from ledger.parsers.errors import EmptyFile, NotAStatement

_LOOK_BYTES = 4096
_MARK = b"\xef\xbb\xbf \t\r\n"


class FileKind(StrEnum):
    """What bank files are announced as."""

    XML = "xml"
    CSV = "csv"
    EXCEL = "excel"


_ADVICE = {
    FileKind.XML: "请以 application/xml 上传",
    FileKind.CSV: "请以 text/csv（文件名 .csv）上传",
    FileKind.EXCEL: "请以 Excel（文件名 .xls 或 .xlsx）上传",
}
_ASKED = {FileKind.XML: "XML", FileKind.CSV: "CSV", FileKind.EXCEL: "Excel"}
_MAGIC = {
    b"\xd0\xcf\x11\xe0": (" Excel 97–2003 工作簿（XLS）", FileKind.EXCEL),
    b"PK\x03\x04": (" Excel 工作簿（XLSX）或压缩包", FileKind.EXCEL),
    b"%PDF": (" PDF 文件", None),
    b"\x1f\x8b": ("压缩包（GZIP）", None),
    b"Rar!": ("压缩包（RAR）", None),
    b"7z\xbc\xaf": ("压缩包（7Z）", None),
    b"\x89PNG": ("图片", None),
    b"\xff\xd8\xff": ("图片", None),
}
_BLANK = b" \t\r\n,;\x00"
_HTML = (b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"<style")
_SPREADSHEET_XML = b"urn:schemas-microsoft-com:office:spreadsheet"


def require_kind(file: BinaryIO, announced: FileKind) -> None:
    """Returns when the file may be what it was announced as; raises ``NotAStatement`` naming what it is.

    Raises ``EmptyFile`` where nothing at all stands in it.
    """
    file.seek(0)
    start = file.read(_LOOK_BYTES)
    if _is_blank(start) and not any(chunk.strip(_BLANK) for chunk in iter(lambda: file.read(_LOOK_BYTES), b"")):
        raise EmptyFile("文件是空的，没有任何内容；请重新从银行导出，没有流水的日期不必导入")
    name, kind = _look(start)
    if kind is announced or _is_blank(start):
        return
    # Broken XML is for the parser to refuse, with the line; what has no mark-up at all is none.
    if announced is FileKind.XML and kind is FileKind.CSV and b"<" in start:
        return
    advice = "银行的对账单请重新导出为 XML、CSV 或 Excel 后上传" if kind is None else _ADVICE[kind]
    raise NotAStatement(f"文件标为 {_ASKED[announced]}，实际是{name}；{advice}")


def _look(start: bytes) -> tuple[str, FileKind | None]:
    for magic, found in _MAGIC.items():
        if start.startswith(magic):
            return found
    plain = _without_nul(start).lstrip(_MARK).lower()
    if _SPREADSHEET_XML in plain:
        return " Excel 2003 的 XML 表格", None
    if plain.startswith(_HTML) or (plain.startswith(b"<") and b"<html" in plain):
        return "网页（HTML）", None
    if plain.startswith(b"mime-version:") or b"multipart/related" in plain:
        return "网页（MHTML）", None
    if plain.startswith((b"{1:", b":20:")):
        return " SWIFT 报文（MT940 等）", None
    if plain.startswith(b"<"):
        return " XML 文件", FileKind.XML
    return "文本（CSV）", FileKind.CSV


def _is_blank(start: bytes) -> bool:
    """Nothing but a byte order mark, blanks, and delimiters between cells without anything in them."""
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        start = start.removeprefix(mark)
    return not start.strip(_BLANK)


def _without_nul(start: bytes) -> bytes:
    """UTF-16's ASCII as ASCII."""
    return start.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\x00", b"")
