"""A case that was accepted for the wrong area of the province, as both agencies, the platform and the ledger see it."""

import pytest

from tests.courses import CLERK, a_person, application, enroll, release, seal, take_over
from tests.crossings.banks import Banks
from tests.crossings.courses import shown
from tests.crossings.test_other_way_round import orders
from tests.four_services import FourServices
from tests.registry import CHENGDU, JINAN, QINGDAO, bank_account


@pytest.mark.law("N6", "N9-1")
async def test_an_accepted_case_for_the_wrong_area_is_forwarded_with_money_on_its_way(
    system: FourServices, banks: Banks
) -> None:
    """The person is insured in both areas of the province, so that the wrong one was accepted and had begun."""
    somebody = a_person(29)
    await enroll(system, somebody)
    await enroll(system, somebody, QINGDAO)
    answer = await system.done(
        "platform_gateway", "POST", "/transfers", json=application(somebody, trafout_admdvs=QINGDAO)
    )
    wrong, of_qingdao = str(answer["rlts_traf_id"]), CLERK | {"admdvs": QINGDAO}
    await system.run()
    assert (await shown(system, wrong))["state"] == "outbound_processing"
    ask = {"headers": {"If-Match": "*"}, "json": {"admdvs": JINAN, "reason": "应从济南转出"}}
    forwarded = await system.call(
        "platform_gateway", "POST", f"/transfers/{wrong}/forwarding", claims=of_qingdao, **ask
    )
    assert forwarded.is_success, forwarded.text
    # Jinan has paid by the number that the person had given it, before anybody has sealed anything.
    note = f"{wrong} {somebody.psn_name}"
    await banks.tell(CHENGDU, "receiver", 123456, note, bank_account(JINAN, "payer"))
    await system.run()
    old = await system.done("platform_gateway", "GET", f"/transfers/{wrong}")
    assert (old["state"], old["money_state"]) == ("withdrawn", "unknown")
    assert (await system.done("outbound", "GET", f"/cases/{wrong}", claims=of_qingdao))["state"] == "withdrawn"
    holds = await system["outbound"].rows(
        "SELECT count(*) AS held FROM relation_hold WHERE rlts_traf_id = :case AND released_at IS NULL", case=wrong
    )
    assert [dict(row) for row in holds] == [{"held": 0}]
    of_chengdu = CLERK | {"admdvs": CHENGDU}
    theirs = await system.done("inbound", "GET", f"/cases/{wrong}", claims=of_chengdu)
    assert theirs["case"]["state"] == "withdrawn"
    [waiting] = await system["ledger"].rows(
        "SELECT reason FROM suspense WHERE rlts_traf_id = :case AND settled_on IS NULL", case=wrong
    )
    assert waiting["reason"] == "awaiting_sheet"

    asked = {"rlts_traf_id": wrong, "certno": somebody.certno}
    case = str((await system.done("platform_gateway", "POST", "/progress", json=asked))["rlts_traf_id"])
    assert case != wrong
    await seal(system, case)
    await release(system, case)
    await banks.transfer(JINAN, CHENGDU, f"{case} {somebody.psn_name}", 123456)
    await take_over(system, case)
    after = await system.done("platform_gateway", "GET", f"/transfers/{case}")
    assert (after["state"], after["money_state"], after["closed_at"] is not None) == ("completed", "credited", True)
    # What came by the old number still waits, counted for nobody; each side has orders for its own case only.
    assert await orders(system, JINAN, case) == [("1", "1234.56", "paid")]
    assert await orders(system, QINGDAO, wrong) == []
    assert (await shown(system, wrong))["money_state"] == "unknown"
