"""Our own holds over imported facts."""

from datetime import date
from typing import Any

import pytest

from shared.agency.overlay import Holds, RelationEnd, find_conflicts, overlay_relations
from shared.contracts.facts import Relation
from tests.people import relation

END = RelationEnd("R1", "110000", date(2026, 3, 2), "CASE0001")


def relations(*changes: dict[str, Any]) -> list[Relation]:
    return [Relation.model_validate(relation(**each)) for each in changes]


@pytest.mark.parametrize(
    ("imported", "holds", "shown"),
    [
        ("1", Holds(), "1"),
        ("1", Holds(frozenset({"R1"})), "2"),
        ("2", Holds(frozenset({"R1"})), "2"),
        ("4", Holds(frozenset({"R1"})), "4"),
        ("1", Holds(frozenset({"R9"})), "1"),
        ("1", Holds(ends=(END,)), "4"),
        ("2", Holds(frozenset({"R1"}), (END,)), "4"),
    ],
)
def test_state_of_a_relation(imported: str, holds: Holds, shown: str) -> None:
    [found] = overlay_relations(relations({"psn_insu_stas": imported}), holds)
    assert found.psn_insu_stas == shown


def test_live_relation_stands_before_an_ended_and_newer_before_older() -> None:
    laid = overlay_relations(
        relations(
            {"psn_insu_rlts_id": "ended", "psn_insu_stas": "4", "crt_insu_date": "2025-01-01"},
            {"psn_insu_rlts_id": "old", "psn_insu_stas": "1", "crt_insu_date": "2010-01-01"},
            {"psn_insu_rlts_id": "new", "psn_insu_stas": "1", "crt_insu_date": "2020-01-01"},
        ),
        Holds(),
    )
    assert [each.psn_insu_rlts_id for each in laid] == ["new", "old", "ended"]


@pytest.mark.parametrize(
    ("imported", "holds", "balance"),
    [
        (100, Holds(), 100),
        (100, Holds(moved=-30), 70),
        (100, Holds(frozen_balc=80), 80),
        (100, Holds(frozen_balc=80, moved=-80), 0),
        (None, Holds(), None),
        (None, Holds(moved=50), 50),
        (10, Holds(moved=-30), 0),
    ],
)
def test_balance(imported: int | None, holds: Holds, balance: int | None) -> None:
    assert holds.balance(imported) == balance


@pytest.mark.parametrize(
    ("stas", "balc", "holds", "codes"),
    [
        ("1", 100, Holds(), []),
        ("1", 100, Holds(frozenset({"R1"})), ["held-relation-pushed-active"]),
        ("2", 100, Holds(frozenset({"R1"})), []),
        ("2", 100, Holds(ends=(END,)), ["ended-relation-pushed-live"]),
        ("4", 100, Holds(ends=(END,)), []),
        ("1", 100, Holds(frozen_balc=100), []),
        ("1", 99, Holds(frozen_balc=100), ["frozen-balance-pushed-different"]),
        ("1", 0, Holds(frozen_balc=100, moved=-100), []),
    ],
)
def test_conflicts(stas: str, balc: int, holds: Holds, codes: list[str]) -> None:
    found = list(find_conflicts(relations({"psn_insu_stas": stas}), balc, holds))
    assert [each.code for each in found] == codes
