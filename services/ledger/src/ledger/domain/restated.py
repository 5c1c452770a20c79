"""A bank that tells the same days again, otherwise."""

from datetime import date
from typing import Protocol

from ledger.domain.statement import StatementHead
from shared.errors import Conflict, FieldError
from shared.money import format_yuan


class StatementRestated(Conflict):
    """The days of this account were told before, with another content; nothing is booked twice."""

    code = "statement-restated"


class Told(Protocol):
    """What is kept of the earlier telling."""

    @property
    def statement_no(self) -> str: ...
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
    def content_digest(self) -> str: ...


def restated(index: int, head: StatementHead, told: Told) -> list[FieldError]:
    """How ``head`` differs from what was ``told`` for the same days; empty when it is the same statement again."""
    pairs = {
        "period_from": ("期间起", told.period_from.isoformat(), head.period_from.isoformat()),
        "period_to": ("期间止", told.period_to.isoformat(), head.period_to.isoformat()),
        "opening_balance": ("期初余额", format_yuan(told.opening_fen), format_yuan(head.opening_fen)),
        "closing_balance": ("期末余额", format_yuan(told.closing_fen), format_yuan(head.closing_fen)),
        "line_count": ("笔数", str(told.line_count), str(head.totals.line_count)),
    }
    differences = [
        FieldError(f"/statements/{index}/{field}", "differs", f"{name}：原为 {old}，本次为 {new}")
        for field, (name, old, new) in pairs.items()
        if old != new
    ]
    if not differences and told.content_digest != head.totals.content_digest:
        differences = [FieldError(f"/statements/{index}/lines", "differs", "余额与笔数相同，但明细内容不同")]
    return differences
