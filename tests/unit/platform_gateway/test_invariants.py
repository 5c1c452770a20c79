"""When a difference is a break and when it is on its way; which states agree; the days' ranges of cases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from platform_gateway.domain.breaks import BreakKind, Verdict
from platform_gateway.domain.invariants import OwnCase, OwnSum, compare
from platform_gateway.domain.money import MoneyFactKind
from platform_gateway.domain.states import CaseState
from shared.contracts.events.figures import CaseFigures, FiguresSide, figures_key
from shared.contracts.party import Party
from shared.figures.rotation import FIRST_CHARACTERS, range_of

_AS_OF = datetime(2026, 11, 28, 1, tzinfo=UTC)
_LONG_AGO, _GRACE = _AS_OF - timedelta(days=9), timedelta(days=2)
_SIDES = {
    FiguresSide.OUTBOUND: "outbound.370100",
    FiguresSide.INBOUND: "inbound.510100",
    FiguresSide.PAYER: "ledger.370100",
    FiguresSide.PAYEE: "ledger.510100",
}
_STATES = {FiguresSide.OUTBOUND: "ended", FiguresSide.INBOUND: "completed"}
_PAID = {MoneyFactKind.PAID: OwnSum(100, _LONG_AGO, ("m",))}
OWN = OwnCase(
    "2345678923456789",
    "370100",
    "510100",
    CaseState.COMPLETED,
    _LONG_AGO,
    applied=3,
    sent=2,
    applied_at=_LONG_AGO,
    sheet_version=1,
    sheet_digest="d1",
    stated=100,
    sheet_at=_LONG_AGO,
    sheet_message="s",
    facts=_PAID,
)


def _figures(side: FiguresSide, **told: Any) -> CaseFigures:
    level = {"told": 3, "heard": 2, "sheet_version": 1, "sheet_digest": "d1", "stated": 100}
    level |= {"rlts_traf_id": OWN.rlts_traf_id, "side": side, "state": _STATES.get(side)}
    level |= {"paid": 100} if side in (FiguresSide.OUTBOUND, FiguresSide.PAYER) else {}
    return CaseFigures.model_validate(level | told)


def _compare(own: OwnCase | None, told: CaseFigures, *, later: timedelta = timedelta(), sender: str = "") -> Any:
    party = Party.parse(sender or _SIDES[told.side])
    return compare(own, told, party, as_of=_AS_OF, now=_AS_OF + later, grace=_GRACE)


_O, _I, _PAYER, _PAYEE = FiguresSide
_RECENT = _AS_OF - timedelta(hours=1)
_NOW, _AFTER = timedelta(), timedelta(days=2)
_AGREES, _TRANSIT = Verdict.AGREES, Verdict.IN_TRANSIT
_JUST_PAID = replace(OWN, facts={MoneyFactKind.PAID: OwnSum(100, _RECENT, ("m",))})


@pytest.mark.law("S53-2")
@pytest.mark.parametrize(
    ("own", "told", "later", "outcome"),
    [
        (OWN, _figures(_O, state="ended", stated=100, paid=100), _NOW, _AGREES),
        (OWN, _figures(_O, state="withdrawn"), _NOW, BreakKind.STATE),
        (OWN, _figures(_I, state="completed", stated=100), _NOW, _AGREES),
        (OWN, _figures(_I, sheet_digest="d2"), _NOW, BreakKind.SHEET_DIGEST),
        (OWN, _figures(_I, sheet_version=0), _NOW, BreakKind.SHEET_VERSION),
        # The books are told of sheets by their own agency: there is time for that.
        (OWN, _figures(_PAYER, stated=99), _NOW, _TRANSIT),
        (OWN, _figures(_PAYER, stated=99), _AFTER, BreakKind.AMOUNT_STATED),
        (replace(OWN, sheet_at=_RECENT), _figures(_PAYER, stated=99), _AFTER, _TRANSIT),
        # What the books pay they tell the platform themselves.
        (OWN, _figures(_PAYER, paid=99), _NOW, BreakKind.AMOUNT_PAID),
        (OWN, _figures(_O, paid=0), _NOW, _TRANSIT),
        (OWN, _figures(_O, paid=0), _AFTER, BreakKind.AMOUNT_PAID),
        (_JUST_PAID, _figures(_O, paid=0), _AFTER, _TRANSIT),
        (OWN, _figures(_PAYEE, received=1), _NOW, BreakKind.AMOUNT_RECEIVED),
        (OWN, _figures(_PAYEE, matched=1), _NOW, BreakKind.AMOUNT_MATCHED),
        (OWN, _figures(_I, matched=1), _NOW, _TRANSIT),
        (OWN, _figures(_I, credited=1), _NOW, BreakKind.AMOUNT_CREDITED),
        (OWN, _figures(_I, reversed=1), _NOW, BreakKind.AMOUNT_REVERSED),
        (OWN, _figures(_PAYER, refunded=1), _NOW, BreakKind.AMOUNT_REFUNDED),
        (OWN, _figures(_PAYER, returned=1), _NOW, BreakKind.AMOUNT_RETURNED),
        (OWN, _figures(_I, added=1), _NOW, BreakKind.AMOUNT_ADDED),
        # Who says nothing of what it keeps says that there is none.
        (OWN, _figures(_O, state=None), _NOW, BreakKind.STATE),
        (OWN, _figures(_I, stated=None), _NOW, BreakKind.AMOUNT_STATED),
        (OWN, _figures(_I, sheet_digest=None), _NOW, BreakKind.SHEET_DIGEST),
        (OWN, _figures(_PAYER, paid=None), _NOW, BreakKind.AMOUNT_PAID),
        (OWN, _figures(_PAYEE, received=None, paid=None), _NOW, _AGREES),
        # Where the messages of a case are not level nothing else can be said.
        (OWN, _figures(_PAYER, told=4, paid=99), _NOW, _TRANSIT),
        (OWN, _figures(_PAYER, told=4, paid=99), _AFTER, BreakKind.MESSAGE_MISSING),
        (replace(OWN, applied_at=_AS_OF), _figures(_PAYER, told=2, paid=0), _AFTER, _TRANSIT),
        (OWN, _figures(_PAYER, told=2, paid=0), _NOW, BreakKind.MESSAGE_FORGOTTEN),
        (OWN, _figures(_O, heard=3), _NOW, BreakKind.MESSAGE_FORGOTTEN),
        (replace(OWN, state_since=_RECENT), _figures(_O, heard=1, state="accepted"), _AFTER, _TRANSIT),
        (OWN, _figures(_O, heard=1, state="accepted"), _NOW, BreakKind.MESSAGE_NOT_APPLIED),
        (None, _figures(_O, told=1), _NOW, _TRANSIT),
        (None, _figures(_O, told=1), _AFTER, BreakKind.CASE_UNKNOWN),
        (None, _figures(_O, told=0), _NOW, BreakKind.CASE_UNKNOWN),
        (
            replace(OWN, is_paper=True, sheet_version=0, sheet_digest=None, stated=0),
            _figures(_O, stated=5),
            _NOW,
            _AGREES,
        ),
    ],
)
def test_a_difference_is_a_break_once_nothing_of_the_case_can_be_on_its_way(
    own: OwnCase | None, told: CaseFigures, later: timedelta, outcome: Verdict | BreakKind
) -> None:
    found = _compare(own, told, later=later)
    if isinstance(outcome, Verdict):
        assert (found.verdict, found.breaks) == (outcome, ())
    else:
        assert (found.verdict, [each.kind for each in found.breaks]) == (Verdict.BREAKS, [outcome])


def test_nobody_reports_a_case_of_others() -> None:
    found = _compare(OWN, _figures(_I), sender="inbound.370100")
    assert [each.kind for each in found.breaks] == [BreakKind.CASE_UNKNOWN]


def test_a_case_that_is_not_known_yet_is_looked_at_again() -> None:
    found = _compare(None, _figures(_O, told=1), later=_AFTER)
    assert (found.verdict, [each.kind for each in found.breaks]) == (Verdict.BREAKS, [BreakKind.CASE_UNKNOWN])
    assert found.look_again_at is not None
    stranger = _compare(OWN, _figures(_I), sender="inbound.370100")
    assert stranger.look_again_at is None


def test_both_values_are_told_as_money_with_the_messages_that_they_stand_on() -> None:
    [found] = _compare(OWN, _figures(_PAYER, paid=99)).breaks
    assert (found.ours, found.theirs, found.messages) == ("1.00", "0.99", ("m",))
    added = replace(OWN, added=50, added_at=_LONG_AGO, added_messages=("a",))
    [found] = _compare(added, _figures(_I, added=7)).breaks
    assert (found.ours, found.theirs, found.messages) == ("0.50", "0.07", ("a",))


@pytest.mark.parametrize("days", [1, 5, 12, 32])
def test_every_case_is_gone_through_once_in_the_days_of_a_rotation(days: int) -> None:
    ranges = [range_of(date(2026, 11, 1) + timedelta(days=turn), days) for turn in range(days)]
    for first in FIRST_CHARACTERS:
        number = first + "345"
        assert sum(each.low <= number < (each.high or "a") for each in ranges) == 1


def test_a_report_never_stands_under_a_case_number() -> None:
    key = figures_key(Party.parse("ledger.370100"), date(2026, 11, 28))
    assert (len(key), "0" in key) == (16, True)
