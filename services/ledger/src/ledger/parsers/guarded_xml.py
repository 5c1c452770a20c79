"""lxml's iterparse without DTD, entities and network, and bounded in what one element may hold."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import BinaryIO

from lxml import etree

from ledger.parsers.errors import BrokenXml, ForbiddenXml

_MAX_UNFINISHED_BYTES = 16 * 1024 * 1024
_MAX_UNFINISHED_NODES = 750_000
"""Elements and attributes: an entry of 20,000 details has fewer, and one of four bytes takes two hundred in memory."""

_PROLOGUE_BYTES = 4096
_MESSAGE = re.compile(r"(?:camt|pain|pacs)\.[0-9]{3}\.[0-9]{3}\.[0-9]{2}(?![0-9])")
_ENCODING = (etree.ErrorTypes.ERR_INVALID_ENCODING, etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING)
Element = etree._Element  # lxml publishes no other name for it


class _BoundedReader:
    """Passes bytes on, and stops when too many went by since the last element was finished."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._bytes = self._nodes = 0

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self._bytes += len(chunk)
        self._nodes += chunk.count(b"<") - chunk.count(b"</") + chunk.count(b"=")
        if self._bytes > _MAX_UNFINISHED_BYTES or self._nodes > _MAX_UNFINISHED_NODES:
            raise BrokenXml("XML 中单个元素过大")
        return chunk

    def finished(self) -> None:
        """One element was handed out and freed."""
        self._bytes = self._nodes = 0


def elements(file: BinaryIO, *names: str) -> Iterator[Element]:
    """Finished elements with one of the local ``names``, in any namespace, in document order.

    The consumer frees each. libxml2 bounds depth (256) and text; raises ``ForbiddenXml`` for any document type
    and ``BrokenXml`` for what is not well-formed or too large.
    """
    file.seek(0)
    _require_no_doctype(file.read(_PROLOGUE_BYTES))
    file.seek(0)
    reader = _BoundedReader(file)
    try:
        parser = etree.iterparse(
            reader,
            events=("end",),
            tag=tuple(f"{{*}}{name}" for name in names),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        is_plain = False
        for _, element in parser:
            if not is_plain:
                _require_plain(element)
                is_plain = True
            yield element
            reader.finished()
    except etree.XMLSyntaxError as error:
        # lxml's stubs do not know the code.
        reason = "的文字不是文件声明的编码" if getattr(error, "code", None) in _ENCODING else "格式错误"
        raise BrokenXml(f"XML {reason}（第 {error.lineno or 1} 行）") from None


def flatten(element: Element, *, apart: Mapping[str, list[Element]] | None = None) -> dict[str, str]:
    """Texts below ``element`` by the path of local names; repeated ones are joined by a space.

    An amount's currency stands as ``path@Ccy``, an element without text or with others in it as empty text. Elements
    at a path of ``apart`` are collected in its list instead. One walk: asking for path after path costs ten times as
    much.
    """
    found: dict[str, str] = {}
    _flatten(element, "", found, apart or {})
    return found


def _flatten(element: Element, prefix: str, found: dict[str, str], apart: Mapping[str, list[Element]]) -> None:
    for child in element:
        path, below, currency_path = _paths(prefix, child.tag)
        if path in apart:
            apart[path].append(child)
            continue
        if len(child):
            found.setdefault(path, "")
            _flatten(child, below, found, apart)
            continue
        text = child.text
        text = text.strip() if text else ""
        before = found.get(path)
        found[path] = f"{before} {text}".strip() if before else text
        if currency_path is not None and (currency := child.get("Ccy")) is not None:
            found.setdefault(currency_path, currency)


@lru_cache(maxsize=4096)
def _paths(prefix: str, tag: str) -> tuple[str, str, str | None]:
    """The path of an element, the prefix of what is below it, and the path of its currency if it is an amount."""
    path = prefix + _local(tag)
    return path, f"{path}/", f"{path}@Ccy" if path.endswith("Amt") else None


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    return str(tag).rpartition("}")[2]


def local_name(element: Element) -> str:
    """The name without its namespace."""
    return _local(element.tag)


def namespace(element: Element) -> str:
    """The namespace of the element, empty when it has none; a damaged file may declare one that holds braces."""
    return str(element.tag).rpartition("}")[0].removeprefix("{")


def told_message(spaces: Iterable[str]) -> str | None:
    """The ISO 20022 message that the first of these namespaces names which names any: ``camt.053.001.02``."""
    return next((match[0] for space in spaces if (match := _MESSAGE.search(space))), None)


def _require_no_doctype(prologue: bytes) -> None:
    # UTF-16 would hide it from this look; _require_plain asks the parser again.
    if b"<!DOCTYPE" in prologue.upper() or b"<!ENTITY" in prologue.upper():
        raise ForbiddenXml("XML 不得包含 DOCTYPE 或实体声明")


def _require_plain(element: Element) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise ForbiddenXml("XML 不得包含 DOCTYPE 或实体声明")
