"""Sheets, cases and money agree; whatever is changed behind the services' backs is found, with both sides' evidence."""

from typing import Any

import pytest

from platform_gateway.domain.invariants import BreakKind
from shared.contracts.events.figures import FiguresSide
from tests.courses import a_person, apply, enroll, whole_transfer
from tests.figures import open_breaks, report
from tests.four_services import FourServices
from tests.registry import CHENGDU, JINAN

# Service, what somebody changes in its database, how it is put right; the break: kind, side, the platform's value, the
# side's.
_CHANGED = (
    (
        "outbound",
        "UPDATE outbound_case SET state = '{}' WHERE rlts_traf_id = '{case}'",
        ("withdrawn", "ended"),
        ("state", "outbound", "completed", "withdrawn"),
    ),
    (
        "outbound",
        "UPDATE sealed_sheet SET amount = {} WHERE rlts_traf_id = '{case}'",
        (123, 123456),
        ("amount_stated", "outbound", "1234.56", "1.23"),
    ),
    (
        "outbound",
        "UPDATE payment_fact SET amount = {} WHERE rlts_traf_id = '{case}'",
        (100, 123456),
        ("amount_paid", "outbound", "1234.56", "1.00"),
    ),
    (
        "inbound",
        "UPDATE received_sheet SET sheet_version = {} WHERE rlts_traf_id = '{case}'",
        (2, 1),
        ("sheet_version", "inbound", "1", "2"),
    ),
    (
        "inbound",
        "UPDATE inbound_case SET state = '{}' WHERE rlts_traf_id = '{case}'",
        ("withdrawn", "completed"),
        ("state", "inbound", "completed", "withdrawn"),
    ),
    (
        "inbound",
        "UPDATE balance_credit SET amount = {} WHERE rlts_traf_id = '{case}'",
        (123400, 123456),
        ("amount_credited", "inbound", "1234.56", "1234.00"),
    ),
    (
        "ledger",
        (
            "UPDATE obligation SET sheet_digest = '{}' || substr(sheet_digest, 2) WHERE rlts_traf_id = '{case}'"
            " AND side = 'payer'"
        ),
        ("x", "{digit}"),
        ("sheet_digest", "payer", "{digest}", "x{digest_tail}"),
    ),
    (
        "ledger",
        (
            "UPDATE claim SET amount_fen = {} WHERE kind = 'payment' AND obligation_id IN"
            " (SELECT id FROM obligation WHERE rlts_traf_id = '{case}')"
        ),
        (5, 123456),
        ("amount_paid", "payer", "1234.56", "0.05"),
    ),
    (
        "ledger",
        (
            "UPDATE claim SET amount_fen = {} WHERE kind = 'receipt' AND obligation_id IN"
            " (SELECT id FROM obligation WHERE rlts_traf_id = '{case}')"
        ),
        (7, 123456),
        ("amount_matched", "payee", "1234.56", "0.07"),
    ),
    (
        "ledger",
        "UPDATE obligation SET credited_fen = {} WHERE rlts_traf_id = '{case}' AND side = 'payee'",
        (9, 123456),
        ("amount_credited", "payee", "1234.56", "0.09"),
    ),
    (
        "inbound",
        "{}",
        (
            "INSERT INTO received_addendum VALUES ('{case}', 901, '', '', '', 300, 'interest', '', now())",
            "DELETE FROM received_addendum WHERE addendum_no = 901",
        ),
        ("amount_added", "inbound", "0.00", "3.00"),
    ),
    (
        "inbound",
        "{}",
        (
            "INSERT INTO balance_release VALUES ('{case}', '9', 400, 400, now(), current_date)",
            "DELETE FROM balance_release WHERE obligation_no = '9'",
        ),
        ("amount_reversed", "inbound", "0.00", "4.00"),
    ),
    (
        "outbound",
        "{}",
        (
            (
                "INSERT INTO payment_fact"
                " VALUES (gen_random_uuid(), '{case}', 'returned', '9', 500, current_date, '', now())"
            ),
            "DELETE FROM payment_fact WHERE obligation_no = '9'",
        ),
        ("amount_returned", "outbound", "6.00", "5.00"),
    ),
    (
        "platform_gateway",
        "{}",
        (
            (
                "INSERT INTO money_fact (rlts_traf_id, kind, amount, booked_on, sender, message_id, recorded_at)"
                " SELECT rlts_traf_id, 'refunded', 600, current_date, 'ledger.370100', message_id, received_at"
                " FROM inbox WHERE rlts_traf_id = '{case}' AND type LIKE '%TransferCompleted%'"
            ),
            "DELETE FROM money_fact WHERE kind = 'refunded' AND rlts_traf_id = '{case}'",
        ),
        ("amount_refunded", "payer", "6.00", "0.00"),
    ),
)
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

    [sheet] = await system["platform_gateway"].rows("SELECT sheet_digest FROM sheet WHERE rlts_traf_id = :n", n=case)
    digest = sheet["sheet_digest"]
    words = {"case": case, "digest": digest, "digit": digest[0], "digest_tail": digest[1:]}
    await _change(system, 0, words)
    await report(system)
    found = await _listed(system, {"sub": "watcher", "oversight": "000000", "admdvs": None})
    told = {(row["kind"], row["side"], row["platform"]["value"], row["reported"]["value"]) for row in found}
    wanted = {tuple(part.format(**words) for part in row[3]) for row in _CHANGED}
    assert told == wanted | _ALONG
    await _evidence_can_be_followed(system, found)
    metrics = await system.http.get(system["platform_gateway"].url + "/metrics")
    assert 'transfer_invariant_breaks{kind="amount_paid",side="payer"} 1.0' in metrics.text
    assert await _listed(system, {"sub": "watcher", "oversight": "110000", "admdvs": None}) == []

    await _change(system, 1, words)
    await report(system)
    assert await open_breaks(system) == []

    await system["platform_gateway"].alter(_FORGED.format("sealed_sheet || ' '", case))
    await report(system)
    assert {(row["kind"], row["side"]) for row in await open_breaks(system)} == {
        ("sheet_digest", side.value) for side in FiguresSide
    }
    await system["platform_gateway"].alter(_FORGED.format("rtrim(sealed_sheet)", case))
    await report(system)
    assert await open_breaks(system) == []


def test_each_kind_of_break_is_made_on_purpose() -> None:
    assert {row[3][0] for row in _CHANGED} | {kind for kind, *_ in _ALONG} | _ELSEWHERE == set(BreakKind)


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
    for package, statement, values, _ in _CHANGED:
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
