"""The platform asks; facts and verdict come back for a whole set."""

from typing import Any

from shared.contracts.events import TransferCompleted
from tests.integration.outbound.conftest import StartDesk
from tests.integration.outbound.desk import CASE, GATEWAY, SUSPENDED, Desk
from tests.integration.outbound.parties import IN_AREA, OUT_AREA
from tests.people import LI_LEI, relation


def query(**changes: Any) -> dict[str, Any]:
    application = {
        "psn_name": "李雷",
        "psn_cert_type": "01",
        "certno": LI_LEI,
        "trafout_admdvs": OUT_AREA,
        "trafin_admdvs": IN_AREA,
        "trafout_insutype": "310",
        "trafin_insutype": "310",
    }
    plain = {"rlts_traf_id": CASE, "side": "outbound", "admdvs": OUT_AREA}
    return plain | {"lodged": {"application": application | changes, "opt_chnl": "platform"}}


async def ask(desk: Desk, *queries: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await desk.call("POST", "/checks", GATEWAY, {"checks": list(queries)})
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


async def test_a_suspended_relation_passes_with_its_facts(desk: Desk) -> None:
    [result] = await ask(desk, query())
    assert result["findings"] == []
    facts = result["facts"]
    assert (facts["psn_no"], facts["has_account"], facts["balc"], facts["last_paid_ym"]) == (
        "P1",
        True,
        "1234.56",
        "202412",
    )
    assert facts["facts_as_of"] is not None


async def test_answers_in_the_order_asked(desk: Desk) -> None:
    stranger = query(certno="11010519491231002X")
    found = await ask(desk, stranger, query(), query(psn_name="韩梅梅"), query() | {"admdvs": "320100"})
    codes = [[(finding["code"], finding["is_unknown"]) for finding in result["findings"]] for result in found]
    assert codes == [[("A09", False)], [], [("A09", False)], [("A09", True)]]


async def test_who_gives_another_name_learns_nothing(desk: Desk) -> None:
    [result] = await ask(desk, query(psn_name="韩梅梅"))
    assert (result["facts"]["psn_no"], result["facts"]["relations"], result["facts"]["balc"]) == (None, [], None)


async def test_an_active_relation_fails(start_desk: StartDesk) -> None:
    desk = await start_desk(person={"relations": [relation(retr_trt_enjymnt_flag="02")]})
    [result] = await ask(desk, query())
    assert [finding["code"] for finding in result["findings"]] == ["A01", "A03"]


async def test_records_of_an_external_core_grow_stale(start_desk: StartDesk) -> None:
    desk = await start_desk(external_core_agencies=frozenset({OUT_AREA}), person={"relations": [SUSPENDED]})
    [fresh] = await ask(desk, query())
    desk.clock.advance(hours=25)
    [stale] = await ask(desk, query())
    assert fresh["findings"] == []
    assert [finding["is_unknown"] for finding in stale["findings"]] == [True]


async def test_a_relation_that_we_ended_says_where_it_went(desk: Desk) -> None:
    await desk.issue()
    await desk.accept_sheet()
    await desk.receive(TransferCompleted(sheet_version=1, completed_at=desk.clock.now(), trafin_psn_no="N1"))
    await desk.core()
    [result] = await ask(desk, query())
    [finding] = result["findings"]
    assert finding["code"] == "A13"
    assert IN_AREA in finding["note"]
    assert CASE not in finding["note"]  # another transfer's number is for its own sides only
