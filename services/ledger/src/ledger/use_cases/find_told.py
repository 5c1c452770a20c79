"""Find the file that told the same statements before, or say how this one differs from it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import anyio
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.restated import MAX_LINES_COMPARED, StatementRestated, ToldLine, differing_lines, restated
from ledger.parsers.statement_file import StatementFile
from ledger.repository import statements
from ledger.repository.bank_accounts import BankAccountRow
from ledger.repository.statements import ToldBefore
from ledger.use_cases.lines_as_kept import lines_as_kept
from shared.errors import FieldError


async def find_told(
    connection: AsyncConnection, content: StatementFile, accounts: Mapping[str, BankAccountRow]
) -> UUID | None:
    """The file that told all of these statements before, ``None`` where none of their days is told yet.

    Raises ``StatementRestated`` where a day was told otherwise, with every figure and line that differs: banks
    restate, and export a day again when it has more lines.
    """
    before = [await statements.told_before(connection, accounts[head.bankacct].id, head.days) for head in content.heads]
    differences = await differing_statements(connection, content, accounts, before)
    if differences:
        raise StatementRestated(
            "同一账户同一期间的对账单已经导入，内容不同，未予入账；请核对差异。只是当天再次导出、多出新流水的，"
            "以 is_supplement=true 再传，只导入多出的各笔；其他差异请向银行核实，"
            "银行确已更正的由两人替换（statement-restatements）",
            errors=[error for errors in differences.values() for error in errors],
        )
    files = {old.file_id for old in before if old is not None}
    if files and None in before:
        raise StatementRestated("文件中只有一部分对账单已经导入过；以 is_supplement=true 再传，只导入其余的")
    if len(files) > 1:
        raise StatementRestated("文件中的对账单都已经从几个文件导入过，没有要补充的")
    return next(iter(files), None)


async def differing_statements(
    connection: AsyncConnection,
    content: StatementFile,
    accounts: Mapping[str, BankAccountRow],
    before: Sequence[ToldBefore | None],
) -> dict[int, list[FieldError]]:
    """How each statement of a file, by its place, differs from what was told ``before`` of its days; those that do."""
    found: dict[int, list[FieldError]] = {}
    for index, (head, old) in enumerate(zip(content.heads, before, strict=True)):
        if old is None:
            continue
        figures = restated(index, head, old)
        found[index] = figures
        is_same = not figures and old.content_digest is not None
        if is_same or head.totals.line_count > MAX_LINES_COMPARED:
            continue
        told = await statements.told_lines(
            connection,
            accounts[head.bankacct].id,
            head.days,
            limit=MAX_LINES_COMPARED + 1,
        )
        if len(told) <= MAX_LINES_COMPARED:
            lines = await anyio.to_thread.run_sync(content.lines_of, index)
            again = await lines_as_kept(connection, accounts[head.bankacct].id, lines, told)
            found[index] += differing_lines(index, told, map(ToldLine.of, again))
    return {index: errors for index, errors in found.items() if errors}
