"""Excel workbooks byte by byte, so that no writer's habits stand between a test and the reader."""

import io
import struct
import zipfile
from collections.abc import Collection, Sequence
from xml.sax.saxutils import escape

Cell = str | float
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512


def xlsx(*sheets: Sequence[Sequence[Cell]], extra: str = "", hidden: Collection[int] = ()) -> bytes:
    """A workbook (Office Open XML) of sheets of rows, some ``hidden``; ``extra`` goes into the last one as it is."""
    names = [f"s{number}" for number in range(1, len(sheets) + 1)]
    states = {i: ' state="hidden"' if i in hidden else "" for i in range(1, len(sheets) + 1)}
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(f'<sheet name="{n}" sheetId="{i}" r:id="{n}"{states[i]}/>' for i, n in enumerate(names, start=1))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">'
        + "".join(f'<Relationship Id="{n}" Type="{_OFFICE}/worksheet" Target="{n}.xml"/>' for n in names)
        + "</Relationships>",
    }
    for name, rows in zip(names, sheets, strict=True):
        added = extra if name == names[-1] else ""
        parts[f"xl/{name}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(map(_row, rows))}{added}</sheetData></worksheet>'
        )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return file.getvalue()


def xls(rows: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook of Excel 97 (BIFF8 in a compound file) with one sheet."""
    cells = b"".join(_cell(r, c, value) for r, row in enumerate(rows) for c, value in enumerate(row) if value != "")
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6)) + cells + _record(0x0A, b"")
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 6)) + _record(0x42, struct.pack("<H", 1200))
    name = struct.pack("<BB", 2, 0) + b"s1"
    offset = len(begin) + 4 + 6 + len(name) + 4
    globals_ = begin + _record(0x85, struct.pack("<IH", offset, 0) + name) + _record(0x0A, b"")
    return _compound(globals_ + sheet)


def _row(cells: Sequence[Cell]) -> str:
    return f"<row>{''.join(map(_inline, cells))}</row>"


def _inline(cell: Cell) -> str:
    if isinstance(cell, str):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    return f"<c><v>{cell!r}</v></c>"


def _cell(row: int, column: int, value: Cell) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        return _record(0x204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return _record(0x203, place + struct.pack("<d", value))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _compound(stream: bytes) -> bytes:
    """A compound file with one stream, long enough to stand in ordinary sectors."""
    stream = stream.ljust(4096, b"\0")
    count = -(-len(stream) // _SECTOR)
    stream = stream.ljust(count * _SECTOR, b"\0")
    chain = [*range(2, count + 1), _END]
    fats = -(-(count + 2) // 128) or 1
    table = [_END, *chain, *([_FAT] * fats)]
    table += [_FREE] * (fats * 128 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += b"\0" * 6 + struct.pack("<IIIIIIIII", 0, fats, 0, 0, 4096, _END, 0, _END, 0)
    header += b"".join(struct.pack("<I", count + 1 + each) for each in range(fats)).ljust(436, b"\xff")
    root = _entry("Root Entry", 5, 1, _END, 0)
    folder = (root + _entry("Workbook", 2, _FREE, 1, len(stream))).ljust(_SECTOR, b"\0")
    return header + folder + stream + struct.pack(f"<{len(table)}I", *table)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    links = struct.pack("<III", _FREE, _FREE, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )
