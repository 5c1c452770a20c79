"""What a corrected version of a sheet says otherwise than the one before: row, box, before, after."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise, zip_longest
from typing import Any

from pydantic import BaseModel

from shared.contracts.facts import Account
from shared.contracts.info_sheet import InfoSheet, SheetAttachment, SheetChange, SheetRow
from shared.law import design
from shared.money import format_yuan

_ROW = "row"
_PLAIN = (
    "rlts_traf_id",
    "trafout_admdvs",
    "trafin_admdvs",
    "trafout_insutype",
    "trafin_insutype",
    "acct_disposition",
    "has_account",
)
_KEYED = {"relations": "psn_insu_rlts_id", "contributions": "rid"}


@design("退回更正: each version says what it changed")
def sheet_changes(before: InfoSheet, after: InfoSheet) -> list[SheetChange]:
    """Every box that differs, in the order of the form; the version number itself and the warnings do not count.

    A row that only moved is no change: rows are aligned first. The entries of the attachment are matched by their
    ids (``attachment.contributions.<rid>.<field>``).
    """
    plain = (change for box in _PLAIN for change in _plain(box, getattr(before, box), getattr(after, box)))
    return [
        *plain,
        *_fields(before.head, after.head),
        *row_changes(before.rows, after.rows),
        *_fields(before.foot, after.foot),
        *_attachment(before.attachment, after.attachment),
    ]


def changes_by_version(sheets: Iterable[InfoSheet]) -> dict[int, list[SheetChange]]:
    """What each version changed against the one before it; the first changed nothing."""
    ordered = sorted(sheets, key=lambda sheet: sheet.version)
    later = {after.version: sheet_changes(before, after) for before, after in pairwise(ordered)}
    return {sheet.version: later.get(sheet.version, []) for sheet in ordered}


def row_changes(before: Sequence[SheetRow], after: Sequence[SheetRow]) -> list[SheetChange]:
    """Rows changed box by box, and whole rows that came (``before`` is ``None``) or went (``after`` is ``None``)."""
    old, new = [_content(row) for row in before], [_content(row) for row in after]
    found: list[SheetChange] = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        numbers_and_rows = zip_longest(range(old_from, old_to), range(new_from, new_to))
        for old_index, new_index in numbers_and_rows:
            found += _row(before, after, old_index, new_index)
    return found


def _row(
    before: Sequence[SheetRow], after: Sequence[SheetRow], old: int | None, new: int | None
) -> Iterator[SheetChange]:
    if new is None:
        yield SheetChange(row=(old or 0) + 1, box=_ROW, before=_written(before[old or 0]), after=None)
    elif old is None:
        yield SheetChange(row=new + 1, box=_ROW, before=None, after=_written(after[new]))
    else:
        yield from _fields(before[old], after[new], row=new + 1, leave_out=("row_no",))


def _content(row: SheetRow) -> tuple[object, ...]:
    return (row.accrym_begn, row.accrym_end, row.row_type, row.months, row.agency_name, row.admdvs, row.memo)


def _written(row: SheetRow) -> str:
    parts = (f"{row.accrym_begn}至{row.accrym_end}", f"类型{row.row_type}", f"{row.months}个月", row.agency_name)
    return " ".join(part for part in (*parts, row.admdvs, row.memo) if part)


def _attachment(before: SheetAttachment, after: SheetAttachment) -> Iterator[SheetChange]:
    parts = (*_KEYED, "account")
    yield from _fields(before, after, path="attachment.", leave_out=parts)
    for name, key in _KEYED.items():
        yield from _keyed(getattr(before, name), getattr(after, name), key, f"attachment.{name}")
    old, new = before.account, after.account
    if old is None or new is None:
        yield from _plain("attachment.account.balc", _balc(old), _balc(new))
        return
    yield from _fields(old, new, path="attachment.account.", leave_out=("entries",))
    yield from _keyed(old.entries, new.entries, "rid", "attachment.account.entries")


def _balc(account: Account | None) -> str | None:
    return None if account is None else format_yuan(account.balc)


def _keyed(before: Iterable[BaseModel], after: Iterable[BaseModel], key: str, path: str) -> Iterator[SheetChange]:
    old, new = _by(key, before), _by(key, after)
    for each in dict.fromkeys((*old, *new)):
        box = f"{path}.{each}"
        if each not in new:
            yield SheetChange(box=box, before=_text(old[each]), after=None)
        elif each not in old:
            yield SheetChange(box=box, before=None, after=_text(new[each]))
        elif old[each] != new[each]:
            yield from _fields(old[each], new[each], path=f"{box}.")


def _by(key: str, each: Iterable[BaseModel]) -> Mapping[str, BaseModel]:
    return {str(getattr(one, key)): one for one in each}


def _fields(
    before: BaseModel, after: BaseModel, *, row: int | None = None, path: str = "", leave_out: Sequence[str] = ()
) -> Iterator[SheetChange]:
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    for name, value in old.items():
        if name not in leave_out and value != new[name]:
            yield SheetChange(row=row, box=f"{path}{name}", before=_shown(value), after=_shown(new[name]))


def _plain(box: str, before: object, after: object) -> Iterator[SheetChange]:
    if before != after:
        yield SheetChange(box=box, before=_shown(before), after=_shown(after))


def _shown(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def _text(each: BaseModel) -> str:
    plain = each.model_dump(mode="json", exclude_none=True)
    return " ".join(f"{name}={_shown(value)}" for name, value in plain.items())
