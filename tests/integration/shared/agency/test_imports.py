"""Importing people by NDJSON: per-line errors, resumable, bounded memory."""

import json
import tracemalloc
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest
from sqlalchemy import text

from shared.agency.repository.imports import ImportState, find_import, import_errors
from shared.agency.use_cases.import_persons import ImportDiffers, ImportMovedOn, ImportPersons
from shared.database import Database
from tests.clocks import AdvancingClock
from tests.people import contribution, person_document

AREA = "370100"


class ConnectionBroke(Exception):
    """The client went away."""


def line(number: int, **changes: Any) -> bytes:
    return json.dumps(person_document(f"P{number}", **changes), ensure_ascii=False).encode() + b"\n"


async def stream(lines: Iterable[bytes], *, breaks: bool = False, chunk: int = 10_000) -> AsyncIterator[bytes]:
    """``lines`` in chunks that do not end where lines do."""
    buffer = b""
    for each in lines:
        buffer += each
        while len(buffer) >= chunk:
            yield buffer[:chunk]
            buffer = buffer[chunk:]
    yield buffer
    if breaks:
        raise ConnectionBroke


async def run(database: Database, clock: AdvancingClock, lines: Iterable[bytes], **options: Any) -> ImportState:
    import_id = options.pop("import_id", "i1")
    await ImportPersons(database, clock, AREA, import_id, max_line_bytes=20_000).run(stream(lines, **options))
    return await state(database, import_id)


async def state(database: Database, import_id: str = "i1") -> ImportState:
    async with database.connection() as connection:
        found = await find_import(connection, AREA, import_id)
    assert found is not None
    return found


async def count(database: Database) -> int:
    async with database.connection() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM person")) or 0)


async def test_takes_every_line_and_says_what_became_of_it(database: Database, clock: AdvancingClock) -> None:
    done = await run(database, clock, [line(1), line(2), b"\n", line(1), line(1, rid="0")])
    assert (done.state, done.lines_done) == ("done", 5)
    assert (done.created, done.unchanged, done.ignored_older, done.failed) == (2, 0, 2, 0)
    again = await run(database, clock, [line(1, rid="0"), line(2), line(3), line(2, rid="9")], import_id="i2")
    assert (again.created, again.updated, again.unchanged, again.ignored_older) == (1, 1, 0, 2)


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        (b"{not json}\n", "", "malformed-body"),
        (b"\xff\xfe\n", "", "malformed-body"),
        (b'{"psn_no": "P1", "psn_no": "P2"}\n', "", "malformed-body"),
        (line(7, gend="3"), "/gend", "enum"),
        (line(7, surprise=1), "/surprise", "extra-forbidden"),
        (line(7, psn_name="\x00"), "/psn_name", "forbidden-character"),
        (line(7, updt_time="2031-01-01T00:00:00Z"), "/updt_time", "updt-time-implausible"),
        (line(7, contributions=[contribution("202402", "202401")]), "/contributions/0/accrym_end", "end-before-begin"),
        (b'{"x": "' + b"y" * 30_000 + b'"}\n', "", "line-too-long"),
    ],
)
async def test_wrong_line_is_named_and_the_others_go_on(
    database: Database, clock: AdvancingClock, wrong: bytes, pointer: str, code: str
) -> None:
    done = await run(database, clock, [line(1), wrong, line(2)])
    assert (done.created, done.failed) == (2, 1)
    async with database.connection() as connection:
        [found] = await import_errors(connection, AREA, "i1", limit=10)
    assert (found.line, found.error.pointer, found.error.code) == (2, pointer, code)


async def test_goes_on_where_it_broke_off(database: Database, clock: AdvancingClock) -> None:
    lines = [line(number) for number in range(450)]
    with pytest.raises(ConnectionBroke):
        await run(database, clock, lines[:450], breaks=True)
    broken = await state(database)
    assert (broken.state, broken.lines_done) == ("open", 400)
    done = await run(database, clock, lines)
    assert (done.state, done.lines_done, done.created, done.unchanged) == ("done", 450, 450, 0)


async def test_same_import_again_changes_nothing(database: Database, clock: AdvancingClock) -> None:
    lines = [line(number) for number in range(5)]
    assert await run(database, clock, lines) == await run(database, clock, lines)


@pytest.mark.parametrize(
    "second",
    [
        [line(1), line(3)],
        [line(1)],
        [line(1), line(2), line(3)],
    ],
)
async def test_other_lines_under_the_same_id_are_refused(
    database: Database, clock: AdvancingClock, second: list[bytes]
) -> None:
    await run(database, clock, [line(1), line(2)])
    with pytest.raises(ImportDiffers):
        await run(database, clock, second)
    assert await count(database) == 2


async def test_two_senders_of_one_import_do_not_mix(database: Database, clock: AdvancingClock) -> None:
    lines = [line(number) for number in range(250)]

    async def overtaken() -> AsyncIterator[bytes]:
        yield b"".join(lines[:200])
        await run(database, clock, lines)
        yield b"".join(lines[200:])

    with pytest.raises(ImportMovedOn):
        await ImportPersons(database, clock, AREA, "i1").run(overtaken())
    done = await state(database)
    assert (done.state, done.lines_done, done.created) == ("done", 250, 250)


async def test_memory_does_not_grow_with_the_file(database: Database, clock: AdvancingClock) -> None:
    many = [contribution(f"{year}01", f"{year}12", rid=f"C{year}") for year in range(1990, 2020)]

    async def peak(people: int, import_id: str) -> int:
        tracemalloc.reset_peak()
        await run(database, clock, (line(number, contributions=many) for number in range(people)), import_id=import_id)
        return tracemalloc.get_traced_memory()[1]

    await peak(300, "warm-up")
    tracemalloc.start()
    try:
        small, large = await peak(300, "small"), await peak(1500, "large")
    finally:
        tracemalloc.stop()
    assert large < small * 1.5


async def test_finished_import_makes_the_facts_current(database: Database, clock: AdvancingClock) -> None:
    started = clock.now()
    await run(database, clock, [line(1)])
    async with database.connection() as connection:
        assert await connection.scalar(text("SELECT as_of FROM record_freshness")) == started
