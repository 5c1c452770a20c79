"""Exports of the banks that mappings are shipped for, in the variants of ``ledger/mappings``."""

from collections.abc import Sequence
from itertools import accumulate

from shared.money import format_yuan
from tests.unit.ledger.files import Move

Table = list[list[str]]
ICBC_HEADER = (
    "凭证号,对方账号,交易时间,借贷标志,对方单位,对方行号,用途,摘要,附言,回单个性化信息,转入金额,转出金额,"
    "支付凭证种类,余额"
)
ICBC_TWO = "本方账号,对方账号,交易时间,借/贷,借方发生额,贷方发生额,对方行号,对方单位名称,用途,摘要,附言,余额"
ICBC_FLAG = "凭证号,本方账号,对方账号,交易时间,借/贷,发生额,对方单位名称,用途,摘要,附言,余额"
BOC_HEADER = (
    "交易类型[ Transaction Type ],业务类型[ Business type ],付款人开户行名[ Payer account bank ],"
    "付款人账号[ Debit Account No. ],付款人名称[ Payer's Name ],收款人开户行名[ Beneficiary account bank ],"
    "收款人账号[ Payee's Account Number ],收款人名称[ Payee's Name ],交易日期[ Transaction Date ],"
    "交易时间[ Transaction time ],交易货币[ Trade Currency ],交易金额[ Trade Amount ],"
    "交易后余额[ After-transaction balance ],起息日期[ Value Date ],汇率[ Exchange rate ],"
    "交易流水号[ Transaction reference number ],客户申请号,摘要[ Reference ],用途[ Purpose ],交易附言[ Remark ]"
)
RCB_JINAN_HEADER = "记账日期,交易金额,账户余额,交易摘要,交易对手信息"


def icbc(account: str, moves: Sequence[Move], *, variant: str = "columns", opening: int = 0) -> Table:
    """工行: ``columns`` (转入/转出, no account of its own), ``two`` (借方/贷方发生额) or ``flag`` (发生额 + 借/贷)."""
    rows: Table = [["[HISTORYDETAIL]"]]
    rows.append({"columns": ICBC_HEADER, "two": ICBC_TWO, "flag": ICBC_FLAG}[variant].split(","))
    for move, balance in _with_balance(moves, opening):
        out, into = ("", _grouped(move.fen)) if move.fen > 0 else (_grouped(-move.fen), "")
        flag, other, name = ("贷" if move.fen > 0 else "借"), f"{move.other or ''}\t", move.other_name
        when = f"{move.on:%Y-%m-%d} 10:20:30"
        if variant == "columns":
            rows.append(["0", other, when, flag, name, "1024", "转移", "转账", move.note, "", into, out, "", balance])
        elif variant == "two":
            rows.append([account, other, when, flag, out, into, "1024", name, "转移", "转账", move.note, balance])
        else:
            rows.append(
                ["0", account, other, when, flag, into or out, name, "转移", "转账", move.note, balance],
            )
    return rows


def boc(account: str, moves: Sequence[Move], *, opening: int = 0, count: int | None = None) -> Table:
    """中行: a preamble with the bank's own sums, then bilingual headers; 往账 is negative."""
    credit, debit = sum(m.fen for m in moves if m.fen > 0), sum(-m.fen for m in moves if m.fen < 0)
    rows: Table = [
        ["查询账号[ Inquirer account number ]", account, "查询时间范围[ Query time range ]", "20260301-20260331"],
        ["总笔数[ Total number ]", str(len(moves) if count is None else count)],
        ["借方发生总额[ Total debit ]", _grouped(debit), "贷方发生总额[ Total credit ]", _grouped(credit)],
        [],
        BOC_HEADER.split(","),
    ]
    for move, balance in _with_balance(moves, opening):
        own, other = (account, "某医保中心"), (move.other or "", move.other_name)
        payer, payee = (other, own) if move.fen > 0 else (own, other)
        kind = "来账" if move.fen > 0 else "往账"
        day, amount = f"{move.on:%Y%m%d}", _signed(move.fen)
        parties = [kind, "跨行", "某银行", *payer, "某银行", *payee]
        rows.append([*parties, day, "10:20:30", "CNY", amount, balance, day, "1", move.ref, "", "", "转移", move.note])
    return rows


def rcb_jinan(account: str, moves: Sequence[Move], *, opening: int = 0) -> Table:
    """济南农商: one signed column; the account stands before the header."""
    rows: Table = [["账号：", account, "币种：", "人民币"], RCB_JINAN_HEADER.split(",")]
    for move, balance in _with_balance(moves, opening):
        rows.append([f"{move.on.year}/{move.on.month}/{move.on.day}", _signed(move.fen), balance, move.note])
        rows[-1].append(move.other_name)
    return [*rows, ["合计", "", ""]]


def text(rows: Table, *, encoding: str = "gb18030", delimiter: str = ",") -> bytes:
    """As a CSV; cells with the delimiter stand in quotes."""
    lines = (delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) for row in rows)
    return "\r\n".join(lines).encode(encoding)


def _with_balance(moves: Sequence[Move], opening: int) -> list[tuple[Move, str]]:
    balances = list(accumulate((move.fen for move in moves), initial=opening))[1:]
    return [(move, _grouped(balance)) for move, balance in zip(moves, balances, strict=True)]


def _grouped(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02}" if fen >= 0 else f"-{_grouped(-fen)}"


def _signed(fen: int) -> str:
    return f"+{format_yuan(fen)}" if fen > 0 else format_yuan(fen)
