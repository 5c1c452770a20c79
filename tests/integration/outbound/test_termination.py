"""A case that both sides end after its sheet was accepted."""

import pytest

from shared.contracts.codes import MoneyPath, TerminationCause
from shared.contracts.events import SheetRefused, TransferTerminated
from tests.integration.outbound.desk import CASE, CHECKER, Desk
from tests.integration.outbound.parties import LEDGER
from tests.integration.outbound.test_undoing import give_back

FREE = {"held": 0, "frozen": 0, "ended": 0}


async def terminate(desk: Desk) -> None:
    await desk.receive(
        TransferTerminated(
            terminated_at=desk.clock.now(),
            cause=TerminationCause.PERSON_RETURNS,
            reason="本人返回原参保地",
            money_path=MoneyPath.RETAINED_AT_OUTBOUND,
        )
    )


async def test_a_termination_frees_relation_and_account_and_holds_the_payment(desk: Desk) -> None:
    await desk.issue()
    await desk.accept_sheet()
    await terminate(desk)
    await desk.core()
    assert await desk.state() == "terminated"
    assert await desk.holds() == FREE
    *_, held, voided = await desk.letters(str(LEDGER))
    assert (held["type"], held["is_held"]) == ("PaymentHoldChanged", True)
    assert (voided["type"], voided["obligation_no"]) == ("BalanceVoided", "900")
    shown = await desk.case()
    lift = {"is_held": False, "reason": "照付"}
    answer = await desk.call("POST", f"/cases/{CASE}/payment-hold", CHECKER, lift, version=shown["row_version"])
    assert answer.status_code == 409


@pytest.mark.parametrize("is_frozen", [True, False])
async def test_a_termination_while_the_next_version_is_approved_seals_nothing(desk: Desk, is_frozen: bool) -> None:
    await desk.issue()
    await desk.accept_sheet()
    await give_back(desk)
    await desk.submit()
    await desk.review()
    if is_frozen:
        await desk.core()
    await terminate(desk)
    await desk.core()
    assert await desk.seal() == 0
    assert (await desk.state(), await desk.holds()) == ("terminated", FREE)


async def test_a_version_that_crossed_the_termination_is_refused_without_more_ado(desk: Desk) -> None:
    await desk.issue()
    await desk.accept_sheet()
    await give_back(desk)
    await desk.approve()
    await desk.seal()
    await terminate(desk)
    await desk.receive(SheetRefused(sheet_version=2, code="command-not-allowed"))
    await desk.core()
    assert (await desk.state(), await desk.holds()) == ("terminated", FREE)
    assert await desk.rows("SELECT 1 FROM quarantine") == []


async def test_no_termination_before_a_sheet_was_accepted(desk: Desk) -> None:
    await desk.issue()
    await terminate(desk)
    assert await desk.state() == "issued"
    [row] = await desk.rows("SELECT reason FROM quarantine")
    assert row.reason == "termination-not-allowed"
