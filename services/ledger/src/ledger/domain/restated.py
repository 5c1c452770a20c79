"""A bank that tells the same days again, otherwise."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ledger.domain.statement import Direction, Line, StatementHead
from shared.errors import Conflict, FieldError
from shared.money import format_yuan


class StatementRestated(Conflict):
    """The days of this account were told before, with another content; nothing is booked twice."""

    code = "statement-restated"


class ToldForAnotherAccount(StatementRestated):
    """A file that names no account was brought before as the statement of another one."""

    code = "statement-told-for-another-account"


def require_same_account(told: Collection[str], said: Collection[str]) -> None:
    """Returns when a file whose bytes were ``told`` as statements of accounts is of one of them now.

    Raises ``ToldForAnotherAccount``.
    """
    if told and set(told).isdisjoint(said):
        raise ToldForAnotherAccount(
            f"这份文件已作为账户 {'、'.join(sorted(told))} 的对账单导入，本次指明的是另一账户；请核对账户。"
            "原先指明错了的，先由两人替换那一份（statement-restatements），再换一种格式导出、上传"
        )


class Told(Protocol):
    """What is kept of the earlier telling."""

    @property
    def period_from(self) -> date: ...
    @property
    def period_to(self) -> date: ...
    @property
    def opening_fen(self) -> int: ...
    @property
    def closing_fen(self) -> int: ...
    @property
    def line_count(self) -> int: ...
    @property
    def content_digest(self) -> str | None: ...
    @property
    def part_no(self) -> int: ...


MAX_LINES_COMPARED = 20_000
_MAX_LINES_LISTED = 50
_DIRECTION_NAMES = {Direction.CREDIT: "收入", Direction.DEBIT: "支出"}


@dataclass(frozen=True, slots=True)
class ToldLine:
    """What tells one line from another, however the file writes the rest."""

    booked_on: date
    direction: Direction
    amount_fen: int
    bank_ref: str | None
    end_to_end_id: str | None
    note: str | None
    counterparty_acct: str | None

    @classmethod
    def of(cls, line: Line) -> "ToldLine":
        """The line as it is compared."""
        return cls(
            line.booked_on,
            line.direction,
            line.amount_fen,
            line.bank_ref,
            line.end_to_end_id,
            line.note,
            line.counterparty_acct,
        )

    @property
    def signed_fen(self) -> int:
        """The effect on the account's balance."""
        return self.amount_fen if self.direction is Direction.CREDIT else -self.amount_fen

    def __str__(self) -> str:
        # No note: it names people, and problems must not.
        number = f"，流水号 {self.bank_ref}" if self.bank_ref else ""
        return f"{self.booked_on} {_DIRECTION_NAMES[self.direction]} {format_yuan(self.amount_fen)} 元{number}"


def differing_lines(index: int, told: Iterable[ToldLine], again: Iterable[ToldLine]) -> list[FieldError]:
    """Lines that only one of two tellings has; the first fifty, and how many more there are. Twins are counted."""
    before, after = Counter(told), Counter(again)
    pairs = ((after - before, "line-added", "本次多出"), (before - after, "line-missing", "本次缺少"))
    pointer = f"/statements/{index}/lines"
    found = [FieldError(pointer, code, f"{name}：{line}") for lines, code, name in pairs for line in lines.elements()]
    if len(found) <= _MAX_LINES_LISTED:
        return found
    more = FieldError(pointer, "more-lines-differ", f"另有 {len(found) - _MAX_LINES_LISTED} 笔不同")
    return [*found[:_MAX_LINES_LISTED], more]


def restated(index: int, head: StatementHead, told: Told) -> list[FieldError]:
    """How ``head`` differs from what was ``told`` for the same days; empty when it is the same statement again.

    What was told by several statements has no digest: then the lines have to be compared besides, and are not counted.
    """
    is_one = told.content_digest is not None
    pairs = {
        "period_from": ("期间起", told.period_from.isoformat(), head.period_from.isoformat()),
        "period_to": ("期间止", told.period_to.isoformat(), head.period_to.isoformat()),
        "opening_balance": ("期初余额", format_yuan(told.opening_fen), format_yuan(head.opening_fen)),
        "closing_balance": ("期末余额", format_yuan(told.closing_fen), format_yuan(head.closing_fen)),
        "line_count": ("笔数", str(told.line_count), str(head.totals.line_count if is_one else told.line_count)),
    }
    differences = [
        FieldError(f"/statements/{index}/{field}", "differs", f"{name}：原为 {old}，本次为 {new}")
        for field, (name, old, new) in pairs.items()
        if old != new
    ]
    if differences or told.content_digest == head.totals.content_digest:
        return differences
    if is_one:
        return [FieldError(f"/statements/{index}/lines", "differs", "余额与笔数相同，但明细内容不同")]
    if max(told.line_count, head.totals.line_count) > MAX_LINES_COMPARED:
        return [FieldError(f"/statements/{index}/lines", "too-many-lines", "分几份导入过，明细过多，无法逐笔比对")]
    return []
