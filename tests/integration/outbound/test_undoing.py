"""Withdrawals, refusals and returns: all is put back, or done again as the next version."""

from datetime import date

import pytest

from shared.contracts.codes import ReturnCode
from shared.contracts.events import SheetRefused, SheetReturned, TransferWithdrawn
from shared.contracts.events.relation import ReturnReason
from shared.sheet_rules import sheet_finding
from tests.integration.outbound.conftest import StartDesk
from tests.integration.outbound.desk import CASE, CLERK, SUSPENDED, Desk
from tests.integration.outbound.parties import LEDGER, OUT_AREA
from tests.people import contribution

STATES = ["accepted", "drafting", "submitted", "approved", "issued"]


async def reach(desk: Desk, state: str) -> None:
    await desk.accept()
    if state == "accepted":
        return
    await desk.core()
    if state in ("submitted", "approved", "issued"):
        await desk.submit()
    if state in ("approved", "issued"):
        await desk.review()
        await desk.core()
    if state == "issued":
        await desk.seal()
    assert await desk.state() == state


async def withdraw(desk: Desk) -> None:
    await desk.receive(TransferWithdrawn(withdrawn_at=desk.clock.now(), reason="本人撤销"))


@pytest.mark.parametrize("state", STATES)
async def test_a_withdrawal_in_any_state_puts_everything_back(desk: Desk, state: str) -> None:
    await reach(desk, state)
    await withdraw(desk)
    await desk.core()
    assert await desk.state() == "withdrawn"
    assert await desk.holds() == {"held": 0, "frozen": 0, "ended": 0}
    assert await desk.seal() == 0
    assert len(await desk.letters("platform")) == (state == "issued")
    assert await desk.letters(str(LEDGER)) == []


async def test_a_withdrawal_while_the_freeze_is_under_way_leaves_no_frozen_account(desk: Desk) -> None:
    await reach(desk, "submitted")
    await desk.review()
    await withdraw(desk)
    await desk.core()
    assert await desk.holds() == {"held": 0, "frozen": 0, "ended": 0}


async def test_a_sheet_that_crosses_a_withdrawal_is_voided_once(desk: Desk) -> None:
    await reach(desk, "issued")
    await withdraw(desk)
    await desk.receive(SheetRefused(sheet_version=1, code="withdrawn"))
    await desk.core()
    assert await desk.state() == "withdrawn"
    assert await desk.holds() == {"held": 0, "frozen": 0, "ended": 0}
    [row] = await desk.rows("SELECT outcome, code FROM sheet_answer")
    assert (row.outcome, row.code) == ("refused", "withdrawn")
    assert (await desk.sheet()).version == 1


async def test_a_refusal_as_withdrawn_undoes_even_when_it_is_the_first_to_tell(desk: Desk) -> None:
    await reach(desk, "issued")
    await desk.receive(SheetRefused(sheet_version=1, code="withdrawn"))
    await desk.core()
    assert await desk.state() == "withdrawn"
    assert await desk.holds() == {"held": 0, "frozen": 0, "ended": 0}


async def test_a_withdrawal_after_the_sheet_was_accepted_goes_to_quarantine(desk: Desk) -> None:
    await desk.issue()
    await desk.accept_sheet()
    await withdraw(desk)
    assert await desk.state() == "sheet_accepted"
    [row] = await desk.rows("SELECT reason FROM quarantine")
    assert row.reason == "withdrawal-not-allowed"


async def test_a_refused_content_becomes_the_next_version(desk: Desk) -> None:
    await desk.issue()
    await desk.receive(SheetRefused(sheet_version=1, code="content", findings=(sheet_finding("E22"),)))
    await desk.core()
    shown = await desk.case()
    assert (shown["state"], shown["sheet_version"], shown["findings"][0]["code"]) == ("drafting", 2, "E22")
    assert (await desk.holds())["frozen"] == 0
    await desk.approve()
    await desk.seal()
    await desk.accept_sheet(2)
    assert await desk.state() == "sheet_accepted"


async def give_back(desk: Desk) -> None:
    reason = ReturnReason(code=ReturnCode.ROWS, row=1, box="months", text="月数不符")
    await desk.receive(
        SheetReturned(
            sheet_version=1, returned_at=desk.clock.now(), reasons=(reason,), outbound_due_on=date(2026, 4, 1)
        )
    )


async def test_a_returned_sheet_is_corrected_and_both_versions_stay(desk: Desk) -> None:
    await desk.issue()
    await desk.accept_sheet()
    await give_back(desk)
    shown = await desk.case()
    assert (shown["state"], shown["sheet_version"], shown["due_on"]) == ("drafting", 2, "2026-04-01")
    assert shown["return_reasons"][0]["text"] == "月数不符"

    rows = [row.model_dump(mode="json") for row in (await desk.sheet()).rows]
    rows[0] |= {"accrym_begn": "202402", "months": 11}
    answer = await desk.call(
        "PUT",
        f"/cases/{CASE}/draft-sheet",
        CLERK,
        {"rows": rows, "reason": "首月系重复缴费"},
        version=shown["row_version"],
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["corrections"][0]["reason"] == "首月系重复缴费"
    begins, counts = (("accrym_begn", "202401", "202402"), ("months", "12", "11"))
    changes = [dict(zip(("row", "box", "before", "after"), (1, *each), strict=True)) for each in (begins, counts)]
    assert [change for change in answer.json()["changes"] if change["row"]] == changes
    await desk.approve()
    await desk.seal()
    await desk.accept_sheet(2)

    first, second = await desk.sheet(1), await desk.sheet(2)
    assert (first.rows[0].months, second.rows[0].months) == (12, 11)
    assert first.foot.acctfund_traf_amt == second.foot.acctfund_traf_amt == 123456
    payables = await desk.letters(str(LEDGER))
    assert [(each["sheet_version"], each["obligation_no"]) for each in payables] == [(1, "1"), (2, "1")]
    issued = await desk.case()
    assert [(each["version"], each["outcome"]) for each in issued["sheets"]] == [(1, "accepted"), (2, "accepted")]
    assert [each["changes"] for each in issued["sheets"]] == [[], changes]
    assert issued["return_reasons"] == []


async def test_a_returned_sheet_waits_for_a_clerk_even_where_sheets_are_automatic(start_desk: StartDesk) -> None:
    desk = await start_desk(auto_seal_agencies=frozenset({OUT_AREA}))
    await desk.accept()
    await desk.core()
    await desk.seal()
    await desk.accept_sheet()
    await give_back(desk)
    await desk.core()
    assert await desk.seal() == 0
    assert await desk.state() == "drafting"


async def test_a_later_version_that_fails_leaves_the_account_frozen_for_the_accepted_one(desk: Desk) -> None:
    await desk.issue()
    await desk.accept_sheet()
    await give_back(desk)
    await desk.approve()
    await desk.seal()
    await desk.receive(SheetRefused(sheet_version=2, code="content", findings=(sheet_finding("E22"),)))
    await desk.core()
    assert await desk.state() == "drafting"
    assert (await desk.holds())["frozen"] > 0


async def test_a_returned_case_is_drafted_anew_from_what_the_core_has_told_since(desk: Desk) -> None:
    await desk.issue()
    await desk.accept_sheet()
    await give_back(desk)
    more = [contribution(), contribution(rid="c2", accrym_begn="202502", accrym_end="202503", cashym="202503")]
    await desk.push(relations=[SUSPENDED], contributions=more, rid="2", updt_time="2026-03-02T00:30:00Z")
    version = (await desk.case())["row_version"]
    path = f"/cases/{CASE}/draft-sheet/renewal"
    answer = await desk.call("POST", path, CLERK, {"reason": "补录缴费后重新生成"}, version=version)
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert [row["accrym_end"] for row in shown["rows"]][-1] == "202503"
    assert (shown["is_corrected"], len(shown["corrections"][0]["before"])) == (False, 1)
    assert (await desk.call("POST", path, CLERK, {"reason": "再来"}, version=version)).status_code == 412


async def test_no_draft_is_renewed_once_it_was_submitted(desk: Desk) -> None:
    await reach(desk, "submitted")
    path = f"/cases/{CASE}/draft-sheet/renewal"
    answer = await desk.call("POST", path, CLERK, {"reason": "重新生成"}, version=(await desk.case())["row_version"])
    assert answer.status_code == 409


async def test_who_went_to_hospital_after_the_draft_is_seen_at_sealing(desk: Desk) -> None:
    await reach(desk, "approved")
    in_hospital = {**SUSPENDED, "is_in_hospital": True}
    await desk.push(relations=[in_hospital], rid="2", updt_time="2026-03-02T00:30:00Z")
    await desk.seal()
    assert [warning[:3] for warning in (await desk.sheet()).warnings] == ["W01"]


async def test_an_unknown_version_cannot_be_returned(desk: Desk) -> None:
    await desk.issue()
    await desk.accept_sheet()
    await desk.receive(SheetReturned(sheet_version=7, returned_at=desk.clock.now(), reasons=()))
    assert await desk.state() == "sheet_accepted"
    [row] = await desk.rows("SELECT reason FROM quarantine")
    assert row.reason == "cannot-apply"


@pytest.mark.law("N13")
async def test_what_the_core_pushes_meanwhile_undoes_nothing(desk: Desk) -> None:
    await reach(desk, "approved")
    await desk.push(relations=[SUSPENDED], rid="2", updt_time="2026-03-02T00:30:00Z", account={"balc": "9.00"})
    await desk.seal()
    assert (await desk.sheet()).foot.acctfund_traf_amt == 123456
