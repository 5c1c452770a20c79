"""Find what a waiting line could be for. It proposes nothing: a clerk does, and another person decides."""

from collections.abc import Collection, Sequence

import anyio
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.candidates import Candidate, Counterpart, WaitingLine, many, parts, single
from ledger.domain.suspense import LineKind
from ledger.domain.titles import EMPLOYEE_FUND
from ledger.repository import candidates
from ledger.repository.candidates import WaitingRow
from ledger.use_cases.waiting_lines import waiting_lines
from shared.errors import NotFound
from shared.registry.registry import Registry

MAX_CANDIDATES = 20


async def find_candidates(
    connection: AsyncConnection, admdvs: str, line_id: int, registry: Registry
) -> list[Candidate]:
    """Up to ``MAX_CANDIDATES``, those first of which more agrees; none for a line on an account of another fund.

    Raises ``NotFound`` for a line that does not wait.
    """
    row = await candidates.waiting(connection, admdvs, line_id)
    if row is None:
        raise NotFound("没有这笔挂账款项，或已处理完毕")
    [line] = waiting_lines([row], registry)
    if line.left_fen <= 0 or row.fund != EMPLOYEE_FUND:
        return []
    expected = await _expected(connection, admdvs, line)
    named = [one for one in expected if one.rlts_traf_id in line.cases or one.match_name in line.names]
    wholes = [named]
    if line.kind is LineKind.PAYMENT:
        wholes += await candidates.batches(connection, admdvs, row.bankacct, line.left_fen)
    short = [one for one in named if line.left_fen < one.left_fen]
    others = await _others(connection, admdvs, row, {one.rlts_traf_id for one in short}, registry)
    # To try which amounts add up may take seconds of the processor.
    found = await anyio.to_thread.run_sync(_fitting, line, expected, wholes, short, others)
    return sorted(found, key=lambda candidate: candidate.rank)[:MAX_CANDIDATES]


async def _expected(connection: AsyncConnection, admdvs: str, line: WaitingLine) -> list[Counterpart]:
    if line.kind is LineKind.RECEIPT:
        return await candidates.receipts(connection, admdvs, cases=line.cases, names=line.names, fen=line.left_fen)
    return await candidates.orders(
        connection,
        admdvs,
        cases=line.cases,
        names=line.names,
        fen=line.left_fen,
        is_paid=line.kind is LineKind.RETURN,
    )


async def _others(
    connection: AsyncConnection, admdvs: str, row: WaitingRow, cases: Collection[str], registry: Registry
) -> list[WaitingLine]:
    """What else waits that could make up with the line what is due for ``cases``."""
    if not cases:
        return []
    rows = await candidates.others(connection, admdvs, row, cases)
    return waiting_lines([other for other in rows if other.kind == row.kind], registry)


def _fitting(
    line: WaitingLine,
    expected: Sequence[Counterpart],
    wholes: Sequence[Sequence[Counterpart]],
    short: Sequence[Counterpart],
    others: Sequence[WaitingLine],
) -> list[Candidate]:
    singles = [single(line, one) for one in expected]
    several = [many(line, whole) for whole in wholes]
    joined = [parts(line, others, one) for one in short]
    return [found for found in (*singles, *several, *joined) if found is not None]
