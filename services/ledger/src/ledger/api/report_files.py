"""The reports as files: everything in them, however long, through a temporary file and not through memory."""

import io
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import IO

import anyio
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.reconciliation import ReportPeriod
from ledger.domain.report_lists import Section
from ledger.repository import reconciliation_lists
from ledger.repository.reconciliation_lists import LineTold, ListedItem
from ledger.schemas.reconciliation import ReconciliationReport, ReportItem
from ledger.schemas.reconciliation_rows import csv_rows, worksheets
from ledger.use_cases.reconcile_period import FullReport, count_period
from shared.spreadsheet import CSV, XLSX, write_csv, write_xlsx

_CHUNK = 64 * 1024


async def report_file(
    connection: AsyncConnection, period: ReportPeriod, *, is_workbook: bool, when: str
) -> StreamingResponse:
    """The report as XLSX or CSV. ``connection`` is in a transaction, which may end before the answer is read."""
    report = ReconciliationReport.of(FullReport(await count_period(connection, period), {}))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it was sent
    try:
        await anyio.to_thread.run_sync(_write, file, report, _Lists(connection, period), is_workbook)
    except BaseException:
        file.close()
        raise
    name = f"reconciliation-{period.admdvs}-{when}.{'xlsx' if is_workbook else 'csv'}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(file.tell())}
    file.seek(0)
    return StreamingResponse(
        _chunks(file), media_type=XLSX if is_workbook else f"{CSV}; charset=utf-8", headers=headers
    )


class _Lists:
    """The lists as a writer's thread reads them: it asks the event loop for one batch after the other."""

    def __init__(self, connection: AsyncConnection, period: ReportPeriod) -> None:
        self._connection, self._period = connection, period

    def __call__(self, section: Section) -> Iterator[tuple[ReportItem, LineTold | None]]:
        batches = reconciliation_lists.batches(self._connection, self._period, section)
        while batch := anyio.from_thread.run(_next, batches):
            told = anyio.from_thread.run(reconciliation_lists.lines_told, self._connection, batch)
            for item in batch:
                yield ReportItem.of(section, item, self._period.on), told.get(item.line_id or 0)


async def _next(batches: AsyncIterator[Sequence[ListedItem]]) -> Sequence[ListedItem]:
    async for batch in batches:
        return batch
    return ()


def _write(file: IO[bytes], report: ReconciliationReport, lists: _Lists, is_workbook: bool) -> None:
    if is_workbook:
        write_xlsx(file, worksheets(report, lists))
        return
    lines = io.TextIOWrapper(file, encoding="utf-8", newline="")
    write_csv(lines, csv_rows(report, lists))
    lines.detach()


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
