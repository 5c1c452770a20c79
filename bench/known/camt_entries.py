"""Generated lines as camt.053 and camt.054 write them."""

from collections.abc import Sequence
from datetime import date, timedelta
from xml.sax.saxutils import escape

from bench.known.world import Account, Told, World
from shared.money import format_yuan

_SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.05{}.001.08"
STATEMENTS_BEGIN = f'<Document xmlns="{_SPACE.format(3)}"><BkToCstmrStmt>\n'
STATEMENTS_END = "</BkToCstmrStmt></Document>\n"
NOTICES_END = "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n"


def notices_begin(world: World) -> str:
    """The head of a file with one notification about the account that receives."""
    return (
        f'<Document xmlns="{_SPACE.format(4)}"><BkToCstmrDbtCdtNtfctn><Ntfctn><Id>N1</Id>'
        f"{_account(world.bankaccts[Account.INCOME])}\n"
    )


def statement_head(world: World, account: Account, closing_fen: int) -> str:
    """A statement of all days that opens with nothing; ``</Stmt>`` ends it."""
    last = world.first_day + timedelta(days=world.days - 1)
    return (
        f"<Stmt><Id>{account.value}</Id><FrToDt><FrDt>{world.first_day}</FrDt><ToDt>{last}</ToDt></FrToDt>"
        f"{_account(world.bankaccts[account])}{_balance('OPBD', 0, world.first_day)}"
        f"{_balance('CLBD', closing_fen, last)}\n"
    )


def entry(details: Sequence[Told], *, is_bare: bool = False) -> str:
    """One entry with its details; a bare one says nothing of them."""
    first, fen = details[0], sum(told.fen for told in details)
    inner = "" if is_bare else "".join(_detail(told, is_one=len(details) == 1) for told in details)
    return (
        f'<Ntry><Amt Ccy="CNY">{format_yuan(abs(fen))}</Amt><CdtDbtInd>{_side(fen)}</CdtDbtInd>'
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{first.on}</Dt></BookgDt>"
        f"<ValDt><Dt>{first.value_on or first.on}</Dt></ValDt>"
        f"<AcctSvcrRef>{first.bank_ref}</AcctSvcrRef>{f'<NtryDtls>{inner}</NtryDtls>' if inner else ''}</Ntry>\n"
    )


def _detail(told: Told, *, is_one: bool) -> str:
    reference = f"<EndToEndId>{told.end_to_end_id}</EndToEndId>" if told.end_to_end_id else ""
    amount = "" if is_one else f'<Amt Ccy="CNY">{format_yuan(abs(told.fen))}</Amt>'
    if told.foreign_currency:
        amount = f'<AmtDtls><InstdAmt><Amt Ccy="{told.foreign_currency}">1.00</Amt></InstdAmt></AmtDtls>'
    note = f"<RmtInf><Ustrd>{escape(told.note)}</Ustrd></RmtInf>" if told.note else ""
    returned = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>" if told.is_return else ""
    refs = f"<Refs><AcctSvcrRef>{told.bank_ref}</AcctSvcrRef>{reference}</Refs>"
    return f"<TxDtls>{refs}{amount}{_parties(told)}{note}{returned}</TxDtls>"


def _parties(told: Told) -> str:
    if not told.other_acct:
        return ""
    # A returned payment names the parties of the original.
    role = "Dbtr" if (told.fen > 0) is not told.is_return else "Cdtr"
    return (
        f"<RltdPties><{role}><Pty><Nm>{escape(told.other_name)}</Nm></Pty></{role}><{role}Acct><Id><Othr>"
        f"<Id>{told.other_acct}</Id></Othr></Id></{role}Acct></RltdPties>"
    )


def _account(number: str) -> str:
    return f"<Acct><Id><Othr><Id>{number}</Id></Othr></Id><Ccy>CNY</Ccy></Acct>"


def _balance(code: str, fen: int, day: date) -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">{format_yuan(abs(fen))}</Amt>'
        f"<CdtDbtInd>{_side(fen)}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _side(fen: int) -> str:
    return "CRDT" if fen >= 0 else "DBIT"
