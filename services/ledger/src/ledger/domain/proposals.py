"""Matches by hand: which shares of which lines may stand for which obligations, and what two people decide.

One proposal splits lines over obligations and joins lines for one of them; it may also undo claims that were wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from ledger.domain.obligations import BookSide, ObligationState, is_ours_to_move
from ledger.domain.obligations import Direction as MoneyDirection
from ledger.domain.orders import STILL_TO_PAY, OrderState
from ledger.domain.statement import Direction
from ledger.domain.suspense import LineKind
from ledger.domain.titles import EMPLOYEE_FUND
from shared.errors import Conflict, FieldError
from shared.law import design, law
from shared.money import format_yuan

_RETURN_NOT_WHOLE = "退回须为支付单的全部金额，可由几笔款项合计"

COVERED = frozenset({ObligationState.MATCHED, ObligationState.CREDITED, ObligationState.PAID, ObligationState.SETTLED})
"""States in which the agency and the platform have been told that the money is there."""


class ProposalState(StrEnum):
    """``superseded``: what it proposed was settled otherwise, or proposed anew, before anybody decided."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class ProposalNotPossible(Conflict):
    """The lines or the obligations do not allow it (any more); ``errors`` name each part at fault."""

    code = "proposal-not-possible"


class ProposalDecided(Conflict):
    """Approved, rejected or superseded before."""

    code = "proposal-already-decided"


@dataclass(frozen=True, slots=True)
class ClaimableLine:
    """A bank line as it stands; ``left_fen`` is what nobody has claimed, ``is_waiting`` whether it is in suspense.

    ``fund``: that of the bank account that it stands on (``insutype``). ``is_taken_back``: a correction of the bank
    reverses it.
    """

    id: int
    direction: Direction
    kind: LineKind
    amount_fen: int
    left_fen: int
    is_waiting: bool
    is_return: bool
    booked_on: date
    fund: str
    is_taken_back: bool = False


@dataclass(frozen=True, slots=True)
class ClaimableObligation:
    """An obligation as it stands, with its order if our own account moves the money; ``claimed_fen`` so far.

    ``is_doubtful``: it may be the same money as an old item of the cut-over, and nobody has looked yet.
    """

    id: int
    side: BookSide
    direction: MoneyDirection
    rlts_traf_id: str
    obligation_no: str
    psn_name: str
    due_fen: int
    claimed_fen: int
    state: ObligationState
    order_state: OrderState | None
    is_doubtful: bool

    @property
    def is_ours(self) -> bool:
        """Whether our own order moves the money."""
        return is_ours_to_move(self.side, self.direction)

    @property
    def left_fen(self) -> int:
        """What no line stands for yet."""
        return 0 if self.state in COVERED else self.due_fen - self.claimed_fen


@dataclass(frozen=True, slots=True)
class Part:
    """A share of a line for an obligation; ``undoes``: the claim that it takes back instead."""

    line_id: int
    obligation_id: int
    kind: LineKind
    amount_fen: int
    undoes: int | None = None


@dataclass(slots=True)
class Standing:
    """What is left of lines and obligations while a set of proposals is looked at, in fen by id.

    ``pairs``: the claim that stands between a line and an obligation, 0 for one that is only being looked at.
    ``fixed`` claims cannot be undone any more. ``came_back``: the claims by which the payment of an obligation came
    back. ``freed`` lines had a claim undone; of ``returned`` obligations so much comes back.
    """

    lines: Mapping[int, ClaimableLine]
    obligations: Mapping[int, ClaimableObligation]
    pairs: dict[tuple[int, int], int]
    fixed: frozenset[int] = frozenset()
    came_back: Mapping[int, frozenset[int]] = field(default_factory=dict)
    line_left: dict[int, int] = field(default_factory=dict)
    obligation_left: dict[int, int] = field(default_factory=dict)
    freed: set[int] = field(default_factory=set)
    returned: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.line_left = {line.id: line.left_fen for line in self.lines.values()} | self.line_left
        self.obligation_left = {one.id: one.left_fen for one in self.obligations.values()} | self.obligation_left

    def copy(self) -> "Standing":
        """The same, to try something on."""
        return replace(
            self,
            pairs=dict(self.pairs),
            line_left=dict(self.line_left),
            obligation_left=dict(self.obligation_left),
            freed=set(self.freed),
            returned=dict(self.returned),
        )


def part_kind(line: ClaimableLine, obligation: ClaimableObligation) -> LineKind:
    """What a claim of ``line`` for ``obligation`` is: money out pays; money in is a return of ours, or a receipt."""
    if line.direction is Direction.DEBIT:
        return LineKind.PAYMENT
    return LineKind.RETURN if obligation.is_ours else LineKind.RECEIPT


@law("N9-2", "S53-2")
@design("a match by hand is proposed by one person and decided by another, over shares of lines and obligations")
def require_possible(parts: Sequence[Part], standing: Standing) -> None:
    """Returns when all parts can be claimed now, having taken them from ``standing``; else leaves it as it was.

    Raises ``ProposalNotPossible`` with every part at fault, counted among those that claim and those that undo.
    """
    trial = standing.copy()
    undone = [part for part in parts if part.undoes is not None]
    taken = [part for part in parts if part.undoes is None]
    errors = [
        FieldError(f"/undone/{index}", *reason)
        for index, part in enumerate(undone)
        if (reason := _undo(part, trial)) is not None
    ]
    errors += [
        FieldError(f"/parts/{index}", *reason)
        for index, part in enumerate(taken)
        if (reason := _take(part, trial)) is not None
    ]
    errors = errors or [*_uncovered(undone, trial), *_kept_in_part(undone, trial), *_moved_in_part(taken, trial)]
    if errors:
        raise ProposalNotPossible(f"不能这样匹配：{errors[0].message}", errors=errors)
    standing.pairs, standing.freed, standing.returned = trial.pairs, trial.freed, trial.returned
    standing.line_left, standing.obligation_left = trial.line_left, trial.obligation_left


def _undo(part: Part, trial: Standing) -> tuple[str, str] | None:
    pair = (part.line_id, part.obligation_id)
    if trial.pairs.get(pair) != part.undoes:
        return "claim-not-standing", "要撤销的匹配已经不存在"
    if part.undoes in trial.fixed:
        return "claim-fixed", "付款已被退回，或退回之后已重新支付、已有新版信息表，这一匹配不能撤销"
    del trial.pairs[pair]
    trial.line_left[part.line_id] += part.amount_fen
    if part.kind is not LineKind.RETURN:
        trial.obligation_left[part.obligation_id] += part.amount_fen
    trial.freed |= {part.line_id}
    return None


def _take(part: Part, trial: Standing) -> tuple[str, str] | None:
    line, obligation = trial.lines[part.line_id], trial.obligations[part.obligation_id]
    if not line.is_waiting and line.id not in trial.freed:
        return "line-not-waiting", "这笔流水已不在挂账中"
    if line.is_taken_back:
        return "line-taken-back", "银行更正对账单时冲销了这笔流水，不能匹配；请与冲销它的一笔冲抵"
    if line.fund != EMPLOYEE_FUND:
        return "other-fund", "这笔流水不在职工医保基金的账户上，不能匹配转移业务；退回付款方，或先在银行划转、再改类"
    if (line.id, obligation.id) in trial.pairs:
        return "already-claimed", "这笔流水已经认领过这笔业务"
    refusal = _wrong_state(part, line, obligation, trial)
    if refusal is not None:
        return refusal
    if part.amount_fen > trial.line_left[line.id]:
        return "line-exceeded", f"超过流水尚未认领的金额 {format_yuan(trial.line_left[line.id])} 元"
    if part.kind is not LineKind.RETURN:
        if part.amount_fen > trial.obligation_left[obligation.id]:
            return "obligation-exceeded", f"超过业务尚缺的金额 {format_yuan(trial.obligation_left[obligation.id])} 元"
        trial.obligation_left[obligation.id] -= part.amount_fen
    else:
        trial.returned[obligation.id] = trial.returned.get(obligation.id, 0) + part.amount_fen
    trial.line_left[line.id] -= part.amount_fen
    trial.pairs[line.id, obligation.id] = 0
    return None


def _wrong_state(
    part: Part, line: ClaimableLine, obligation: ClaimableObligation, trial: Standing
) -> tuple[str, str] | None:
    if part.kind is LineKind.PAYMENT:
        is_reversal_of_ours = line.is_return and obligation.direction is not MoneyDirection.RETURN
        if is_reversal_of_ours or not obligation.is_ours:
            return "wrong-direction", "支出流水只能匹配本机构应付的款项"
        is_open = obligation.order_state in STILL_TO_PAY or _is_freed(obligation, trial)
        return None if is_open else ("order-not-open", "支付单已经支付、退回或作废")
    if part.kind is LineKind.RETURN:
        left_fen = obligation.due_fen - trial.returned.get(obligation.id, 0)
        if obligation.order_state is not OrderState.PAID or left_fen == 0:
            return "order-not-paid", "支付单不是已支付状态，没有款项可退回"
        return None if part.amount_fen <= left_fen else ("return-not-whole", _RETURN_NOT_WHOLE)
    if obligation.is_doubtful:
        return "possible-duplicate", "疑与旧账款项重复，先由两人解除提示或撤销旧账款项"
    is_open = obligation.state is ObligationState.OPEN or _is_freed(obligation, trial)
    return None if is_open else ("obligation-not-open", "这笔业务已经结清或作废")


def _is_freed(obligation: ClaimableObligation, trial: Standing) -> bool:
    return obligation.state in COVERED and trial.obligation_left[obligation.id] > 0


def _moved_in_part(parts: Sequence[Part], trial: Standing) -> list[FieldError]:
    """An order is paid, and comes back, by lines of all its amount: it is paid anew in whole, or not at all."""
    return [
        FieldError(f"/parts/{index}", *reason)
        for index, part in enumerate(parts)
        if (reason := _in_part(part, trial)) is not None
    ]


def _in_part(part: Part, trial: Standing) -> tuple[str, str] | None:
    obligation_id = part.obligation_id
    if part.kind is LineKind.PAYMENT and trial.obligation_left[obligation_id] > 0:
        return "payment-not-whole", "支付单须以全额的扣款匹配，可由几笔扣款合计"
    if part.kind is LineKind.RETURN and trial.returned[obligation_id] < trial.obligations[obligation_id].due_fen:
        return "return-not-whole", _RETURN_NOT_WHOLE
    return None


def _kept_in_part(parts: Sequence[Part], trial: Standing) -> list[FieldError]:
    """What came back by several lines came back, or did not: none of them is undone alone."""
    undone = {part.undoes for part in parts}
    return [
        FieldError(f"/undone/{index}", "return-kept-in-part", "这张支付单由几笔款项合计退回，须一并撤销")
        for index, part in enumerate(parts)
        if part.kind is LineKind.RETURN and not trial.came_back.get(part.obligation_id, frozenset()) <= undone
    ]


def _uncovered(parts: Sequence[Part], trial: Standing) -> list[FieldError]:
    """What others were told is covered has to be covered again to the fen, or they would rest on nothing."""
    first: dict[int, int] = {}
    for index, part in enumerate(parts):
        first.setdefault(part.obligation_id, index)
    return [
        FieldError(
            f"/undone/{index}",
            "left-uncovered",
            f"这笔业务已经按到账办理，撤销后须在同一提案中以正确的款项补足 "
            f"{format_yuan(trial.obligation_left[obligation_id])} 元",
        )
        for obligation_id, index in first.items()
        if trial.obligations[obligation_id].state in COVERED and trial.obligation_left[obligation_id] > 0
    ]
