"""Where a balance goes."""

from typing import Any

import pytest

from platform_gateway.domain.disposition import disposition
from shared.contracts.codes import AcctDisposition as To
from shared.contracts.facts import SideFacts
from tests.unit.shared.registry.policy.shipped import DAY, SHIPPED, registry_with

RETAINS = {"readings": {"balance-into-residents": "retained_at_outbound"}}
MOVES_NOTHING = {"account": {"moves_balance": False}}


@pytest.mark.law("N8", "N9-2")
@pytest.mark.parametrize(
    ("outbound", "inbound", "trafin_insutype", "sections", "expected", "reading"),
    [
        (True, True, "310", {}, To.TRANSFER, None),
        (True, False, "310", {}, To.REFUNDED_TO_PERSON, "balance-without-inbound-account"),
        (True, None, "390", {}, To.REFUNDED_TO_PERSON, "balance-into-residents"),
        (True, False, "390", RETAINS, To.RETAINED_AT_OUTBOUND, "balance-into-residents"),
        (True, False, "310", RETAINS, To.REFUNDED_TO_PERSON, "balance-without-inbound-account"),
        (True, True, "310", RETAINS, To.TRANSFER, None),
        (True, True, "310", MOVES_NOTHING, To.REFUNDED_TO_PERSON, "balance-without-inbound-account"),
        (False, True, "310", {}, To.NONE, None),
        (None, True, "310", RETAINS, To.NONE, None),
    ],
)
def test_disposition(
    outbound: bool | None,
    inbound: bool | None,
    trafin_insutype: str,
    sections: dict[str, Any],
    expected: To,
    reading: str | None,
) -> None:
    facts = [SideFacts(facts_as_of=None, has_account=has) for has in (outbound, inbound)]
    version = {"valid_from": "2026-01-01", "sources": ["通知"]} | sections
    city = {"region": "510100", "name": "成都市", "inherits": "000000", "versions": [version]}
    policy = registry_with(*SHIPPED).trying(city).policy("510100", DAY)
    found, choice = disposition(facts[0], facts[1], trafin_insutype, policy, is_inside_area=False)
    assert found is expected
    assert (choice.name if choice else None) == reading


@pytest.mark.law("N14")
@pytest.mark.parametrize(("outbound", "expected"), [(True, To.RETAINED_AT_OUTBOUND), (False, To.NONE)])
def test_nothing_is_paid_inside_one_area(outbound: bool, expected: To) -> None:
    facts = [SideFacts(facts_as_of=None, has_account=has) for has in (outbound, True)]
    policy = registry_with(*SHIPPED).policy("370100", DAY)
    assert disposition(facts[0], facts[1], "310", policy, is_inside_area=True) == (expected, None)
