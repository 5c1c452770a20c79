"""The outbound recalls a sheet before the completion: an import of it never counts, whenever the core does it."""

from sqlalchemy import text

from shared.contracts.events import SheetRecalled, TransferCompleted
from tests.integration.inbound.parts import InboundService, with_version
from tests.integration.inbound.test_sheets import accept, approve, review, submit
from tests.unit.inbound.builders import info_sheet


async def test_an_import_given_up_by_the_recall_is_taken_back_when_it_comes_with_the_next_version(
    service: InboundService,
) -> None:
    await service.accept()
    await service.route()
    await submit(service, accept())
    await review(service, approve())
    await service.receive(SheetRecalled(sheet_version=1, recalled_at=service.clock.now(), reason="误签章"))
    assert await service.state() == "returned"
    assert await service.one("SELECT state FROM core_task") == "failed"
    await service.route(with_version(info_sheet(), 2))
    async with service.database.transaction() as connection:
        await connection.execute(text("UPDATE core_task SET state = 'open', answered_at = NULL"))
    await service.run_core()
    assert await service.state() == "received"
    assert await service.one("SELECT count(*) FROM case_history WHERE what = 'imported_after_recall'") == 1
    assert await service.one("SELECT sheet_version FROM period_reversal") == 1
    assert await service.sent(TransferCompleted) == []
    await submit(service, accept())
    await review(service, approve())
    await service.run_core()
    assert await service.state() == "completed"
    assert [data["sheet_version"] for _, data in await service.sent(TransferCompleted)] == [2]


async def test_a_recall_of_another_version_is_kept_in_quarantine(service: InboundService) -> None:
    await service.accept()
    await service.route()
    await service.receive(SheetRecalled(sheet_version=2, recalled_at=service.clock.now(), reason="误签章"))
    assert await service.state() == "received"
    assert await service.quarantined() == ["sheet-version-not-present"]
