"""``python -m bench.ledger_matching [lines]``: bank lines a second through the ledger, against a floor of the same run.

Every line is a receipt that agrees with an open obligation. The floor writes the same claims, postings and states for
pairs that it is told, and makes the same signatures: it reads no file, looks nothing up and decides nothing.
"""

import asyncio
import io
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import BinaryIO, TypeVar
from uuid import UUID, uuid4

import anyio
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.line_classes import Classifier
from ledger.domain.titles import HifAcctType
from ledger.parsers.file_kind import FileKind
from ledger.parsers.statement_file import StatementFile, open_statement_file
from ledger.repository import bank_accounts, postings, statements
from ledger.repository.match_receipts import Matched, MatchScope, match_receipts
from ledger.repository.statements import FileRow
from ledger.tables import obligation
from ledger.use_cases import tell
from ledger.use_cases.import_statement import copy_lines
from ledger.use_cases.line_rows import LineContext
from shared.case_number import new_case_number
from shared.contracts.party import Party
from shared.database import Database
from shared.database.migrations import migrate
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose
from shared.signing.signers import Signers
from stack.databases import provision
from stack.postgres import EmbeddedPostgres

_T = TypeVar("_T")
_LINES = 10_000
_AREA, _OTHER, _ACCOUNT, _PAYER = "370100", "110000", "62010001", "62020001"
_FEN, _DAY, _NOW = 12_345, date(2026, 3, 2), datetime(2026, 3, 2, 10, tzinfo=UTC)
_CSV_HEADER = "交易日期,对方户名,收入金额,支出金额,余额,账号,币种,对方账号,用途,附言,核心流水号"
_FLOOR = text(
    """
    WITH pair AS MATERIALIZED (
        SELECT l.id, l.amount_fen, l.booked_on, p.obligation_id, b.*
        FROM unnest(CAST(:line_ids AS bigint[]), CAST(:obligation_ids AS bigint[])) AS p (line_id, obligation_id)
        CROSS JOIN LATERAL (SELECT * FROM statement_line WHERE id = p.line_id OFFSET 0) l
        CROSS JOIN bank_account_books b
    ), settled AS (
        UPDATE obligation SET state = 'matched' FROM pair WHERE obligation.id = pair.obligation_id
    ), claimed AS (
        INSERT INTO claim (admdvs, kind, line_id, obligation_id, amount_fen, is_exclusive, claimed_on, claimed_at)
        SELECT admdvs, 'receipt', id, obligation_id, amount_fen, true, booked_on, now() FROM pair
    )
    INSERT INTO posting (admdvs, fund, debit_account, credit_account, amount_fen, booking_date, effective_date, cause,
                         cause_id, recorded_at)
    SELECT admdvs, fund, CASE cause WHEN 'line' THEN deposit ELSE temporary_receipts END,
           CASE cause WHEN 'line' THEN temporary_receipts ELSE transfer_income END, amount_fen, booked_on, booked_on,
           cause, id, now()
    FROM pair CROSS JOIN (VALUES ('line'), ('claim')) AS causes (cause)
    """
)


def main() -> None:
    """Measure with as many lines as the first argument says."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else _LINES
    random = Random(1)
    cases = [new_case_number(random) for _ in range(lines)]
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as folder, EmbeddedPostgres(Path(folder) / "pg") as server:
        asyncio.run(_run(server.admin_url, Path(folder), cases))


async def _run(admin_url: str, folder: Path, cases: Sequence[str]) -> None:
    made = (await provision(admin_url, ["ledger"], passwords_file=folder / "passwords.json"))["ledger"]
    await migrate("ledger", made.owner_url, made.app_role)
    database = Database(made.app_url, pool_size=2)
    try:
        async with database.transaction() as connection:
            await _open_books(connection, cases)
        for form, kind, content in (("camt.053", FileKind.XML, _camt(cases)), ("CSV", FileKind.CSV, _csv(cases))):
            print(f"{form}，{len(cases)} 笔，{len(content) / 2**20:.1f} MiB")
            await _measure(database, io.BytesIO(content), cases, kind=kind)
    finally:
        await database.dispose()


async def _measure(database: Database, file: BinaryIO, cases: Sequence[str], *, kind: FileKind) -> None:
    """Take the file in and say how long each part took; rolled back, so that every run finds the same."""
    signers = Signers({(Party.parse(f"ledger.{_AREA}"), Purpose.MESSAGE): PrivateKey.generate("ES256")})
    count = len(cases)
    reading, opened = await _timed(lambda: anyio.to_thread.run_sync(lambda: open_statement_file(file, kind)))
    _say("读取并整份核对", count, reading)
    async with database.engine.connect() as connection:
        file_id = uuid4()
        copying, _ = await _timed(lambda: _copy(connection, file_id, opened))
        _say("再读一遍并存入流水", count, copying)
        await connection.execute(text("SAVEPOINT copied"))
        floor, _ = await _timed(lambda: _floor(connection))
        await connection.execute(text("ROLLBACK TO SAVEPOINT copied"))
        matching, matched = await _timed(lambda: _match(connection, file_id, cases))
        _say("匹配并记账", count, matching, floor)
        outgoing = tell.of_receipts(_AREA, matched, now=_NOW)
        signing = await anyio.to_thread.run_sync(lambda: _sign(signers, len(outgoing)))
        telling, _ = await _timed(lambda: tell.send(connection, outgoing, signers=signers, now=_NOW))
        _say(f"写出消息（{len(outgoing)} 条）", count, telling, signing)
        _say("合计", count, reading + copying + matching + telling, floor + signing)
        await connection.rollback()


async def _copy(connection: AsyncConnection, file_id: UUID, opened: StatementFile) -> None:
    account = (await bank_accounts.lock(connection, _AREA, [_ACCOUNT]))[_ACCOUNT]
    await statements.add_file(connection, FileRow(file_id, _AREA, "digest", opened.form, 1, _NOW, "bench"))
    statement_id = await statements.add_statement(connection, file_id, account.id, opened.heads[0])
    classifier = Classifier(_ACCOUNT, account.role, False, [], {}, {_PAYER})
    context = LineContext(file_id, statement_id, account, {_PAYER: _OTHER}, classifier, 0)
    await copy_lines(connection, opened, [context])


async def _match(connection: AsyncConnection, file_id: UUID, cases: Sequence[str]) -> list[Matched]:
    matched = await match_receipts(connection, MatchScope(_AREA, cases, file_id), now=_NOW)
    await postings.book_lines(connection, _AREA, file_id, now=_NOW)
    ids = [row.line_id for row in matched if row.is_matched]
    if len(ids) != len(cases):
        raise SystemExit(f"{len(cases) - len(ids)} lines were not matched")
    await postings.book_claims(connection, _AREA, ids, file_id=file_id, now=_NOW)
    return matched


async def _floor(connection: AsyncConnection) -> None:
    lines = await connection.scalars(text("SELECT id FROM statement_line ORDER BY id"))
    due = await connection.scalars(text("SELECT id FROM obligation ORDER BY id"))
    await connection.execute(_FLOOR, {"line_ids": list(lines), "obligation_ids": list(due)})


def _sign(signers: Signers, messages: int) -> float:
    value = b"x" * 600
    began = time.perf_counter()
    for _ in range(messages):
        signers.sign_detached(Party.parse(f"ledger.{_AREA}"), value)
    return time.perf_counter() - began


async def _timed(work: Callable[[], Awaitable[_T]]) -> tuple[float, _T]:
    began = time.perf_counter()
    result = await work()
    return time.perf_counter() - began, result


def _say(name: str, lines: int, seconds: float, floor: float | None = None) -> None:
    ratio = "" if floor is None else f"，下限 {lines / floor:,.0f} 笔/秒，是下限的 {seconds / floor:.1f} 倍时间"
    print(f"  {name}：{lines / seconds:,.0f} 笔/秒{ratio}")


async def _open_books(connection: AsyncConnection, cases: Sequence[str]) -> None:
    account = {"admdvs": _AREA, "fund": "310", "bankacct": _ACCOUNT, "acctname": "某医保中心", "valid_from": _DAY}
    account |= {"hif_acct_type": HifAcctType.INCOME.value, "bankcode": None, "valid_to": None}
    await bank_accounts.add_missing(connection, [account], now=_NOW)
    await bank_accounts.open_books(connection, _AREA)
    shared = {"admdvs": _AREA, "side": "payee", "obligation_no": "1", "sheet_version": 1, "reason": "balance"}
    shared |= {"trafout_admdvs": _OTHER, "trafin_admdvs": _AREA, "psn_name": "张三", "match_name": "张三"}
    shared |= {"amount_fen": _FEN, "direction": "pay", "due_fen": _FEN, "payer_bankacct": _PAYER}
    shared |= {"payee_bankacct": _ACCOUNT, "sheet_digest": "0", "state": "open", "known_on": _DAY, "known_at": _NOW}
    await connection.execute(insert(obligation), [shared | {"rlts_traf_id": case} for case in cases])


def _camt(cases: Sequence[str]) -> bytes:
    entries = "".join(
        f'<Ntry><Amt Ccy="CNY">123.45</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{_DAY}</Dt></BookgDt>'
        f"<ValDt><Dt>{_DAY}</Dt></ValDt><NtryDtls><TxDtls><Refs><AcctSvcrRef>R{number}</AcctSvcrRef>"
        f"<EndToEndId>{case}-1</EndToEndId></Refs><RltdPties><Dbtr><Nm>北京医保中心</Nm></Dbtr><DbtrAcct><Id><Othr>"
        f"<Id>{_PAYER}</Id></Othr></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>{case} 张三</Ustrd></RmtInf></TxDtls>"
        "</NtryDtls></Ntry>"
        for number, case in enumerate(cases)
    )
    balances = "".join(
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">{fen // 100}.{fen % 100:02}</Amt>'
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{_DAY}</Dt></Dt></Bal>"
        for code, fen in (("OPBD", 0), ("CLBD", _FEN * len(cases)))
    )
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Id>S1</Id>'
        f"<Acct><Id><Othr><Id>{_ACCOUNT}</Id></Othr></Id></Acct>{balances}{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _csv(cases: Sequence[str]) -> bytes:
    rows = [
        f"{_DAY:%Y%m%d},北京医保中心,123.45,,{number * _FEN // 100}.{number * _FEN % 100:02},{_ACCOUNT},人民币,"
        f"{_PAYER},医保转移,{case} 张三,R{number}"
        for number, case in enumerate(cases, start=1)
    ]
    return "\n".join([_CSV_HEADER, *rows]).encode()


if __name__ == "__main__":
    main()
