"""Find what a waiting line could be for. It proposes nothing: a clerk does, and another person decides."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.candidates import Candidate, Counterpart, WaitingLine, many, parts, single
from ledger.domain.line_classes import fold_words
from ledger.domain.suspense import LineKind
from ledger.domain.titles import EMPLOYEE_FUND
from ledger.parsers.amounts import clean_account
from ledger.repository import candidates
from ledger.repository.candidates import WaitingRow
from shared.case_number import find_broken_in, find_in
from shared.errors import NotFound
from shared.person_name import normalise_name
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
    line = waiting_line(row, registry)
    if line.left_fen <= 0 or row.fund != EMPLOYEE_FUND:
        return []
    expected = await _expected(connection, admdvs, line)
    found = [one for each in expected if (one := single(line, each)) is not None]
    wholes = [[one for one in expected if _is_named(line, one)]]
    if line.kind is LineKind.PAYMENT:
        wholes += await candidates.batches(connection, admdvs, row.bankacct, line.left_fen)
    found += [one for whole in wholes if (one := many(line, whole)) is not None]
    found += await _parts(connection, admdvs, row, line, expected, registry)
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


def _is_named(line: WaitingLine, expected: Counterpart) -> bool:
    return expected.rlts_traf_id in line.cases or expected.match_name in line.names


async def _parts(
    connection: AsyncConnection,
    admdvs: str,
    row: WaitingRow,
    line: WaitingLine,
    expected: Sequence[Counterpart],
    registry: Registry,
) -> list[Candidate]:
    short = [one for one in expected if line.left_fen < one.left_fen and _is_named(line, one)]
    if not short:
        return []
    rows = await candidates.others(connection, admdvs, row, {one.rlts_traf_id for one in short})
    others = [waiting_line(other, registry) for other in rows if other.kind == row.kind]
    return [found for one in short if (found := parts(line, others, one)) is not None]


def waiting_line(row: WaitingRow, registry: Registry) -> WaitingLine:
    """The line as it is compared, its other side looked up in the registry."""
    return WaitingLine(
        id=row.id,
        kind=LineKind(row.kind),
        left_fen=row.left_fen,
        booked_on=row.booked_on,
        other_acct=row.counterparty_acct,
        cases=find_in(row.end_to_end_id or "") | find_in(row.note or "") or find_broken_in(row.note or ""),
        names=frozenset(row.names),
        note=normalise_name(row.note or ""),
        agencies=_agencies(row, registry),
        version=row.version,
    )


def _agencies(row: WaitingRow, registry: Registry) -> frozenset[str]:
    """Whose the other side's account is by the registry, or whose an account of that name."""
    name = fold_words(row.counterparty_name)
    return frozenset(
        area.admdvs
        for area in registry.snapshot.areas
        for account in area.bank_accounts
        if clean_account(account.bankacct) == row.counterparty_acct or (name and fold_words(account.acctname) == name)
    )
