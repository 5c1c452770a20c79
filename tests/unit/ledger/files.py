"""Bank files as banks write them: camt.053 of several versions and CSV exports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from shared.money import format_yuan

DAY = date(2026, 3, 2)
CCB_HEADER = (
    "账号,账户名称,交易时间,借方发生额/元（支取）,贷方发生额/元（收入）,余额,币种,对方户名,对方账号,对方开户机构,"
    "记账日期,摘要,备注,账户明细编号-交易流水号,企业流水号,凭证种类,凭证号,交易介质编号"
)
RCB_HEADER = "交易日期,对方户名,收入金额,支出金额,余额,账号,币种,对方账号,用途,附言,核心流水号"


@dataclass(frozen=True)
class Move:
    """One movement: positive ``fen`` is money in."""

    fen: int
    note: str = ""
    other: str | None = None
    other_name: str = "某医保中心"
    e2e: str | None = None
    on: date = DAY
    ref: str = ""
    is_reversal: bool = False
    return_code: str | None = None
    status: str = "BOOK"


def camt(
    account: str,
    moves: Sequence[Move],
    *,
    opening: int = 0,
    closing: int | None = None,
    version: str = "02",
    statement_no: str = "S1",
    day: date = DAY,
    currency: str = "CNY",
    entries: str | None = None,
    prologue: str = "",
) -> bytes:
    """A camt.053 with one statement."""
    booked = [move for move in moves if move.status == "BOOK"]
    end = opening + sum(move.fen for move in booked) if closing is None else closing
    body = "".join(entry(move, version, currency) for move in moves) if entries is None else entries
    statement = (
        f"<Stmt><Id>{statement_no}</Id><Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>{currency}</Ccy></Acct>"
        f"{_balance('OPBD', opening, day, currency)}{_balance('CLBD', end, day, currency)}{body}</Stmt>"
    )
    return document(statement, version, prologue)


def document(statements: str, version: str = "02", prologue: str = "") -> bytes:
    """Statements in an envelope."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{prologue}'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>M</MsgId><CreDtTm>2026-03-02T18:00:00+08:00</CreDtTm></GrpHdr>{statements}"
        "</BkToCstmrStmt></Document>"
    ).encode()


def camt054(account: str, entries: str, *, notice_no: str = "N1", version: str = "02") -> bytes:
    """A camt.054 with one notification."""
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.{version}"><BkToCstmrDbtCdtNtfctn>'
        f"<GrpHdr><MsgId>M</MsgId></GrpHdr><Ntfctn><Id>{notice_no}</Id><CreDtTm>2026-03-02T12:00:00</CreDtTm>"
        f"<Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>CNY</Ccy></Acct>{entries}</Ntfctn>"
        "</BkToCstmrDbtCdtNtfctn></Document>"
    ).encode()


def batch(moves: Sequence[Move], entry_ref: str, *, is_told: bool = True) -> str:
    """One booked Ntry over all moves, all money in; its details only where they are told."""
    total = sum(move.fen for move in moves)
    details = "".join(
        f"<TxDtls><Refs><EndToEndId>{move.e2e or 'NOTPROVIDED'}</EndToEndId></Refs>"
        f'<Amt Ccy="CNY">{format_yuan(move.fen)}</Amt>{_parties(move, "02")}'
        f"<RmtInf><Ustrd>{escape(move.note)}</Ustrd></RmtInf></TxDtls>"
        for move in moves
    )
    return (
        f'<Ntry><Amt Ccy="CNY">{format_yuan(total)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{DAY}</Dt></BookgDt><ValDt><Dt>{DAY}</Dt></ValDt><AcctSvcrRef>{entry_ref}</AcctSvcrRef>"
        f"{f'<NtryDtls>{details}</NtryDtls>' if is_told else ''}</Ntry>"
    )


def entry(move: Move, version: str = "02", currency: str = "CNY") -> str:
    """One Ntry with one TxDtls."""
    status = move.status if version == "02" else f"<Cd>{move.status}</Cd>"
    reversal = "<RvslInd>true</RvslInd>" if move.is_reversal else ""
    returned = f"<RtrInf><Rsn><Cd>{move.return_code}</Cd></Rsn></RtrInf>" if move.return_code else ""
    indicator = "CRDT" if move.fen > 0 else "DBIT"
    return (
        f'<Ntry><Amt Ccy="{currency}">{format_yuan(abs(move.fen))}</Amt><CdtDbtInd>{indicator}</CdtDbtInd>{reversal}'
        f"<Sts>{status}</Sts><BookgDt><Dt>{move.on}</Dt></BookgDt><ValDt><Dt>{move.on}</Dt></ValDt>"
        f"<NtryDtls><TxDtls><Refs><AcctSvcrRef>{move.ref}</AcctSvcrRef>"
        f"<EndToEndId>{move.e2e or 'NOTPROVIDED'}</EndToEndId></Refs>{_parties(move, version)}"
        f"<RmtInf><Ustrd>{escape(move.note)}</Ustrd></RmtInf>{returned}</TxDtls></NtryDtls></Ntry>"
    )


def ccb(account: str, moves: Sequence[Move], *, opening: int = 0, newest_first: bool = False) -> bytes:
    """建设银行's export in GB18030: a preamble, padded cells, a footer."""
    rows, balance = [], opening
    for move in moves:
        balance += move.fen
        out, into = ("", f"{move.fen / 100:,.2f}") if move.fen > 0 else (f"{-move.fen / 100:,.2f}", "")
        cells = [
            f'"=""{account}"""',
            "某医保中心",
            f"{move.on:%Y%m%d} 10:20:30",
            f'"{out}"',
            f'"{into}"',
            f'"{balance / 100:,.2f}"',
            "人民币元",
            move.other_name,
            f"{move.other or ''}\t",
            "某银行",
            f"{move.on:%Y%m%d}",
            "转账",
            move.note,
            move.ref,
            "",
            "",
            "",
            "",
        ]
        rows.append(",".join(cells))
    body = reversed(rows) if newest_first else rows
    return "\r\n".join(["中国建设银行对公账户交易明细", "", CCB_HEADER, *body, "合计,,,"]).encode("gb18030")


def _parties(move: Move, version: str) -> str:
    if move.other is None:
        return ""
    role = "Dbtr" if (move.fen > 0) != (move.is_reversal or move.return_code is not None) else "Cdtr"
    name = f"<Nm>{move.other_name}</Nm>"
    name = f"<Pty>{name}</Pty>" if version >= "08" else name
    return (
        f"<RltdPties><{role}>{name}</{role}><{role}Acct><Id><Othr><Id>{move.other}</Id></Othr></Id></{role}Acct>"
        "</RltdPties>"
    )


def _balance(code: str, fen: int, day: date, currency: str) -> str:
    indicator = "CRDT" if fen >= 0 else "DBIT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{currency}">{format_yuan(abs(fen))}</Amt><CdtDbtInd>{indicator}</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )
