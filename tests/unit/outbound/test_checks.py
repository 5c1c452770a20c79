"""The outbound's reasons as a table: which facts stand against a transfer, and which do not (N2, N5, N7, N13)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from outbound.domain.checks import ARREARS_READING, CheckRules, find_obstacles
from shared.agency.known_person import KnownPerson, Looked
from shared.contracts.facts import Finding, Relation
from tests.people import relation

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
FRESH = NOW - timedelta(hours=1)


def resident(**changes: Any) -> dict[str, Any]:
    return relation(insutype="390", has_account=False, **changes)


def suspended(**changes: Any) -> dict[str, Any]:
    return relation(psn_insu_stas="2", paus_insu_date="2026-02-28", **changes)


def looked(*relations: dict[str, Any], is_same_name: bool = True, as_of: datetime | None = FRESH) -> Looked:
    person = KnownPerson(
        admdvs="370100",
        psn_no="P1",
        psn_name="李雷",
        is_same_name=is_same_name,
        gend="1",
        relations=tuple(Relation.model_validate(each) for each in relations),
        last_paid={},
        balc=0,
        facts_as_of=as_of,
    )
    return Looked(person, as_of)


def find(facts: Looked, insutype: str = "310") -> tuple[Finding, ...]:
    return find_obstacles(facts, insutype, now=NOW, today=TODAY, rules=CheckRules())


AWAY = {"trafin_admdvs": "320100", "on": "2025-05-06", "rlts_traf_id": "ABCDEFGHJKMN2345"}

FROM_TOMORROW = {"paus_insu_date": "2026-03-03"}
FROM_TODAY = {"paus_insu_date": "2026-03-02"}
BY_TRANSFER = {"psn_insu_stas": "4", "insu_stas_chg_rea": "关系转出"}

CASES = [
    ("suspended after 减员 passes", "310", [suspended()], []),
    ("active fails", "310", [relation()], [("A01", False)]),
    ("suspended from tomorrow on is still active", "310", [suspended() | FROM_TOMORROW], [("A01", False)]),
    ("suspended today passes", "310", [suspended() | FROM_TODAY], []),
    ("arrears without 减员 fail", "310", [relation(has_arrears=True)], [("A01", False)]),
    ("status 2 by arrears alone fails", "310", [relation(psn_insu_stas="2", has_arrears=True)], [("A01", False)]),
    ("arrears after 减员 pass", "310", [suspended(has_arrears=True)], []),
    ("a resident's lapsed year passes", "390", [resident(cover_ends_on="2026-03-01")], []),
    ("a resident's year that runs fails", "390", [resident(cover_ends_on="2026-03-02")], [("A01", False)]),
    ("a resident who stopped passes", "390", [resident(psn_insu_stas="2")], []),
    ("lapsed cover says nothing for employees", "310", [relation(cover_ends_on="2026-03-01")], [("A01", False)]),
    ("never in that scheme", "390", [suspended()], [("A13", False)]),
    ("no relation at all", "310", [], [("A13", False)]),
    ("invalid relation", "310", [relation(psn_insu_stas="3")], [("A13", False)]),
    ("not enrolled", "310", [relation(psn_insu_stas="0")], [("A13", False)]),
    ("transferred away", "310", [relation(psn_insu_stas="4", transferred_away=AWAY)], [("A13", False)]),
    ("ended by transfer, in words", "310", [relation(**BY_TRANSFER)], [("A13", False)]),
    ("ended for a local reason passes", "310", [relation(psn_insu_stas="4", insu_stas_chg_rea="单位注销")], []),
    ("ended, reason unknown", "310", [relation(psn_insu_stas="4")], [("A13", True)]),
    ("retiree", "310", [suspended(retr_trt_enjymnt_flag="02")], [("A03", False)]),
    ("retiree whose benefits are paused", "310", [suspended(retr_trt_enjymnt_flag="04")], [("A03", False)]),
    ("active retiree: both at once", "310", [relation(retr_trt_enjymnt_flag="02")], [("A01", False), ("A03", False)]),
    ("elderly resident passes", "390", [resident(psn_insu_stas="2", retr_trt_enjymnt_flag="02")], []),
    (
        "a newer relation after one transferred away",
        "310",
        [suspended(psn_insu_rlts_id="R2"), relation(psn_insu_stas="4", transferred_away=AWAY)],
        [],
    ),
]


@pytest.mark.parametrize(("insutype", "relations", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_finds_what_stands_against_the_transfer(
    insutype: str, relations: list[dict[str, Any]], expected: list[tuple[str, bool]]
) -> None:
    found = find(looked(*relations), insutype)
    assert [(finding.code, finding.is_unknown) for finding in found] == expected


def test_says_which_reading_was_used_for_arrears() -> None:
    [finding] = find(looked(relation(has_arrears=True)))
    assert finding.readings == (ARREARS_READING,)
    assert finding.note is not None


def test_tells_where_the_relation_went_but_not_by_which_case() -> None:
    [finding] = find(looked(relation(psn_insu_stas="4", transferred_away=AWAY)))
    assert finding.note is not None
    assert "320100" in finding.note
    assert "ABCDEFGHJKMN2345" not in finding.note


def test_unknown_person_is_refused_on_fresh_records_only() -> None:
    assert [(each.code, each.is_unknown) for each in find(Looked(None, FRESH))] == [("A09", False)]
    assert all(each.is_unknown for each in find(Looked(None, None)))


def test_another_name_is_refused_and_tells_nothing_else() -> None:
    found = find(looked(relation(), is_same_name=False))
    assert [finding.code for finding in found] == ["A09"]


@pytest.mark.parametrize("as_of", [None, NOW - timedelta(hours=24, seconds=1)])
def test_stale_facts_decide_nothing(as_of: datetime | None) -> None:
    for facts in (looked(relation(), as_of=as_of), looked(suspended(), as_of=as_of)):
        found = find(facts)
        assert found
        assert all(finding.is_unknown for finding in found)


def test_facts_exactly_at_the_limit_still_count() -> None:
    assert find(looked(suspended(), as_of=NOW - timedelta(hours=24))) == ()
