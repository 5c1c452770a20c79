"""Writes what was generated: one statement as CSV and as camt.053, the records, and the answers, line by line."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

from bench.known.maker import Maker
from bench.known.world import Answer, Due, Told, World
from shared.money import format_yuan

CSV, CAMT, DUES, ANSWERS = "statement.csv", "statement.xml", "dues.ndjson", "answers.ndjson"
_HEADER = "交易日期,对方户名,收入金额,支出金额,余额,账号,币种,对方账号,用途,附言,核心流水号"


def write_all(world: World, lines: int, seed: int, folder: Path) -> None:
    """All four files into ``folder``; nothing is held in memory, whatever the number of lines."""
    items = Maker(world, seed).items(lines)
    closing = sum(told.fen for item in items for told, _ in item.lines)
    with ExitStack() as stack:
        csv, camt, dues, answers = (
            stack.enter_context((folder / name).open("w", encoding="utf-8", newline=""))
            for name in (CSV, CAMT, DUES, ANSWERS)
        )
        csv.write(f"{_HEADER}\n")
        camt.write(_camt_head(world, closing))
        balance = 0
        for item in Maker(world, seed).items(lines):
            dues.writelines(_json(due) for due in item.dues)
            for told, answer in item.lines:
                balance += told.fen
                csv.write(_row(world, told, balance))
                camt.write(_entry(told))
                answers.write(_json(answer))
        camt.write("</Stmt></BkToCstmrStmt></Document>\n")


def read_answers(file: IO[str]) -> Iterator[Answer]:
    """The answers, in the order of the statement's lines."""
    return (Answer(**json.loads(line)) for line in file)


def _row(world: World, told: Told, balance: int) -> str:
    into, out = (format_yuan(told.fen), "") if told.fen > 0 else ("", format_yuan(-told.fen))
    party = f"{world.bankacct},人民币,{told.other_acct},,{told.note},{told.bank_ref}"
    return f"{told.on:%Y%m%d},{told.other_name},{into},{out},{format_yuan(balance)},{party}\n"


def _camt_head(world: World, closing: int) -> str:
    last = world.first_day + timedelta(days=world.days - 1)
    balances = "".join(
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">{format_yuan(abs(fen))}</Amt>'
        f"<CdtDbtInd>{'CRDT' if fen >= 0 else 'DBIT'}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
        for code, fen, day in (("OPBD", 0, world.first_day), ("CLBD", closing, last))
    )
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>G1</Id>'
        f"<FrToDt><FrDt>{world.first_day}</FrDt><ToDt>{last}</ToDt></FrToDt>"
        f"<Acct><Id><Othr><Id>{world.bankacct}</Id></Othr></Id><Ccy>CNY</Ccy></Acct>{balances}\n"
    )


def _entry(told: Told) -> str:
    side, role = ("CRDT", "Dbtr") if told.fen > 0 else ("DBIT", "Cdtr")
    parties = (
        f"<RltdPties><{role}><Pty><Nm>{escape(told.other_name)}</Nm></Pty></{role}><{role}Acct><Id><Othr>"
        f"<Id>{told.other_acct}</Id></Othr></Id></{role}Acct></RltdPties>"
        if told.other_acct
        else ""
    )
    return (
        f'<Ntry><Amt Ccy="CNY">{format_yuan(abs(told.fen))}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>{told.on}</Dt></BookgDt><ValDt><Dt>{told.on}</Dt></ValDt>"
        f"<NtryDtls><TxDtls><Refs><AcctSvcrRef>{told.bank_ref}</AcctSvcrRef></Refs>{parties}"
        f"<RmtInf><Ustrd>{escape(told.note)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n"
    )


def _json(value: Due | Answer) -> str:
    return json.dumps(asdict(value), ensure_ascii=False, default=str) + "\n"
