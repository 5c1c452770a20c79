"""The balance: told to the ledger, credited only after its match and the sync (N9)."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shared.contracts.events import BalanceCredited, BalancePayable, BalanceReleased
from tests.integration.inbound.conftest import StartService
from tests.integration.inbound.parts import OTHER_LEDGER, InboundService, with_version
from tests.integration.inbound.test_sheets import accept, approve, returning, review, submit
from tests.unit.inbound.builders import CASE, IN_AREA, accepted_event, info_sheet, sheet_foot


@pytest.fixture
async def automatic(start_service: StartService) -> InboundService:
    """Accepts clean sheets by itself."""
    service = await start_service(auto_accept_agencies=frozenset({IN_AREA}))
    await service.accept()
    return service


async def balance(service: InboundService) -> Any:
    return await service.one("SELECT coalesce(sum(amount), 0) FROM account_movement")


async def test_ledger_hears_of_the_sheet_and_its_accounts(automatic: InboundService) -> None:
    await automatic.route()
    [(recipient, data)] = await automatic.sent(BalancePayable)
    assert recipient == "ledger.370100"
    assert (data["obligation_no"], data["amount"]) == ("1", "1234.56")
    assert (data["payer_bankacct"], data["payee_bankacct"]) == ("62110000", "62370100")


async def test_sync_before_the_match(automatic: InboundService) -> None:
    await automatic.route()
    await automatic.run_core()
    assert (await automatic.state(), await balance(automatic)) == ("completed", 0)
    await automatic.matched()
    await automatic.run_core()
    assert await balance(automatic) == 123456
    assert [recipient for recipient, _ in await automatic.sent(BalanceCredited)] == ["platform", "ledger.370100"]


async def test_match_before_the_sync(automatic: InboundService) -> None:
    await automatic.route()
    await automatic.matched()
    assert await automatic.one("SELECT count(*) FROM core_task WHERE kind = 'credit_account'") == 0
    await automatic.run_core()
    assert await balance(automatic) == 123456
    assert len(await automatic.sent(BalanceCredited)) == 2


async def test_match_that_comes_twice_is_credited_once(automatic: InboundService) -> None:
    await automatic.route()
    await automatic.run_core()
    await automatic.matched()
    await automatic.matched()
    await automatic.run_core()
    assert await balance(automatic) == 123456


async def test_only_the_own_ledger_can_match(automatic: InboundService) -> None:
    await automatic.route()
    await automatic.matched(sender=OTHER_LEDGER)
    assert await automatic.one("SELECT count(*) FROM balance_match") == 0
    assert await automatic.quarantined() == ["not-our-ledger"]


async def test_database_refuses_a_credit_without_its_match(automatic: InboundService) -> None:
    await automatic.route()
    columns = "rlts_traf_id, obligation_no, amount, matched_amount, opened_at"
    statement = f"INSERT INTO balance_credit ({columns}) VALUES (:case, '1', 5, 5, now())"  # noqa: S608
    with pytest.raises(IntegrityError, match="fk_balance_credit_match"):
        async with automatic.database.transaction() as connection:
            await connection.execute(text(statement), {"case": CASE})


async def test_next_version_owes_the_difference_only(service: InboundService) -> None:
    await service.accept()
    await service.route()
    await service.matched()
    await submit(service, returning())
    await review(service, approve())
    more = info_sheet(
        version=2,
        foot=sheet_foot(acctfund_traf_amt="1300.00", acctfund_traf_amt_cn="壹仟叁佰元整"),
        attachment={"psn_no": "B1", "account": {"balc": "1300.00"}},
    )
    await service.route(more)
    assert [data["obligation_no"] for _, data in await service.sent(BalancePayable)] == ["1", "2"]
    await submit(service, accept())
    await review(service, approve())
    await service.run_core()
    assert await balance(service) == 123456
    await service.matched("2", 130000 - 123456)
    await service.run_core()
    assert await balance(service) == 130000


async def test_match_of_a_version_that_was_returned_stands(service: InboundService) -> None:
    await service.accept()
    await service.route()
    await submit(service, returning())
    await review(service, approve())
    await service.matched()
    assert await balance(service) == 0
    await service.route(with_version(info_sheet(), 2))
    await submit(service, accept())
    await review(service, approve())
    await service.run_core()
    assert await balance(service) == 123456


async def test_same_amount_in_the_next_version_is_the_same_obligation(service: InboundService) -> None:
    await service.accept()
    await service.route()
    await submit(service, returning())
    await review(service, approve())
    await service.route(with_version(info_sheet(), 2))
    assert [data["obligation_no"] for _, data in await service.sent(BalancePayable)] == ["1", "1"]


async def test_what_a_version_does_not_state_goes_back_and_is_never_credited(service: InboundService) -> None:
    await service.accept()
    await service.route()
    await service.matched()
    await submit(service, returning())
    await review(service, approve())
    await service.route(
        info_sheet(
            version=2,
            foot=sheet_foot(acctfund_traf_amt="1000.00", acctfund_traf_amt_cn="壹仟元整"),
            attachment={"psn_no": "B1", "account": {"balc": "1000.00"}},
        )
    )
    await submit(service, accept())
    await review(service, approve())
    await service.run_core()
    assert (await service.state(), await balance(service)) == ("completed", 100000)
    released = [(who, data["amount"], data["reversed_amount"]) for who, data in await service.sent(BalanceReleased)]
    assert sorted(released) == [(f"ledger.{IN_AREA}", "234.56", "0.00"), ("platform", "234.56", "0.00")]


async def test_no_money_where_the_balance_stays(service: InboundService) -> None:
    await service.receive(accepted_event(acct_disposition="refunded_to_person"))
    await service.route(
        info_sheet(
            acct_disposition="refunded_to_person",
            foot=sheet_foot(acctfund_traf_amt="0.00", acctfund_traf_amt_cn="零元整"),
        )
    )
    assert await service.sent(BalancePayable) == []
