"""Where a balance goes."""

import pytest

from platform_gateway.domain.disposition import DispositionReading, disposition
from shared.contracts.codes import AcctDisposition as To
from shared.contracts.facts import SideFacts

READING = DispositionReading(by_trafout={"510100": To.RETAINED_AT_OUTBOUND})


@pytest.mark.parametrize(
    ("outbound", "inbound", "trafout", "expected"),
    [
        (True, True, "370100", To.TRANSFER),
        (True, False, "370100", To.REFUNDED_TO_PERSON),
        (True, None, "370100", To.REFUNDED_TO_PERSON),
        (True, False, "510100", To.RETAINED_AT_OUTBOUND),
        (True, True, "510100", To.TRANSFER),
        (False, True, "370100", To.NONE),
        (None, True, "370100", To.NONE),
    ],
)
def test_disposition(outbound: bool | None, inbound: bool | None, trafout: str, expected: To) -> None:
    facts = [SideFacts(facts_as_of=None, has_account=has) for has in (outbound, inbound)]
    assert disposition(facts[0], facts[1], READING, trafout) is expected
