"""A statement that the bank has corrected: what differs, and whether it may take the place of what was told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from ledger.domain.restated import Told, ToldLine
from ledger.domain.statement import Direction, Line, StatementHead
from shared.errors import Conflict, FieldError
from shared.law import design
from shared.money import format_yuan

MAX_DIFFERING = 500


class RestatementState(StrEnum):
    """``found``: it is known what differs, and nobody has proposed to take it in."""

    FOUND = "found"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


class Obstacle(StrEnum):
    """What has to be ended first with a line that the bank has taken out."""

    GOING_BACK = "going-back"
    UNDER_WAY = "under-way"


OBSTACLE_TEXTS = {
    Obstacle.GOING_BACK: "退回支付单在办理：未放行的先撤回退回，已放行的待银行扣款或拒绝",
    Obstacle.UNDER_WAY: "有待复核的匹配或调整：先由另一人复核，或由提出人撤回",
}


class NotARestatement(Conflict):
    """It does not correct a statement that was told, or not one that can be corrected."""

    code = "statement-not-replaceable"


class RestatementBlocked(Conflict):
    """Something is under way with lines that are gone; ``errors`` name each."""

    code = "restatement-blocked"


class RestatementOutdated(Conflict):
    """Other lines of these days have come since the difference was found."""

    code = "restatement-outdated"


class RestatementDecided(Conflict):
    """Proposed, approved or rejected before."""

    code = "restatement-already-decided"


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A line as it is kept; ``is_free``: nothing has been done with it."""

    id: int
    told: ToldLine
    is_free: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """Which kept lines are not in the corrected statement, and which of its lines are new."""

    gone: tuple[int, ...]
    added: tuple[Line, ...]
    first_on: date | None


def asked_for(head: StatementHead, days: tuple[date, date] | None) -> StatementHead:
    """The statement of the ``days`` that a person says the bank was asked for, first and last, where it tells none.

    A day at its edge on which nothing moved is of it too then. Raises ``NotARestatement``.
    """
    if days is None:
        return head
    if not head.is_period_of_lines:
        raise NotARestatement("文件载明了期间，以文件为准，请去掉 period_from、period_to")
    if not days[0] <= head.period_from <= head.period_to <= days[1]:
        raise NotARestatement(f"文件中的流水自 {head.period_from} 至 {head.period_to}，不都在所指明的期间之内")
    return replace(head, period_from=days[0], period_to=days[1], statement_no=f"{days[0]:%Y%m%d}-{days[1]:%Y%m%d}")


def require_same_days(head: StatementHead, told: Told | None) -> Told:
    """What was told of exactly the days of ``head``; raises ``NotARestatement``."""
    if told is None:
        raise NotARestatement("这一期间还没有导入过对账单，请按通常方式导入")
    if (told.period_from, told.period_to) != (head.period_from, head.period_to):
        days = f"{told.period_from} 至 {told.period_to}"
        quiet = "；已按该期间导出、首末日没有流水的，以 period_from、period_to 指明" if head.is_period_of_lines else ""
        raise NotARestatement(f"替换须与已导入的对账单为同一期间（{days}），请按该期间重新导出{quiet}")
    return told


def opening_shift(head: StatementHead, told: Told, previous_closing_fen: int | None) -> int:
    """By how much (fen) corrections of earlier days have moved the opening balance; 0 where it is what was told.

    ``previous_closing_fen`` is what the statement before closes with now. Raises ``NotARestatement`` where the new
    balance does not go on from there.
    """
    shift = head.opening_fen - told.opening_fen
    if shift == 0 or previous_closing_fen == head.opening_fen:
        return shift
    changed = f"期初余额原为 {format_yuan(told.opening_fen)} 元，本次为 {format_yuan(head.opening_fen)} 元"
    if previous_closing_fen is None:
        raise NotARestatement(f"{changed}，而此前没有可以衔接的对账单；请先导入前一日的对账单")
    raise NotARestatement(
        f"{changed}，与前一份对账单的期末余额 {format_yuan(previous_closing_fen)} 元不衔接；"
        "请从有不同的最早一份起，依次先替换此前各份，再替换本份"
    )


@design("a corrected statement takes the place of what was told by two people, line by line, and reverses what is gone")
def difference(kept: Sequence[KeptLine], again: Sequence[Line], *, is_moved: bool = False) -> Difference:
    """How ``again`` differs from the lines ``kept``, twins counted: of twins those go that nothing was done with.

    Raises ``NotARestatement`` where too much differs line by line, or nothing; unless its balances have moved.
    """
    left = Counter(ToldLine.of(line) for line in again)
    gone: list[KeptLine] = []
    for line in sorted(kept, key=lambda one: one.is_free):
        if left[line.told]:
            left[line.told] -= 1
        else:
            gone.append(line)
    added: list[Line] = []
    for new in reversed(again):
        if left[ToldLine.of(new)]:
            left[ToldLine.of(new)] -= 1
            added.append(new)
    days = [*(line.told.booked_on for line in gone), *(line.booked_on for line in added)]
    if not days and not is_moved:
        raise NotARestatement("逐笔比对没有不同，没有要替换的")
    if len(days) > MAX_DIFFERING:
        raise NotARestatement(f"不同的流水超过 {MAX_DIFFERING} 笔，请核对是否导错账户或期间")
    return Difference(tuple(sorted(line.id for line in gone)), tuple(reversed(added)), min(days, default=None))


def require_last_statement(found: Difference, latest_from: date) -> None:
    """Returns when all that differs is of the last statement of these days; raises ``NotARestatement``."""
    if found.first_on is not None and found.first_on < latest_from:
        raise NotARestatement(
            f"{latest_from} 之前的流水也有不同：分几份导入过的，按原来各份的期间从前往后逐份替换；"
            "同一天分几次补充导入、不能再分的，请银行以冲正的一笔列入以后的对账单"
        )


def leaves_next(closing_fen: int, told_fen: int, next_opening_fen: int | None) -> bool:
    """Whether the statement that follows met what was told, and will not before it is replaced too."""
    return next_opening_fen == told_fen != closing_fen


def require_unblocked(gone: Sequence[int], obstacles: Mapping[int, Obstacle]) -> None:
    """Returns when every line that is gone can be reversed; raises ``RestatementBlocked`` with each that cannot."""
    errors = [
        FieldError(f"/gone/{index}", obstacles[line_id].value, f"流水 {line_id} {OBSTACLE_TEXTS[obstacles[line_id]]}")
        for index, line_id in enumerate(gone)
        if line_id in obstacles
    ]
    if errors:
        raise RestatementBlocked(f"有 {len(errors)} 笔要冲销的流水正在办理：{errors[0].message}", errors=errors)


def require_state(state: RestatementState, wanted: RestatementState) -> None:
    """Returns when it waits for this step; raises ``RestatementDecided``."""
    if state is not wanted:
        raise RestatementDecided("这份更正的对账单不在这一步：尚未提出替换，或已经提出、复核，请重新读取")


def mirror(gone_id: int, gone: ToldLine, value_on: date, entry_no: int) -> Line:
    """The line that takes ``gone`` back: the same amount the other way, on the same days; it names nobody.

    As the bank's own line would that takes a receipt back, or gives a payment back (decision 0093).
    """
    return Line(
        entry_no=entry_no,
        detail_no=1,
        direction=Direction.DEBIT if gone.direction is Direction.CREDIT else Direction.CREDIT,
        amount_fen=gone.amount_fen,
        booked_on=gone.booked_on,
        value_on=value_on,
        note=f"银行更正对账单，冲销流水 {gone_id}",
        is_return=True,
    )
