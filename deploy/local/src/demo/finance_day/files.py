"""The banks' two files of the day: what came in, with what goes wrong in practice, interest and a fee."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from demo.banks.files import Form, write_statement
from demo.banks.movement import AccountDays, Line, account_of
from demo.case_run import CaseRun
from demo.finance_day.cases import AGENCY, OTHER
from demo.services import LEDGER, Call
from demo.world import World
from shared.case_number import new_case_number
from shared.money import format_yuan, parse_yuan
from shared.registry.models import AccountUse, BankAccount

_LANDLORD = "济南泉城物业服务有限公司"
_OPENING_FEN = 50_000_000
_INTEREST = (Line(8_860, None, "结息"), "利息：自动归类")
_FEE = (Line(-3_000, None, "汇划费"), "手续费：自动归类")


@dataclass(frozen=True, slots=True)
class DayLine:
    """One line as the table shows it."""

    amount: str
    note: str
    story: str


@dataclass(frozen=True, slots=True)
class DayFile:
    """A bank file, whose account it is and what it tells."""

    path: Path
    account: str
    lines: tuple[DayLine, ...]


Told = tuple[Line, str]
"""A line, and what it is about."""


async def write_files(world: World, incoming: Sequence[CaseRun], folder: Path) -> tuple[DayFile, ...]:
    """Write both files of today into ``folder``; ``incoming`` are the cases whose money comes in.

    Each account opens with what it closed with yesterday. Raises ``DemoError`` when the ledger does not say.
    """
    opening = await _closing_balances(world, world.today - timedelta(days=1))
    payer = account_of(world.areas[OTHER], AccountUse.PAYER)
    ours = {use: account_of(world.areas[AGENCY], use) for use in AccountUse}
    receipts = [*_receipts(incoming, payer), _INTEREST]
    files = (
        (AccountUse.RECEIVER, Form.CCB, receipts, "receipts.csv"),
        (AccountUse.PAYER, Form.CAMT053, [_FEE], "payments.xml"),
    )
    return tuple(
        _write(world, _opened(ours[use], opening, world.today), form, told, folder / name)
        for use, form, told, name in files
    )


async def _closing_balances(world: World, day: date) -> dict[str, int]:
    """What each bank account of the agency stood at by the books, in fen."""
    path = f"/reconciliations/{AGENCY}/{day}"
    report = await world.services.json(Call(world.callers.agency("clerk", AGENCY), LEDGER, "GET", path))
    return {account["bankacct"]: parse_yuan(account["books_balance"]) for account in report["accounts"]}


def _opened(account: BankAccount, closing: Mapping[str, int], today: date) -> AccountDays:
    opening_fen = closing.get(account.bankacct) or _OPENING_FEN
    return AccountDays(account, opening_fen=opening_fen, first_day=today, last_day=today)


def _receipts(incoming: Sequence[CaseRun], payer: BankAccount) -> list[Told]:
    plain, unnamed, parted, over = incoming
    half = _due(parted) // 2
    stranger = new_case_number()
    landlord = payer.model_copy(update={"bankacct": "1602000000000012345", "acctname": _LANDLORD})
    return [
        (Line(_due(plain), payer, _note(plain)), "金额、账户、编号都对：自动匹配"),
        (Line(_due(unnamed), payer, f"医保转移 {unnamed.scenario.person.psn_name}"), "附言没有办件编号"),
        (Line(half, payer, _note(parted)), "分两次付：第一次"),
        (Line(_due(parted) - half, payer, _note(parted)), "分两次付：第二次"),
        (Line(_due(over) + 1, payer, _note(over)), "多付一分"),
        (Line(123_456, payer, f"{stranger} 误付"), "不是本机构的办件：原路退回"),
        (Line(250_000, landlord, "退押金"), "与转移无关的款项"),
    ]


def _due(run: CaseRun) -> int:
    return parse_yuan(run.transfer["due"])


def _note(run: CaseRun) -> str:
    return f"{run.rlts_traf_id} {run.scenario.person.psn_name}"


def _write(world: World, days: AccountDays, form: Form, told: Sequence[Told], path: Path) -> DayFile:
    statement = days.tell([line for line, _ in told])
    path.write_bytes(write_statement(statement, form, made_at=world.clock.now(), admdvs=AGENCY).content)
    lines = tuple(DayLine(format_yuan(line.amount_fen), line.note, story) for line, story in told)
    return DayFile(path, days.account.bankacct, lines)
