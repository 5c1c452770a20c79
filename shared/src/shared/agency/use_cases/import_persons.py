"""Take in people by NDJSON: any number of lines, bounded memory, resumable.

An import has an id. Every batch commits with the number of lines done and their digest, so that the same file sent
again under the same id goes on after them, whatever broke the first attempt.
"""

import hashlib
from collections import Counter
from collections.abc import AsyncIterable, Sequence
from datetime import datetime

from shared.agency.record_checks import record_problems
from shared.agency.repository.freshness import told_everything
from shared.agency.repository.imports import ImportState, LineError, advance_import, finish_import, start_import
from shared.agency.use_cases.keep_persons import keep_persons
from shared.clock import Clock
from shared.contracts.facts import PersonRecord
from shared.database import Database
from shared.errors import Conflict, FieldError, InvalidInput
from shared.web.ndjson import Line, in_batches, read_line, split_lines

_BATCH_LINES = 200
_BATCH_BYTES = 2 * 1024 * 1024
_ERRORS_PER_LINE = 5
KEPT_ERRORS = 1000
"""Of one import; the others are only counted."""


class ImportDiffers(InvalidInput):
    """The lines already done are not the same ones this time."""

    code = "import-differs"


class ImportMovedOn(Conflict):
    """The same import is being sent by somebody else at the same time."""

    code = "import-in-progress"


class ImportPersons:
    """One run of one import. One line may be ``max_line_bytes`` long; how long the whole, the stream decides."""

    def __init__(
        self, database: Database, clock: Clock, admdvs: str, import_id: str, *, max_line_bytes: int = 1024 * 1024
    ) -> None:
        self._database = database
        self._clock = clock
        self._admdvs = admdvs
        self._import_id = import_id
        self._max_line_bytes = max_line_bytes
        self._digest = hashlib.sha256()

    async def run(self, chunks: AsyncIterable[bytes]) -> None:
        """Read the stream to its end, keeping what is new; raises ``ImportDiffers`` or ``ImportMovedOn``."""
        state = await self._start()
        seen = 0
        lines = split_lines(chunks, max_line_bytes=self._max_line_bytes)
        async for batch in in_batches(lines, max_lines=_BATCH_LINES, max_bytes=_BATCH_BYTES):
            fresh = self._after_those_done(batch, state)
            if fresh:
                await self._keep(fresh, is_open=state.state == "open")
            seen = batch[-1].number
        if seen < state.lines_done:
            raise ImportDiffers("此次提交的行数少于该批次已导入的行数。")
        if state.state == "open":
            await self._finish(seen)

    async def _start(self) -> ImportState:
        async with self._database.transaction() as connection:
            return await start_import(
                connection, self._admdvs, self._import_id, digest=self._digest.hexdigest(), now=self._clock.now()
            )

    def _after_those_done(self, batch: Sequence[Line], state: ImportState) -> list[Line]:
        for line in batch:
            if line.number > state.lines_done:
                break
            self._read(line)
            if line.number == state.lines_done and self._digest.hexdigest() != state.prefix_digest:
                raise ImportDiffers("该批次已导入的行与此次提交的内容不同，请使用新的批次编号。")
        return [line for line in batch if line.number > state.lines_done]

    def _read(self, line: Line) -> None:
        self._digest.update((line.content or b"") + b"\n")

    async def _keep(self, lines: Sequence[Line], *, is_open: bool) -> None:
        if not is_open:
            raise ImportDiffers("该批次已经完成，不能再追加内容，请使用新的批次编号。")
        records, errors = _read_records(lines, self._clock.now())
        for line in lines:
            self._read(line)
        async with self._database.transaction() as connection:
            outcomes = await keep_persons(connection, self._admdvs, records, now=self._clock.now())
            has_moved = await advance_import(
                connection,
                self._admdvs,
                self._import_id,
                expected=lines[0].number - 1,
                lines_done=lines[-1].number,
                digest=self._digest.hexdigest(),
                outcomes=Counter(outcomes),
                errors=errors,
                failed=len({each.line for each in errors}),
                kept_errors=KEPT_ERRORS,
            )
            if not has_moved:
                raise ImportMovedOn("同一批次正在由另一请求导入，请稍后用同一编号继续。")

    async def _finish(self, lines_done: int) -> None:
        async with self._database.transaction() as connection:
            started_at = await finish_import(
                connection, self._admdvs, self._import_id, expected=lines_done, now=self._clock.now()
            )
            if started_at is not None:
                await told_everything(connection, self._admdvs, as_of=started_at)


def _read_records(lines: Sequence[Line], now: datetime) -> tuple[list[PersonRecord], list[LineError]]:
    records: list[PersonRecord] = []
    errors: list[LineError] = []
    for line in lines:
        if line.content is not None and not line.content.strip():
            continue
        record, found = _read_record(line, now)
        errors += [LineError(line.number, each) for each in found[:_ERRORS_PER_LINE]]
        if record is not None and not found:
            records.append(record)
    return records, errors


def _read_record(line: Line, now: datetime) -> tuple[PersonRecord | None, list[FieldError]]:
    record, found = read_line(line, PersonRecord)
    return record, found if record is None else record_problems(record, now)
