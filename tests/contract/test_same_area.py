"""A change of scheme inside one area goes through all four services: the record changes, and no money moves (N14)."""

import pytest

from tests.contract.conftest import Settled
from tests.courses import CHECKER, CLERK, CORE, Somebody, application, seal
from tests.people import contribution, person_document, relation
from tests.registry import JINAN

WU_BAILU = Somebody("A009", "吴白露", "110101199003071778")
LEFT = relation(psn_insu_stas="2", paus_insu_date="2026-01-31")
JOINED = relation(
    psn_insu_rlts_id="R2", insutype="390", has_account=False, hi_type="2", crt_insu_date="2026-02-01", emp_no=None
)
PAID = [contribution("202401", "202512"), contribution("202602", "202612", insutype="390")]


@pytest.mark.law("N14")
async def test_an_employee_becomes_a_resident_of_the_same_area(settled: Settled) -> None:
    system = settled.system
    for package in ("outbound", "inbound"):
        body = person_document(
            WU_BAILU.psn_no, psn_name=WU_BAILU.psn_name, certno=WU_BAILU.certno, gend="9", relations=[LEFT, JOINED],
            contributions=PAID, updt_time=system.clock.now().isoformat(),
        )  # fmt: skip
        await system.done(package, "PUT", f"/persons/{WU_BAILU.psn_no}", claims=CORE | {"admdvs": JINAN}, json=body)
    asked = application(WU_BAILU, trafin_admdvs=JINAN, trafin_insutype="390")
    answer = await system.done("platform_gateway", "POST", "/transfers", json=asked)
    assert (answer["outcome"], answer["acct_disposition"]) == ("accepted", "retained_at_outbound")
    assert answer["decision"]["articles"] == ["N14", "N7"]
    case = answer["rlts_traf_id"]
    await system.run()
    await seal(system, case)
    for clerk, step, said in (
        (CLERK, "submission", {"decision": "accept", "memo": "已核对"}),
        (CHECKER, "review", {"decision": "approve"}),
    ):
        path, claims = f"/cases/{case}/{step}", clerk | {"admdvs": JINAN}
        await system.done("inbound", "POST", path, claims=claims, json=said, headers={"If-Match": "*"})
    await system.run()
    shown = await system.done("platform_gateway", "GET", f"/transfers/{case}")
    assert (shown["state"], shown["money_state"]) == ("completed", "settled_otherwise")
    assert shown["closed_at"] is not None
    assert shown["sheets"][0]["amount"] == "0.00"
    assert await system["ledger"].rows("SELECT 1 FROM obligation WHERE rlts_traf_id = :case", case=case) == []
    answer = await system.done("outbound", "GET", f"/persons/{WU_BAILU.psn_no}", claims=CORE | {"admdvs": JINAN})
    person = answer["record"]
    states = {each["insutype"]: each["psn_insu_stas"] for each in person["relations"]}
    assert (states, person["account"]["balc"]) == ({"310": "4", "390": "1"}, "1234.56")
