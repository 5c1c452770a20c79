"""What a waiting line could be for: every comparison in words, sums that are bounded, and nothing on thin evidence."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ledger.domain.candidates import (
    CandidateKind,
    Counterpart,
    Criterion,
    WaitingLine,
    adding_up,
    evidence_of,
    many,
    parts,
    single,
)
from ledger.domain.suspense import LineKind

DAY = date(2026, 3, 2)
C = Criterion
LINE = WaitingLine(
    id=1,
    kind=LineKind.RECEIPT,
    left_fen=100,
    booked_on=DAY,
    other_acct="62",
    cases=frozenset({"CASE"}),
    names=frozenset({"张三"}),
    note="CASE张三",
    agencies=frozenset({"110000"}),
    version=1,
)
EXPECTED = Counterpart(7, "CASE", "1", "张三", "张三", 100, 100, "62", "110000", DAY)


@pytest.mark.parametrize(
    ("changes", "differs", "not_told"),
    [
        ({}, set(), set()),
        ({"cases": frozenset({"OTHER"})}, {C.CASE_NUMBER}, set()),
        ({"cases": frozenset()}, set(), {C.CASE_NUMBER}),
        ({"left_fen": 99}, {C.AMOUNT}, set()),
        ({"note": "CASE李四", "names": frozenset({"李四"})}, {C.NAME}, set()),
        ({"note": "CASE张三丰", "names": frozenset({"张三丰"})}, {C.NAME}, set()),
        ({"note": "CASE付张三医保", "names": frozenset({"付张三"})}, set(), set()),
        ({"note": "", "names": frozenset(), "cases": frozenset()}, set(), {C.NAME, C.CASE_NUMBER}),
        ({"other_acct": "99", "agencies": frozenset({"110000"})}, {C.ACCOUNT}, set()),
        ({"other_acct": None, "agencies": frozenset()}, set(), {C.ACCOUNT, C.AGENCY}),
        ({"agencies": frozenset({"370200"})}, {C.AGENCY}, set()),
        ({"booked_on": DAY - timedelta(days=61)}, {C.DATE}, set()),
    ],
)
def test_everything_that_is_compared_is_told(
    changes: dict[str, object], differs: set[Criterion], not_told: set[Criterion]
) -> None:
    evidence = evidence_of(replace(LINE, **changes), EXPECTED)  # type: ignore[arg-type]
    assert [one.criterion for one in evidence] == list(Criterion)
    assert {one.criterion for one in evidence if one.agrees is False} == differs
    assert {one.criterion for one in evidence if one.agrees is None} == not_told
    assert all(one.text for one in evidence)


@pytest.mark.parametrize(
    ("changes", "is_candidate"),
    [
        ({}, True),
        ({"cases": frozenset(), "note": "", "names": frozenset()}, True),
        ({"cases": frozenset(), "note": "", "names": frozenset(), "left_fen": 7}, False),
        ({"cases": frozenset(), "other_acct": None, "agencies": frozenset(), "note": "", "names": frozenset()}, False),
        ({"left_fen": 7, "other_acct": "99", "agencies": frozenset(), "note": "CASE", "names": frozenset()}, False),
        ({"left_fen": 7, "other_acct": "99", "agencies": frozenset()}, True),
    ],
)
def test_one_thing_alone_makes_no_candidate(changes: dict[str, object], *, is_candidate: bool) -> None:
    assert (single(replace(LINE, **changes), EXPECTED) is not None) is is_candidate  # type: ignore[arg-type]


def test_what_agrees_more_comes_first() -> None:
    exact, other = single(LINE, EXPECTED), single(LINE, replace(EXPECTED, left_fen=90))
    assert exact is not None
    assert other is not None
    assert sorted([other, exact], key=lambda one: one.rank) == [exact, other]


def test_lines_of_one_case_make_up_what_is_due() -> None:
    expected = replace(EXPECTED, due_fen=1000, left_fen=1000)
    others = [replace(LINE, id=number, left_fen=fen) for number, fen in ((2, 300), (3, 600), (4, 250))]
    stranger = replace(LINE, id=5, left_fen=900, cases=frozenset(), names=frozenset({"李四"}))
    found = parts(LINE, [*others, stranger], expected)
    assert found is not None
    assert (found.kind, [(share.line_id, share.amount_fen) for share in found.shares]) == (
        CandidateKind.PARTS,
        [(1, 100), (2, 300), (3, 600)],
    )
    assert "3 笔款项合计" in next(one.text for one in found.evidence if one.criterion is C.AMOUNT)
    assert parts(LINE, others[:1], expected) is None


def test_one_line_for_those_that_it_names() -> None:
    line = replace(LINE, left_fen=350, cases=frozenset({"CASE", "B"}), note="CASEB")
    second = replace(EXPECTED, obligation_id=8, rlts_traf_id="B", left_fen=250, match_name="李四", other_acct="63")
    found = many(line, [EXPECTED, second])
    assert found is not None
    assert [share.amount_fen for share in found.shares] == [100, 250]
    assert {one.criterion for one in found.evidence if one.agrees is False} == {C.NAME, C.ACCOUNT}
    assert many(replace(line, left_fen=351), [EXPECTED, second]) is None
    assert many(LINE, [EXPECTED]) is None


@pytest.mark.parametrize(
    ("target", "amounts", "expected"),
    [
        (0, [1], None),
        (5, [], None),
        (6, [1, 2, 3], [0, 1, 2]),
        (5, [1, 2, 3], [1, 2]),
        (7, [1, 2, 3], None),
        (40, [1] * 40, list(range(40))),
        (17, [1] * 40, None),
        (2**15, [2**power for power in range(16)] + [5], [15]),
    ],
)
def test_sums_are_found_and_bounded(target: int, amounts: list[int], expected: list[int] | None) -> None:
    assert adding_up(target, amounts) == expected
