"""Sheets, cases and money agree; whatever is changed behind the services' backs is found, with both sides' evidence."""

import hashlib
from typing import Any

import pytest

from platform_gateway.domain.breaks import BreakKind
from platform_gateway.domain.invariants import compared
from platform_gateway.use_cases.compare_again import compare_again
from shared.contracts.events.figures import FiguresSide
from tests.courses import a_person, apply, enroll, whole_transfer
from tests.crossings.tampering import CHANGED
from tests.figures import open_breaks, report, report_nights_later
from tests.four_services import FourServices
from tests.registry import CHENGDU, JINAN

_FORGED = "UPDATE sheet SET sealed_sheet = {} WHERE rlts_traf_id = '{}'"
_HEARD = "UPDATE inbox_cursor SET applied_sequence = applied_sequence {} 1 WHERE rlts_traf_id = '{}'"
_ELSEWHERE = {"case_missing", "case_unknown", "message_missing", "message_forgotten", "message_not_applied"}
"""Found by the other test: where messages are not level nothing else of the case is compared."""
_ALONG = {("amount_received", "payee", "1234.56", "0.07")}
"""What the changed match says of what came in."""


@pytest.mark.law("S53-2")
async def test_whatever_is_changed_in_a_database_is_found_with_both_sides_evidence(system: FourServices) -> None:
    case = await whole_transfer(system, a_person(90))
    await report(system, most_cases=7)
    assert await open_breaks(system) == []

    [sheet] = await system["platform_gateway"].rows("SELECT * FROM sheet WHERE rlts_traf_id = :n", n=case)
    digest, other = sheet["sheet_digest"], hashlib.sha256(f"{sheet['sealed_sheet']} ".encode()).hexdigest()
    words = {"case": case, "digest": digest, "digit": digest[0], "digest_tail": digest[1:], "other_digest": other}
    await _change(system, 0, words)
    await report_nights_later(system, case)
    found = await _listed(system, {"sub": "watcher", "oversight": "000000", "admdvs": None})
    told = {(row["kind"], row["side"], row["platform"]["value"], row["reported"]["value"]) for row in found}
    wanted = {tuple(part.format(**words) for part in row[3]) for row in CHANGED}
    assert told == wanted | _ALONG
    await _evidence_can_be_followed(system, found)
    metrics = await system.http.get(system["platform_gateway"].url + "/metrics")
    for kind, side, *_ in told:
        assert f'transfer_invariant_breaks{{kind="{kind}",side="{side}"}} 1.0' in metrics.text
    assert await _listed(system, {"sub": "watcher", "oversight": "110000", "admdvs": None}) == []

    await _change(system, 1, words)
    await report_nights_later(system, case)
    assert await open_breaks(system) == []

    await system["platform_gateway"].alter(_FORGED.format("sealed_sheet || ' '", case))
    await _next_day(system)
    forged = [("sheet_digest", side.value) for side in FiguresSide]
    assert sorted((row["kind"], row["side"]) for row in await open_breaks(system)) == sorted(forged)
    await _next_day(system)
    assert len(await open_breaks(system)) == len(forged)
    await system["platform_gateway"].alter(_FORGED.format("rtrim(sealed_sheet)", case))
    await _next_day(system)
    assert await open_breaks(system) == []


async def _next_day(system: FourServices) -> None:
    """The platform compares its own tables with what stands reported; nobody reports anew."""
    system.clock.advance(days=1)
    context = system["platform_gateway"].context
    assert await compare_again(context) > 0
    assert await compare_again(context) == 0


def test_each_kind_of_break_is_made_on_purpose_at_each_side_that_it_may_come_from() -> None:
    made = {row[3][:2] for row in CHANGED} | {along[:2] for along in _ALONG}
    assert made == {(kind.value, side.value) for kind, side in compared()}
    assert {kind for kind, _ in made} | _ELSEWHERE == set(BreakKind)


@pytest.mark.law("S53-2")
async def test_a_case_that_a_side_lost_and_one_that_it_made_up_are_found(system: FourServices) -> None:
    cases = []
    for somebody in (a_person(91), a_person(92)):
        await enroll(system, somebody)
        cases.append(await apply(system, somebody))
    case, other = cases
    # Only somebody who owns a database could do this.
    whose = f"UPDATE inbound_case SET trafin_admdvs = '{{}}' WHERE rlts_traf_id = '{case}'"  # noqa: S608
    said = f"INSERT INTO message_sequence VALUES ('{case}', 'outbound.{JINAN}', 'platform', 1)"  # noqa: S608
    unsaid = f"DELETE FROM message_sequence WHERE rlts_traf_id = '{case}'"  # noqa: S608
    await system["inbound"].alter(whose.format(JINAN))
    await system["outbound"].alter(said)
    await system["outbound"].alter(_HEARD.format("+", other))
    await system["inbound"].alter(_HEARD.format("-", other))
    await report(system)
    assert {(row["kind"], row["sender"]) for row in await open_breaks(system)} == {
        ("message_forgotten", f"outbound.{JINAN}"),
        ("message_not_applied", f"inbound.{CHENGDU}"),
        ("case_missing", f"inbound.{CHENGDU}"),
        ("case_unknown", f"inbound.{JINAN}"),
        ("message_missing", f"outbound.{JINAN}"),
    }
    await system["inbound"].alter(whose.format(CHENGDU))
    await system["outbound"].alter(unsaid)
    await system["outbound"].alter(_HEARD.format("-", other))
    await system["inbound"].alter(_HEARD.format("+", other))
    await report(system)
    assert await open_breaks(system) == []


async def _change(system: FourServices, turn: int, words: dict[str, str]) -> None:
    for package, statement, values, _ in CHANGED:
        value = str(values[turn]).format(**words)
        await system[package].alter(statement.format(value, **words))


async def _listed(system: FourServices, claims: dict[str, Any]) -> list[dict[str, Any]]:
    shown = await system.done("platform_gateway", "GET", "/reconciliations/invariants?limit=100", claims=claims)
    items: list[dict[str, Any]] = shown["items"]
    return items


async def _evidence_can_be_followed(system: FourServices, found: list[dict[str, Any]]) -> None:
    """Every message that either side's value stands on is one that the platform has, signed."""
    for row in found:
        named = [row["reported"]["stands_on"]["message_id"], *row["platform"]["stands_on"]["messages"]]
        held = await system["platform_gateway"].rows(
            "SELECT signature FROM inbox WHERE message_id = ANY(CAST(:ids AS uuid[]))", ids=named
        )
        assert len(held) == len(named)
        assert row["kind"] == "state" or row["platform"]["value"] == "0.00" or len(named) > 1
