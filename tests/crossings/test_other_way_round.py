"""Returns, corrections and other ends of a transfer, through all four services."""

import pytest

from tests.courses import CHECKER, CLERK, a_person, apply, decide, enroll, release, seal, take_over
from tests.crossings.banks import Banks
from tests.crossings.courses import shown
from tests.four_services import FourServices
from tests.registry import CHENGDU, JINAN


async def return_sheet(system: FourServices, case: str) -> None:
    """Two clerks of Chengdu return the present version for its first row."""
    reasons = [{"code": "S01", "row": 1, "box": "accrym_begn", "text": "起始年月有误"}]
    await decide(system, "inbound", case, "submission", {"decision": "return", "reasons": reasons}, CLERK)
    await decide(system, "inbound", case, "review", {"decision": "approve"}, CHECKER)
    await system.run()


@pytest.mark.law("N9")
async def test_a_sheet_is_returned_three_times_and_its_money_moves_once(system: FourServices, banks: Banks) -> None:
    somebody = a_person(20)
    await enroll(system, somebody)
    case = await apply(system, somebody)
    for _ in range(3):
        await seal(system, case)
        await return_sheet(system, case)
        assert (await shown(system, case))["state"] == "outbound_processing"
    await seal(system, case)
    await release(system, case)
    await banks.transfer(JINAN, CHENGDU, f"{case} {somebody.psn_name}", 123456)
    await take_over(system, case)

    seen = await system.done("platform_gateway", "GET", f"/transfers/{case}")
    assert (seen["state"], seen["money_state"], seen["closed_at"] is not None) == ("completed", "credited", True)
    assert [sheet["sheet_version"] for sheet in seen["sheets"]] == [1, 2, 3, 4]
    assert {sheet["obligation_no"] for sheet in seen["sheets"]} == {"1"}
    clocks = [(clock["kind"], clock["sheet_version"]) for clock in seen["clocks"] if clock["kind"] != "payment"]
    assert clocks.count(("outbound", 1)) == clocks.count(("outbound", 3)) == clocks.count(("inbound", 4)) == 1
    claims = CLERK | {"admdvs": CHENGDU}
    kept = await system.done("inbound", "GET", f"/cases/{case}", claims=claims)
    assert [sheet["sheet_version"] for sheet in kept["sheet_versions"]] == [4, 3, 2, 1]
    assert [line["amount"] for line in kept["money"]] == ["1234.56"]
