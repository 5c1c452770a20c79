"""Sheets come in, are compared, accepted or returned."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from inbound.domain.case import DecisionKind, InboundCase
from inbound.domain.decisions import Clerk, Review, SamePerson, Submission
from inbound.use_cases.outcomes import Outcome
from inbound.use_cases.review_decisions import review_decisions
from inbound.use_cases.submit_decisions import submit_decisions
from shared.contracts.codes import MoneyPath, ReturnCode, TerminationCause
from shared.contracts.events import SheetReturned, TransferCompleted, TransferTerminated
from shared.contracts.events.relation import ReturnReason
from tests.integration.inbound.conftest import StartService
from tests.integration.inbound.parts import InboundService, routed, with_version
from tests.unit.inbound.builders import CASE, IN_AREA, info_sheet, sheet_row

WANG, ZHAO = Clerk("wang", "王经办"), Clerk("zhao", "赵复核")
ROWS_WRONG = ReturnReason(code=ReturnCode.ROWS, row=1, box="months", text="月数不符")


async def submit(service: InboundService, *submissions: Submission) -> list[Outcome]:
    async with service.database.transaction() as connection:
        return await submit_decisions(connection, IN_AREA, submissions, WANG, service.office)


async def review(service: InboundService, *reviews: Review, clerk: Clerk = ZHAO) -> list[Outcome]:
    async with service.database.transaction() as connection:
        return await review_decisions(connection, IN_AREA, reviews, clerk, service.office)


def accept(case: str = CASE) -> Submission:
    return Submission(case, DecisionKind.ACCEPT, None)


def returning(case: str = CASE) -> Submission:
    return Submission(case, DecisionKind.RETURN, None, (ROWS_WRONG,))


def approve(case: str = CASE) -> Review:
    return Review(case, True, None)


async def test_accepted_sheet_is_synced_and_the_platform_told(service: InboundService) -> None:
    await service.accept()
    assert await service.state() == "announced"
    await service.route()
    assert await service.state() == "received"
    await submit(service, accept())
    await review(service, approve())
    assert await service.state() == "approved"
    await service.run_core()
    assert await service.state() == "completed"
    [(recipient, data)] = await service.sent(TransferCompleted)
    assert (recipient, data["sheet_version"], data["trafin_psn_no"]) == ("platform", 1, "P1")
    assert await service.one("SELECT count(*) FROM period_taken_over WHERE psn_no = 'P1'") == 1


async def test_clean_sheet_is_accepted_by_itself_where_the_agency_wants_it(start_service: StartService) -> None:
    service = await start_service(auto_accept_agencies=frozenset({IN_AREA}))
    await service.accept()
    await service.route()
    await service.run_core()
    assert await service.state() == "completed"
    assert await service.one("SELECT is_automatic FROM inbound_case")


async def test_sheet_with_a_difference_always_waits_for_a_clerk(start_service: StartService) -> None:
    service = await start_service(auto_accept_agencies=frozenset({IN_AREA}))
    await service.accept()
    await service.route(info_sheet(rows=[sheet_row(accrym_begn="202401", accrym_end="202412", months=12)]))
    assert await service.state() == "received"
    assert await service.one("SELECT differences -> 0 ->> 'code' FROM received_sheet") == "D07"


async def test_returned_sheet_comes_again_as_the_next_version_and_both_stay(service: InboundService) -> None:
    await service.accept()
    await service.route()
    await submit(service, returning())
    await review(service, approve())
    assert await service.state() == "returned"
    [(recipient, data)] = await service.sent(SheetReturned)
    assert (recipient, data["sheet_version"], data["reasons"][0]["code"]) == ("platform", 1, "S01")
    await service.route(with_version(info_sheet(), 2))
    assert await service.state() == "received"
    await submit(service, accept())
    await review(service, approve())
    await service.run_core()
    assert await service.state() == "completed"
    assert await service.one("SELECT count(*) FROM received_sheet") == 2


async def test_sheet_changed_by_one_byte_is_quarantined_and_nothing_kept(service: InboundService) -> None:
    await service.accept()
    event = await routed(info_sheet(), service.clock.now())
    await service.receive(event.model_copy(update={"sealed_sheet": event.sealed_sheet.replace("a", "b", 1)}))
    assert await service.state() == "announced"
    assert len(await service.quarantined()) == 1
    assert await service.one("SELECT count(*) FROM received_sheet") == 0


async def test_arrival_of_another_sheet_is_quarantined(service: InboundService) -> None:
    await service.accept()
    event = await routed(info_sheet(), service.clock.now())
    other = await routed(with_version(info_sheet(), 2), service.clock.now())
    await service.receive(event.model_copy(update={"arrival": other.arrival}))
    assert await service.quarantined() == ["sheet-digest-differs"]


async def test_duplicates_are_absorbed(service: InboundService) -> None:
    await service.accept()
    record = service.record(await routed(info_sheet(), service.clock.now()))
    await service.take(record)
    await service.take(record, record)
    assert await service.one("SELECT count(*) FROM received_sheet") == 1
    assert await service.quarantined() == []


async def test_withdrawn_before_a_sheet(service: InboundService) -> None:
    await service.accept()
    await service.withdrawn()
    assert await service.state() == "withdrawn"


async def test_withdrawal_after_a_sheet_is_quarantined(service: InboundService) -> None:
    await service.accept()
    await service.route()
    await service.withdrawn()
    assert (await service.state(), await service.quarantined()) == ("received", ["state-does-not-allow"])


async def test_the_same_person_may_not_review(service: InboundService) -> None:
    await service.accept()
    await service.route()
    await submit(service, accept())
    [outcome] = await review(service, approve(), clerk=WANG)
    assert isinstance(outcome, SamePerson)
    assert await service.state() == "submitted"
    assert await service.one("SELECT count(*) FROM case_history WHERE what = 'review_refused'") == 1


async def test_database_refuses_one_person_for_both(service: InboundService) -> None:
    await service.accept()
    await service.route()
    await submit(service, accept())
    with pytest.raises(IntegrityError, match="two_people"):
        async with service.database.transaction() as connection:
            await connection.execute(text("UPDATE inbound_case SET reviewed_by = submitted_by, state = 'approved'"))


async def test_one_person_may_do_both_where_the_agency_says_so(start_service: StartService) -> None:
    service = await start_service(one_person_agencies=frozenset({IN_AREA}))
    await service.accept()
    await service.route()
    await submit(service, accept())
    [outcome] = await review(service, approve(), clerk=WANG)
    assert isinstance(outcome, InboundCase)


async def test_rejected_submission_goes_back_to_the_clerk(service: InboundService) -> None:
    await service.accept()
    await service.route()
    await submit(service, accept())
    await review(service, Review(CASE, False, None, "请再核对金额"))
    assert await service.state() == "received"
    [outcome] = await submit(service, accept())
    assert isinstance(outcome, InboundCase)


async def test_a_set_decides_each_by_itself(service: InboundService) -> None:
    cases = [f"TR00000000{number:02d}" for number in range(10, 15)]
    for case in cases:
        await service.accept(case)
        await service.route(info_sheet(rlts_traf_id=case))
    outcomes = await submit(service, *(accept(case) for case in cases), accept("TR0000009999"), accept(cases[0]))
    assert [isinstance(outcome, InboundCase) for outcome in outcomes] == [True] * 5 + [False] * 2
    outcomes = await review(service, *(approve(case) for case in reversed(cases)))
    assert all(isinstance(outcome, InboundCase) for outcome in outcomes)
    await service.run_core()
    assert await service.one("SELECT count(*) FROM inbound_case WHERE state = 'completed'") == 5


async def test_history_cannot_be_changed_by_the_service(service: InboundService) -> None:
    await service.accept()
    with pytest.raises(Exception, match="permission denied"):
        async with service.database.transaction() as connection:
            await connection.execute(text("UPDATE case_history SET what = 'nothing'"))


async def terminated(service: InboundService) -> None:
    await service.receive(
        TransferTerminated(
            terminated_at=service.clock.now(),
            cause=TerminationCause.DEATH,
            reason="参保人去世",
            money_path=MoneyPath.RETAINED_AT_OUTBOUND,
        )
    )


async def test_a_termination_gives_up_the_import_that_was_not_carried_out(service: InboundService) -> None:
    await service.accept()
    await service.route()
    await submit(service, accept())
    await review(service, approve())
    await terminated(service)
    await service.run_core()
    assert await service.state() == "terminated"
    assert await service.one("SELECT count(*) FROM period_taken_over") == 0
    assert await service.one("SELECT state FROM core_task") == "failed"
    assert await service.sent(TransferCompleted) == []
    [refused] = await submit(service, accept())
    assert getattr(refused, "code", None) == "state-does-not-allow"


async def test_a_termination_that_crossed_the_completion_has_the_core_take_the_import_back(
    service: InboundService,
) -> None:
    await service.accept()
    await service.route()
    await submit(service, accept())
    await review(service, approve())
    await service.run_core()
    await terminated(service)
    await service.matched()
    await service.run_core()
    assert await service.state() == "terminated"
    assert await service.one("SELECT core_failure FROM inbound_case") is None
    assert await service.one("SELECT sheet_version FROM period_reversal") == 1
    assert await service.one("SELECT count(*) FROM balance_credit") == 0


async def test_an_import_given_out_again_after_the_termination_is_taken_back(service: InboundService) -> None:
    await service.accept()
    await service.route()
    await submit(service, accept())
    await review(service, approve())
    await terminated(service)
    async with service.database.transaction() as connection:
        await connection.execute(text("UPDATE core_task SET state = 'open', answered_at = NULL"))
    await service.run_core()
    assert await service.state() == "terminated"
    assert await service.one("SELECT count(*) FROM case_history WHERE what = 'imported_after_termination'") == 1
    assert await service.one("SELECT what FROM case_history ORDER BY position DESC LIMIT 1") == "import_reversed"
    assert await service.sent(TransferCompleted) == []


async def test_no_termination_before_a_sheet(service: InboundService) -> None:
    await service.accept()
    await terminated(service)
    assert (await service.state(), await service.quarantined()) == ("announced", ["state-does-not-allow"])
