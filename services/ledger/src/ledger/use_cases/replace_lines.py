"""Carry out a corrected statement: reverse the lines that are gone, book and match those that are new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.adjustments import AdjustmentKind, AdjustmentState
from ledger.domain.line_classes import LineClass
from ledger.domain.restatement import RestatementOutdated, mirror
from ledger.domain.statement import Direction, Line, StatementHead, Totals
from ledger.domain.suspense_steps import SuspenseStep
from ledger.repository import adjustments, notices, restatements, statements
from ledger.repository.bank_accounts import BankAccountRow
from ledger.repository.match_receipts import MatchScope
from ledger.repository.restatements import Restatement, StandingLine
from ledger.repository.statements import LINE_COLUMNS, FileRow
from ledger.use_cases.check_continuity import check_continuity, check_notices
from ledger.use_cases.classifiers import classifiers
from ledger.use_cases.clear_adjustments import clear_adjustments
from ledger.use_cases.fund_orders import fund_orders_by_file, unfund_orders
from ledger.use_cases.line_rows import LineContext, line_row, payer_accounts
from ledger.use_cases.match_lines import match_lines
from ledger.use_cases.note_adjustments import note_adjustments
from ledger.use_cases.propose_adjustments import Proposer
from shared.registry.registry import Registry
from shared.signing.signers import Signers

_CLASS = LINE_COLUMNS.index("line_class")
_RULE = LINE_COLUMNS.index("rule_name")


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved, when (UTC), and what he said."""

    by: str
    now: datetime
    reason: str | None


async def replace_lines(
    connection: AsyncConnection,
    row: Restatement,
    gone: Sequence[StandingLine],
    account: BankAccountRow,
    approval: Approval,
    *,
    registry: Registry,
    signers: Signers,
) -> UUID:
    """The file as which the correction is kept; raises ``RestatementOutdated`` where its bytes are kept already.

    The caller has locked account and matching, and found that the lines ``gone`` can be reversed.
    """
    now, file_id = approval.now, uuid4()
    first = max((line.entry_no for line in row.added_lines), default=0) + 1
    mirrors = [mirror(line.id, line.told, line.value_on, first + index) for index, line in enumerate(gone)]
    kept = FileRow(file_id, row.admdvs, row.digest, row.form, row.size_bytes, now, row.received_by)
    if not await statements.add_file(connection, kept):
        raise RestatementOutdated("这份文件已经导入过")
    await restatements.shift(connection, row)
    statement_id = await statements.add_statement(connection, file_id, account.id, _head(row, mirrors))
    rules, version = await classifiers(connection, row.admdvs, [account], registry)
    context = LineContext(file_id, statement_id, account, payer_accounts(registry), rules[account.id], version)
    taken_back = [_reversal(context, line, back) for line, back in zip(gone, mirrors, strict=True)]
    await statements.copy_lines(connection, [*(line_row(context, line) for line in row.added_lines), *taken_back])
    entries = [(line.id, back.entry_no) for line, back in zip(gone, mirrors, strict=True)]
    reversed_by = await restatements.add_reversed(connection, row.id, statement_id, entries)
    await check_continuity(connection, row.admdvs, [account], now=now)
    await notices.open_again(connection, account.id, [line.id for line in gone])
    if await notices.has_open(connection, [account.id]):
        await notices.confirm_by_file(connection, [account.id], file_id)
        await check_notices(connection, row.admdvs, [account], now=now)
    # What waits for the case of a line that is gone may now be the only one that answers it.
    named = {line.rlts_traf_id for line in gone if line.rlts_traf_id is not None}
    cases = sorted({*named, *await statements.waiting_cases_of_file(connection, file_id)})
    await match_lines(connection, MatchScope(row.admdvs, cases, file_id), signers=signers, now=now)
    await unfund_orders(connection, [line.id for line in gone])
    await fund_orders_by_file(connection, row.admdvs, file_id)
    # What a line was for already is for people to say: what takes it back waits, as the bank's own line would.
    free = [line for line in gone if not line.is_other and line.is_free]
    await _set_off(connection, row, free, reversed_by, approval, signers)
    return file_id


def _head(row: Restatement, mirrors: Sequence[Line]) -> StatementHead:
    totals = Totals()
    for line in (*row.added_lines, *mirrors):
        totals.add(line)
    return StatementHead(
        bankacct=row.bankacct,
        statement_no=row.statement_no,
        currency="CNY",
        period_from=row.period_from,
        period_to=row.period_to,
        opening_fen=row.opening_fen,
        closing_fen=row.closing_fen,
        totals=totals,
        part_no=row.part_no,
    )


def _reversal(context: LineContext, gone: StandingLine, line: Line) -> tuple[Any, ...]:
    values = list(line_row(context, line))
    # What it takes back says what it is; no rule of the agency reads our own words.
    transfer = LineClass.TRANSFER_OUT if line.direction is Direction.DEBIT else LineClass.RETURN
    values[_CLASS], values[_RULE] = (gone.line_class if gone.is_other else transfer).value, None
    return tuple(values)


async def _set_off(
    connection: AsyncConnection,
    row: Restatement,
    gone: Sequence[StandingLine],
    reversed_by: dict[int, int],
    approval: Approval,
    signers: Signers,
) -> None:
    """Clear the lines that are gone against those that take them back, by the same two people and for their reason."""
    now = approval.now
    proposer = Proposer(row.proposed_by or "", row.proposed_at or now, f"银行更正对账单：{row.reason}")
    made = [
        proposer.adjustment(AdjustmentKind.OFFSET, line.id, line.told.amount_fen, other_line_id=reversed_by[line.id])
        for line in gone
    ]
    ids = [one.id for one in made]
    await adjustments.add(connection, row.admdvs, made)
    state = AdjustmentState.APPROVED
    await adjustments.decide(connection, ids, state, by=approval.by, reason=approval.reason, now=now)
    await clear_adjustments(connection, row.admdvs, ids, signers=signers, now=now)
    step = SuspenseStep.ADJUSTMENT_APPROVED
    await note_adjustments(connection, row.admdvs, made, step, reason=row.reason, by=approval.by, now=now)
