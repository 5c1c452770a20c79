"""A leaving relation from acceptance to its end."""

from datetime import date
from typing import Any

import pytest

from shared.contracts.codes import AcctDisposition
from shared.contracts.events import BalancePaid, TransferCompleted
from tests.integration.outbound.conftest import StartDesk
from tests.integration.outbound.desk import CASE, CHECKER, CLERK, SUSPENDED, Desk, accepted_event
from tests.integration.outbound.parties import LEDGER, OUT_AREA
from tests.people import relation


async def complete(desk: Desk) -> None:
    await desk.receive(TransferCompleted(sheet_version=1, completed_at=desk.clock.now(), trafin_psn_no="N1"))
    await desk.core()


@pytest.mark.law("N8", "N13")
async def test_a_relation_leaves_with_its_balance(desk: Desk) -> None:
    await desk.accept()
    assert await desk.state() == "accepted"
    await desk.core()
    assert await desk.state() == "drafting"
    # The relation is suspended and the account still the person's to use (N13).
    assert [(await desk.holds())[name] for name in ("held", "frozen", "ended")] == [1, 0, 0]

    await desk.approve()
    assert (await desk.holds())["frozen"] == 1
    assert await desk.seal() == 1
    assert await desk.state() == "issued"
    sheet = await desk.sheet()
    assert (sheet.version, sheet.foot.acctfund_traf_amt, sheet.foot.acctfund_traf_amt_cn) == (
        1,
        123456,
        "壹仟贰佰叁拾肆元伍角陆分",
    )
    assert [(row.accrym_begn, row.accrym_end, row.months) for row in sheet.rows] == [("202401", "202412", 12)]
    assert (sheet.foot.opter_name, sheet.foot.tel) == ("王经办", "0531-12345678")
    assert sheet.attachment.account is not None
    assert sheet.attachment.account.balc == 123456

    await desk.accept_sheet()
    [payable] = await desk.letters(str(LEDGER))
    assert (payable["type"], payable["amount"], payable["obligation_no"]) == ("BalancePayable", "1234.56", "1")
    assert (payable["payer_bankacct"], payable["payee_bankacct"]) == ("62370100", "62320100")

    await complete(desk)
    assert await desk.state() == "ended"
    assert [letter["type"] for letter in await desk.letters("platform")] == ["SheetIssued", "RelationEnded"]
    assert (await desk.holds())["ended"] == 1

    paid = BalancePaid(obligation_no="1", amount=123456, booked_on=date(2026, 3, 5), end_to_end_id=f"{CASE}-1")
    await desk.receive(paid, sender=LEDGER)
    await desk.core()
    shown = await desk.case()
    assert shown["debited_amount"] == "1234.56"
    assert [payment["kind"] for payment in shown["payments"]] == ["paid"]
    [row] = await desk.rows("SELECT sum(amount) AS moved FROM account_movement")
    assert row.moved == -123456


async def test_every_step_says_who_when_and_which_message(desk: Desk) -> None:
    await desk.issue()
    await desk.accept_sheet()
    answer = await desk.call("GET", f"/cases/{CASE}/history?limit=500", CLERK)
    steps = answer.json()["items"]
    assert [(step["name"], step["actor"]) for step in steps] == [
        ("accepted", "platform"),
        ("relation_suspended", "core"),
        ("submitted", "clerk"),
        ("approved", "clerk"),
        ("account_frozen", "core"),
        ("sheet_issued", "system"),
        ("sheet_accepted", "platform"),
    ]
    by_name = {step["name"]: step for step in steps}
    assert (by_name["submitted"]["opter_id"], by_name["approved"]["opter_name"]) == ("u1", "赵复核")
    assert by_name["accepted"]["message_id"] is not None
    assert by_name["sheet_accepted"]["message_id"] is not None
    feed = await desk.rows("SELECT type, admdvs FROM feed ORDER BY feed_id")
    assert [row.type for row in feed] == [f"case.{step['name']}" for step in steps]
    assert {row.admdvs for row in feed} == {OUT_AREA}


async def test_a_resident_leaves_without_an_account(start_desk: StartDesk) -> None:
    resident = relation(insutype="390", has_account=False, psn_insu_stas="2", psn_insu_rlts_id="R9")
    paid = {"rid": "C1", "insutype": "390", "cashym": "202509", "accrym_begn": "202601", "accrym_end": "202612"}
    desk = await start_desk(person={"relations": [resident], "contributions": [paid], "account": None})
    await desk.accept(
        relation=resident,
        acct_disposition=AcctDisposition.NONE,
        lodged={"application": application("390"), "opt_chnl": "platform"},
    )
    await desk.core()
    await desk.approve()
    assert await desk.seal() == 1
    sheet = await desk.sheet()
    assert (sheet.has_account, sheet.foot.acctfund_traf_amt, sheet.rows[0].row_type) == (False, 0, "2")
    await desk.accept_sheet()
    await complete(desk)
    assert await desk.letters(str(LEDGER)) == []
    assert [letter["type"] for letter in await desk.letters("platform")] == ["SheetIssued", "RelationEnded"]
    assert (await desk.holds()) == {"held": 1, "frozen": 0, "ended": 1}


def application(insutype: str) -> dict[str, Any]:
    return {
        "psn_name": "李雷",
        "psn_cert_type": "01",
        "certno": "110101199003078494",
        "trafout_admdvs": OUT_AREA,
        "trafin_admdvs": "320100",
        "trafout_insutype": insutype,
        "trafin_insutype": "310",
    }


async def test_a_balance_without_an_account_to_go_to_is_refunded_and_settled(desk: Desk) -> None:
    await desk.accept(acct_disposition=AcctDisposition.REFUNDED_TO_PERSON)
    await desk.core()
    await desk.approve()
    await desk.seal()
    sheet = await desk.sheet()
    assert sheet.foot.acctfund_traf_amt == 0
    assert sheet.attachment.account is not None
    assert sheet.attachment.account.balc == 123456
    await desk.accept_sheet()
    await complete(desk)
    letters = await desk.letters("platform")
    assert [letter["type"] for letter in letters] == ["SheetIssued", "RelationEnded", "BalanceSettledOtherwise"]
    assert (letters[-1]["amount"], letters[-1]["acct_disposition"]) == ("1234.56", "refunded_to_person")
    assert letters[-1]["core_ref"]
    assert await desk.letters(str(LEDGER)) == []


async def test_a_retained_balance_is_free_again_and_settled(desk: Desk) -> None:
    await desk.accept(acct_disposition=AcctDisposition.RETAINED_AT_OUTBOUND)
    await desk.core()
    await desk.approve()
    await desk.seal()
    await desk.accept_sheet()
    await complete(desk)
    letters = await desk.letters("platform")
    assert letters[-1]["type"] == "BalanceSettledOtherwise"
    assert (await desk.holds())["frozen"] == 0


async def test_the_system_handles_a_clean_draft_by_itself_where_told_to(start_desk: StartDesk) -> None:
    desk = await start_desk(auto_seal_agencies=frozenset({OUT_AREA}))
    await desk.accept()
    await desk.core()
    assert await desk.seal() == 1
    shown = await desk.case()
    assert (shown["state"], shown["signing_rule"], shown["submitter_id"]) == ("issued", "automatic", "system")
    assert (await desk.sheet()).foot.opter_name == "系统自动办理"


async def test_the_system_leaves_a_draft_with_findings_to_a_clerk(start_desk: StartDesk) -> None:
    warned = SUSPENDED | {"is_in_hospital": True}
    desk = await start_desk(auto_seal_agencies=frozenset({OUT_AREA}), person={"relations": [warned]})
    await desk.accept()
    await desk.core()
    assert await desk.state() == "drafting"
    assert (await desk.submit()).json()["state"] == "submitted"
    assert (await desk.review(claims=CHECKER)).json()["state"] == "approved"


async def test_a_set_of_transfers_is_taken_on_and_issued_together(start_desk: StartDesk) -> None:
    desk = await start_desk(auto_seal_agencies=frozenset({OUT_AREA}))
    cases = [f"ABCDEFGHJKMN23{index:02d}" for index in range(30)]
    await desk.intake.take([desk.record(accepted_event(desk.clock.now()), case=case) for case in cases])
    await desk.core()
    assert await desk.seal() == len(cases)
    counted = await desk.rows("SELECT state, count(*) AS n FROM outbound_case GROUP BY state")
    assert [(row.state, row.n) for row in counted] == [("issued", len(cases))]
