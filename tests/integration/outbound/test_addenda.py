"""Addenda are sealed round and round: one that has to wait keeps no other waiting."""

from random import Random

from sqlalchemy import text

from outbound.domain.addendum import Addendum, AddendumState
from outbound.repository.addenda import save_addenda
from outbound.use_cases.issue_addenda import AddendumSealing
from shared.case_number import new_case_number
from shared.contracts.addendum import AddendumCause
from tests.integration.outbound.conftest import StartDesk
from tests.integration.outbound.desk import Desk
from tests.integration.outbound.parties import ON_PAPER


def booked(desk: Desk, case: str) -> Addendum:
    return Addendum(
        rlts_traf_id=case,
        addendum_no=1,
        cause=AddendumCause.INTEREST,
        reason="利息",
        amount=5000,
        state=AddendumState.BOOKED,
        proposed_by="u1",
        proposed_name="王芳",
        proposed_at=desk.clock.now(),
        reviewed_by="u2",
        reviewed_name="李敏",
        reviewed_at=desk.clock.now(),
    )


async def test_one_without_an_account_to_pay_to_waits_and_the_next_is_sealed(start_desk: StartDesk) -> None:
    desk = await start_desk(seal_batch=1)
    random = Random(7)
    stuck, ready = sorted(new_case_number(random) for _ in range(2))
    await desk.accept(stuck, trafin_admdvs=ON_PAPER)
    await desk.accept(ready)
    async with desk.database.transaction() as connection:
        await connection.execute(text("UPDATE outbound_case SET owed_amount = 100, accepted_version = 1"))
        await save_addenda(connection, [booked(desk, case) for case in (stuck, ready)])
    sealing = AddendumSealing(desk.office)
    assert [await sealing.turn() for _ in range(3)] == [0, 1, 0]
    states = await desk.rows("SELECT state FROM addendum ORDER BY rlts_traf_id")
    assert [row.state for row in states] == ["booked", "issued"]
    assert [event["addendum_no"] for event in await desk.letters("platform", ready)] == [1]
