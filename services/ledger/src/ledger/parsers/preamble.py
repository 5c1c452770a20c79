"""What stands around the rows of an export, by its labels: an account number, a currency, the bank's own sums."""

import re
from collections.abc import Iterator, Sequence

from ledger.parsers.amounts import clean_account, clean_cell
from ledger.parsers.forms import fold
from ledger.parsers.text_rows import Row

_BEFORE_LABEL = re.compile(r"[\s,;|]+(?=[^\s,;|:]+\s*:)")
_ACCOUNT = re.compile(r"[0-9A-Za-z][0-9A-Za-z -]*")


def beside(rows: Sequence[Row], labels: Sequence[str]) -> str | None:
    """What stands beside the first of ``labels``: after a colon in its cell, or in the next one."""
    wanted = {fold(label) for label in labels}
    for row in rows:
        cells = [clean_cell(cell) for cell in row]
        for index, cell in enumerate(cells):
            for name, told in _labelled(cell):
                if fold(name) in wanted:
                    return told or next(iter(cells[index + 1 :]), "") or None
    return None


def account_in(text: str) -> str | None:
    """The account number in what stands beside its label, such as ``[6201 0001] 某医保中心``."""
    match = _ACCOUNT.search(text)
    return None if match is None else clean_account(match[0])


def _labelled(cell: str) -> Iterator[tuple[str, str]]:
    """The labels of a cell with what each says: banks write several into one (``账号: 6201 户名: 某 币种: 人民币``)."""
    if ":" not in cell:
        yield cell, ""
    while ":" in cell:
        name, _, rest = cell.partition(":")
        following = _BEFORE_LABEL.search(rest)
        yield name, (rest if following is None else rest[: following.start()]).strip()
        cell = "" if following is None else rest[following.end() :]
