"""Sheets, cases and money agree: what the platform knows of a case against what one side reported of it (S53-2).

Two services never stand at the same moment. So a case is compared only where both have applied all that the other had
written of it; what is on its way is no break, until it has been on its way for longer than ``grace``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from platform_gateway.domain.breaks import Break, BreakKind, Comparison, Verdict
from platform_gateway.domain.invariant_states import is_agreed
from platform_gateway.domain.money import MoneyFactKind
from platform_gateway.domain.states import CaseState
from shared.contracts.events.figures import CaseFigures, FiguresSide
from shared.contracts.party import Party, Role
from shared.law import design, law
from shared.money import format_yuan


@dataclass(frozen=True, slots=True)
class OwnSum:
    """Money facts of one kind: their sum in fen, when the last came to be known, and the messages that brought them."""

    amount: int = 0
    last_at: datetime | None = None
    messages: tuple[str, ...] = ()


_NO_FACTS = OwnSum()


@dataclass(frozen=True, slots=True)
class OwnCase:
    """What the platform knows of a case, and how far the messages with one sender have come.

    ``applied`` is the sequence of the last message of the sender that the platform has applied and ``applied_at`` when
    it arrived, ``sent`` that of the last one written to it. The sheet is the last accepted one; ``sheet_digest`` is
    worked out from its bytes. ``facts`` are of the parties whose word on each kind counts.
    """

    rlts_traf_id: str
    trafout_admdvs: str
    trafin_admdvs: str
    state: CaseState
    state_since: datetime
    applied: int
    sent: int
    applied_at: datetime | None = None
    sheet_version: int = 0
    sheet_digest: str | None = None
    stated: int = 0
    sheet_at: datetime | None = None
    sheet_message: str | None = None
    added: int = 0
    added_at: datetime | None = None
    added_messages: tuple[str, ...] = ()
    is_paper: bool = False
    facts: Mapping[MoneyFactKind, OwnSum] = field(default_factory=dict)

    def sum_of(self, *kinds: MoneyFactKind) -> OwnSum:
        """Facts of several kinds together."""
        sums = [self.facts.get(kind, _NO_FACTS) for kind in kinds]
        last = max((each.last_at for each in sums if each.last_at), default=None)
        messages = tuple(message for each in sums for message in each.messages)
        return OwnSum(sum(each.amount for each in sums), last, messages)

    @property
    def moved_at(self) -> datetime:
        """When the platform last had something to tell the sides."""
        return max(moment for moment in (self.state_since, self.sheet_at, self.added_at) if moment is not None)


@dataclass(frozen=True, slots=True)
class _Own:
    value: int | str | None
    since: datetime | None = None
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Field:
    """One thing to compare. Sides that it is ``kept_by`` have to say it. ``relayed`` sides hear of it from somebody
    else than the platform, so that the messages between the two say nothing of whether it has arrived.
    """

    name: str
    kind: BreakKind
    own: Callable[[OwnCase], _Own]
    kept_by: frozenset[FiguresSide]
    relayed: frozenset[FiguresSide] = frozenset()


_BOOKS = frozenset({FiguresSide.PAYER, FiguresSide.PAYEE})
_ALL = frozenset(FiguresSide)
_PAYING, _RECEIVING = (
    frozenset({FiguresSide.OUTBOUND, FiguresSide.PAYER}),
    _ALL - {FiguresSide.OUTBOUND, FiguresSide.PAYER},
)
_AT_OUTBOUND, _AT_INBOUND = frozenset({FiguresSide.OUTBOUND}), frozenset({FiguresSide.INBOUND})
_AT_PAYER, _AT_PAYEE = frozenset({FiguresSide.PAYER}), frozenset({FiguresSide.PAYEE})


def _of_facts(*kinds: MoneyFactKind) -> Callable[[OwnCase], _Own]:
    def own(case: OwnCase) -> _Own:
        found = case.sum_of(*kinds)
        return _Own(found.amount, found.last_at, found.messages)

    return own


def _of_sheet(name: str) -> Callable[[OwnCase], _Own]:
    def own(case: OwnCase) -> _Own:
        messages = (case.sheet_message,) if case.sheet_message else ()
        # Of a case on paper that leaves, the sheet stays with its outbound.
        has_none = case.is_paper and case.sheet_version == 0
        return _Own(None if has_none else getattr(case, name), case.sheet_at, messages)

    return own


_K = MoneyFactKind
_FIELDS: Sequence[_Field] = (
    _Field("sheet_version", BreakKind.SHEET_VERSION, _of_sheet("sheet_version"), _ALL, _BOOKS),
    _Field("sheet_digest", BreakKind.SHEET_DIGEST, _of_sheet("sheet_digest"), _ALL, _BOOKS),
    _Field("stated", BreakKind.AMOUNT_STATED, _of_sheet("stated"), _ALL, _BOOKS),
    _Field(
        "added", BreakKind.AMOUNT_ADDED, lambda case: _Own(case.added, case.added_at, case.added_messages), _ALL, _BOOKS
    ),
    _Field("paid", BreakKind.AMOUNT_PAID, _of_facts(_K.PAID), _PAYING, _AT_OUTBOUND),
    _Field("refunded", BreakKind.AMOUNT_REFUNDED, _of_facts(_K.REFUNDED), _AT_PAYER),
    _Field("received", BreakKind.AMOUNT_RECEIVED, _of_facts(_K.RECEIVED), _AT_PAYEE),
    _Field("matched", BreakKind.AMOUNT_MATCHED, _of_facts(_K.MATCHED), _RECEIVING, _AT_INBOUND),
    _Field("credited", BreakKind.AMOUNT_CREDITED, _of_facts(_K.CREDITED), _RECEIVING, _AT_PAYEE),
    _Field("reversed", BreakKind.AMOUNT_REVERSED, _of_facts(_K.REVERSED), _AT_INBOUND),
)
# The outbound is told of every return alike; the books tell apart what was owed back.
_RETURNED = _Field("returned", BreakKind.AMOUNT_RETURNED, _of_facts(_K.RETURNED), _AT_PAYER)
_ALL_RETURNED = _Field(
    "returned",
    BreakKind.AMOUNT_RETURNED,
    _of_facts(_K.RETURNED, _K.REFUNDED),
    _AT_OUTBOUND,
    _AT_OUTBOUND,
)


def compared() -> frozenset[tuple[BreakKind, FiguresSide]]:
    """Everything of a case that is compared where nothing is on its way: what, and whose word on it."""
    fields = {(each.kind, side) for each in (*_FIELDS, _RETURNED, _ALL_RETURNED) for side in each.kept_by}
    return frozenset(fields | {(BreakKind.STATE, FiguresSide.OUTBOUND), (BreakKind.STATE, FiguresSide.INBOUND)})


@law("S53-2")
@design("三方一致：何时算差异，何时算在途")
def compare(
    own: OwnCase | None, told: CaseFigures, sender: Party, *, as_of: datetime, now: datetime, grace: timedelta
) -> Comparison:
    """What ``told``, read by ``sender`` at ``as_of``, comes to against the platform's own; all instants UTC."""
    arrives_by = as_of + grace
    if own is None or not _is_side(own, told.side, sender):
        is_new = own is None and told.told > 0 and now < arrives_by
        unknown = Break(BreakKind.CASE_UNKNOWN, "", told.state or told.side.value)
        if is_new:
            return Comparison(Verdict.IN_TRANSIT, (), arrives_by)
        # It may come yet, however late.
        return Comparison(Verdict.BREAKS, (unknown,), now + grace if own is None else None)
    if not is_level(own, told):
        return _not_level(own, told, as_of, now, grace)
    breaks, waits, look_again_at = _state_breaks(own, told), False, None
    for each in (*_FIELDS, _ALL_RETURNED if told.side is FiguresSide.OUTBOUND else _RETURNED):
        ours, theirs = each.own(own), getattr(told, each.name)
        if ours.value is None or ours.value == theirs or (theirs is None and not _has_to_say(each, ours, told.side)):
            continue
        if told.side in each.relayed and ours.since is not None and ours.since > as_of - grace:
            waits = True
        elif told.side in each.relayed and now < arrives_by:
            waits, look_again_at = True, arrives_by
        else:
            breaks.append(Break(each.kind, _shown(each, ours.value), _shown(each, theirs), ours.messages))
    if breaks:
        return _broken(breaks)
    return Comparison(Verdict.IN_TRANSIT, (), look_again_at) if waits else Comparison(Verdict.AGREES)


def is_level(own: OwnCase, told: CaseFigures) -> bool:
    """Whether nothing that the two have to tell each other of the case was on its way when it was reported."""
    return (own.applied, own.sent) == (told.told, told.heard)


def _broken(breaks: Sequence[Break]) -> Comparison:
    return Comparison(Verdict.BREAKS, tuple(breaks))


def _is_side(own: OwnCase, side: FiguresSide, sender: Party) -> bool:
    is_leaving = side in (FiguresSide.OUTBOUND, FiguresSide.PAYER)
    role = Role.LEDGER if side in _BOOKS else Role(side.value)
    return sender == Party(role, own.trafout_admdvs if is_leaving else own.trafin_admdvs)


def _not_level(own: OwnCase, told: CaseFigures, as_of: datetime, now: datetime, grace: timedelta) -> Comparison:
    """Something of the case was on its way when the report was made, or is still."""
    if told.heard > own.sent:
        return _broken([Break(BreakKind.MESSAGE_FORGOTTEN, f"已发 {own.sent}", f"已收 {told.heard}")])
    if own.applied > told.told:
        # Taken in after the report, or the sender has lost what it had written before.
        is_later = own.applied_at is None or own.applied_at > as_of - grace
        forgotten = Break(BreakKind.MESSAGE_FORGOTTEN, f"已收 {own.applied}", f"已发 {told.told}")
        return Comparison(Verdict.IN_TRANSIT) if is_later else _broken([forgotten])
    if own.applied < told.told:
        missing = Break(BreakKind.MESSAGE_MISSING, f"已收 {own.applied}", f"已发 {told.told}")
        return Comparison(Verdict.IN_TRANSIT, (), as_of + grace) if now < as_of + grace else _broken([missing])
    not_applied = Break(BreakKind.MESSAGE_NOT_APPLIED, f"已发 {own.sent}", f"已收 {told.heard}")
    return Comparison(Verdict.IN_TRANSIT) if own.moved_at > as_of - grace else _broken([not_applied])


def _has_to_say(each: _Field, ours: _Own, side: FiguresSide) -> bool:
    """Who says nothing of what it keeps says that there is none."""
    return side in each.kept_by and bool(ours.value)


def _state_breaks(own: OwnCase, told: CaseFigures) -> list[Break]:
    theirs = told.state or ""
    return [] if is_agreed(own.state, told.side, theirs) else [Break(BreakKind.STATE, own.state.value, theirs)]


def _shown(of: _Field, value: int | str | None) -> str:
    if isinstance(value, int) and of.kind.value.startswith("amount_"):
        return format_yuan(value)
    return "" if value is None else str(value)
