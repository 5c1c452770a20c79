"""Keep the lines of a judged bank file, some thousands at a time."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import anyio
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.notice import MAX_DETAILS, is_bare, told_by_notice
from ledger.domain.statement import Line
from ledger.parsers.statement_file import StatementFile
from ledger.repository import notices, statements
from ledger.use_cases.line_rows import LineContext, line_row

Indexed = tuple[int, Line]
"""A line with the index of its statement in the file."""

_CHUNK = 5000


async def copy_lines(
    connection: AsyncConnection, content: StatementFile, contexts: Sequence[LineContext], *, is_announced: bool
) -> None:
    """Keep every line of a judged file; ``contexts`` are those of its statements, in order.

    Where something ``is_announced``, lines that say nothing take what a notification told of the same entry.
    """
    lines = content.lines()
    if not is_announced:
        await _copy_ahead(connection, lines, contexts)
        return
    while chunk := await anyio.to_thread.run_sync(_next_lines, lines):
        told = await _with_notices(connection, chunk, contexts)
        await statements.copy_lines(connection, await anyio.to_thread.run_sync(_rows, told, contexts))


async def _copy_ahead(connection: AsyncConnection, lines: Iterator[Indexed], contexts: Sequence[LineContext]) -> None:
    """Read and class the next lines while the database takes in those before."""
    rows = await anyio.to_thread.run_sync(_next_rows, lines, contexts)
    while rows:
        following = asyncio.create_task(anyio.to_thread.run_sync(_next_rows, lines, contexts))
        try:
            await statements.copy_lines(connection, rows)
        finally:
            rows = await following


def _next_lines(lines: Iterator[Indexed]) -> list[Indexed]:
    return list(islice(lines, _CHUNK))


def _next_rows(lines: Iterator[Indexed], contexts: Sequence[LineContext]) -> list[tuple[object, ...]]:
    return _rows(islice(lines, _CHUNK), contexts)


def _rows(lines: Iterable[Indexed], contexts: Sequence[LineContext]) -> list[tuple[object, ...]]:
    return [line_row(contexts[index], line) for index, line in lines]


async def _with_notices(
    connection: AsyncConnection, lines: list[Indexed], contexts: Sequence[LineContext]
) -> list[Indexed]:
    """The lines, those that say nothing replaced by what notifications told of them."""
    bare: dict[int, set[str]] = defaultdict(set)
    for index, line in lines:
        if is_bare(line) and line.bank_ref:
            bare[contexts[index].account.id].add(line.bank_ref)
    told = {
        account_id: await notices.details(connection, account_id, references, is_open=True, limit=MAX_DETAILS)
        for account_id, references in bare.items()
    }
    found: list[Indexed] = []
    for index, line in lines:
        details = told.get(contexts[index].account.id, {}).get(line.bank_ref or "", []) if is_bare(line) else []
        found += [(index, one) for one in told_by_notice(line, details)]
    return found
