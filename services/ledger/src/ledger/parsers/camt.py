"""What camt.053 (statements) and camt.054 (notifications) have in common: entries in groups, in an envelope.

Read by local names: banks write versions .02 and later in ISO's namespace, in their own, or in none.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from enum import StrEnum
from typing import BinaryIO, TypeVar

from ledger.domain.statement import Line
from ledger.parsers.amounts import clean_account, read_iso_date
from ledger.parsers.camt_entry import read_entry
from ledger.parsers.errors import BadLine, UnsupportedForm
from ledger.parsers.guarded_xml import Element, elements, local_name, namespace, told_message
from ledger.parsers.pruning import Pruner

_Head = TypeVar("_Head")
_READ = re.compile(r"^camt\.05[34]\.001\.(?!0[01])[0-9]{2}$")
_MAX_GROUPS = 1000
_MAX_BESIDE = 200
"""How many elements may stand beside an entry: what a group says of itself, and what is not freed yet."""

_HEAD_PARTS = frozenset(
    {"Id", "ElctrncSeqNb", "LglSeqNb", "Acct", "FrToDt", "Bal", "StmtPgntn", "NtfctnPgntn", "TxsSummry"}
)


class CamtKind(StrEnum):
    """The two messages; the value names the form of a file."""

    STATEMENT = "camt.053"
    NOTIFICATION = "camt.054"


_ENVELOPES = {"BkToCstmrStmt": CamtKind.STATEMENT, "BkToCstmrDbtCdtNtfctn": CamtKind.NOTIFICATION}
_GROUPS = {CamtKind.STATEMENT: "Stmt", CamtKind.NOTIFICATION: "Ntfctn"}


def kind_of(file: BinaryIO) -> CamtKind:
    """Which of the two messages the file is; raises ``UnsupportedForm`` naming what else it is."""
    # The first entry, group or envelope decides: of a file that is something else, no more is read.
    element = next(elements(file, "Ntry", *_GROUPS.values(), *_ENVELOPES, "Document"), None)
    lineage = [] if element is None else [element, *element.iterancestors()]
    _require_version(lineage)
    for ancestor in lineage:
        kind = _ENVELOPES.get(local_name(ancestor))
        if kind is not None:
            return kind
    raise UnsupportedForm("文件不是 camt.053 对账单或 camt.054 借贷记通知")


def groups(file: BinaryIO, kind: CamtKind, read_head: Callable[[Element, int, int], _Head]) -> Iterator[Line | _Head]:
    """Each group's booked lines, then what ``read_head`` makes of its element and its entries: all, and booked."""
    entry_no = booked = count = 0
    pruner = Pruner(_HEAD_PARTS)
    for element in elements(file, "Ntry", _GROUPS[kind]):
        if local_name(element) == "Ntry":
            _require_place(element, _GROUPS[kind])
            entry_no += 1
            lines = 0
            for line in read_entry(element, entry_no):
                lines += 1
                yield line
            booked += lines > 0
            pruner.free(element)
        else:
            count += 1
            if count > _MAX_GROUPS:
                raise UnsupportedForm("一个文件中的对账单或通知过多")
            yield read_head(element, entry_no, booked)
            entry_no = booked = 0
            pruner.free_group(element)
    if not count:
        raise UnsupportedForm(f"文件中没有对账单或通知（{_GROUPS[kind]}）")


def account_of(group: Element) -> str:
    """The cleaned account number; raises ``BadLine`` where there is none."""
    account = text_at(group, "{*}Acct/{*}Id/{*}Othr/{*}Id") or text_at(group, "{*}Acct/{*}Id/{*}IBAN")
    if not account:
        raise BadLine(f"缺少账号（Acct）{place_of(group)}")
    return clean_account(account)


def number_of(group: Element) -> str:
    """The bank's number of a statement or notification; raises ``BadLine`` where there is none."""
    number = text_at(group, "{*}Id")
    if not number:
        raise BadLine(f"缺少编号（Id）{place_of(group)}")
    return number[:35]


def place_of(element: Element) -> str:
    """Where an element begins, for people."""
    return f"（文件第 {element.sourceline} 行）"


def text_at(element: Element, path: str) -> str | None:
    """The text at a path, ``None`` where it is missing or empty."""
    return (element.findtext(path) or "").strip() or None


def date_at(element: Element, path: str) -> date | None:
    """The day at a path; raises ``BadLine`` where it is none."""
    text = text_at(element, path)
    if text is None:
        return None
    try:
        return read_iso_date(text)
    except ValueError:
        raise BadLine(f"有无法识别的日期{place_of(element)}") from None


def _require_version(lineage: list[Element]) -> None:
    """A name space that tells another message or a version before .02 is believed; any other says nothing."""
    spaces = [namespace(one) for one in lineage]
    if any("{" in space or "}" in space for space in spaces):
        raise UnsupportedForm("文件的命名空间无法识别")
    told = told_message(spaces)
    if told is not None and not _READ.match(told):
        raise UnsupportedForm(f"文件是 {told}，只接受 camt.053.001.02 和 camt.054.001.02 及以后的版本")


def _require_place(entry: Element, group: str) -> None:
    """Returns where an entry stands in its group, beside a few other elements: nothing else would be freed."""
    parent = entry.getparent()
    if parent is None or local_name(parent) != group:
        raise BadLine(f"有一笔不在对账单或通知（{group}）之内{place_of(entry)}")
    if len(parent) > _MAX_BESIDE:
        raise BadLine(f"对账单或通知的表头过大{place_of(entry)}")
