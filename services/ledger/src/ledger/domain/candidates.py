"""What a line that waits could be for: candidates with everything that agrees and differs, for people to judge.

Nothing here is ever carried out: a clerk makes a proposal of a candidate, and another person decides it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.domain.notes import WHOLE_NAME
from ledger.domain.suspense import LineKind
from shared.law import design
from shared.money import format_yuan

WINDOW_DAYS = 60
"""How far from the business a payment may be booked to count as near it."""

_MAX_TRIED = 16


class Criterion(StrEnum):
    """What is compared, the weightiest first."""

    CASE_NUMBER = "case_number"
    AMOUNT = "amount"
    NAME = "name"
    ACCOUNT = "account"
    AGENCY = "agency"
    DATE = "date"


_ON_PERSON_OR_SUM = (Criterion.CASE_NUMBER, Criterion.AMOUNT, Criterion.NAME)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Whether one thing agrees, in words; ``None`` where the line says nothing of it."""

    criterion: Criterion
    agrees: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A line as it is compared; ``left_fen`` is unclaimed. ``cases``: every check-valid case number that it names.

    ``names`` are runs of its note that may be names, ``agencies`` whose registered accounts or account names the
    other side's are.
    """

    id: int
    kind: LineKind
    left_fen: int
    booked_on: date
    other_acct: str | None
    cases: frozenset[str]
    names: frozenset[str]
    note: str
    agencies: frozenset[str]
    version: int


@dataclass(frozen=True, slots=True)
class Counterpart:
    """An obligation that money is still to come or go for, with the other side as it was sealed; fen."""

    obligation_id: int
    rlts_traf_id: str
    obligation_no: str
    psn_name: str
    match_name: str
    due_fen: int
    left_fen: int
    other_acct: str
    other_admdvs: str
    known_on: date


@dataclass(frozen=True, slots=True)
class Share:
    """So much (fen) of a line, as it stands at ``version``, for an obligation."""

    line_id: int
    version: int
    expected: Counterpart
    amount_fen: int


class CandidateKind(StrEnum):
    """One line for one obligation, several lines for one (paid in parts), one line for several."""

    SINGLE = "single"
    PARTS = "parts"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A whole answer."""

    kind: CandidateKind
    shares: tuple[Share, ...]
    evidence: tuple[Evidence, ...]

    @property
    def rank(self) -> tuple[int, int, list[bool]]:
        """Sorts the candidates: more that agrees, less that differs, and the weightiest first."""
        agreeing = [one.agrees is True for one in self.evidence]
        differing = sum(one.agrees is False for one in self.evidence)
        return -sum(agreeing), differing, [not agrees for agrees in agreeing]


@design("candidates are shown with what agrees and what differs, never carried out by themselves")
def single(line: WaitingLine, expected: Counterpart) -> Candidate | None:
    """The line for the obligation, as much as fits; ``None`` where too little speaks for it."""
    evidence = evidence_of(line, expected)
    agreeing = {one.criterion for one in evidence if one.agrees}
    if agreeing.isdisjoint(_ON_PERSON_OR_SUM) or len(agreeing - {Criterion.DATE}) < 2:
        return None
    share = Share(line.id, line.version, expected, min(line.left_fen, expected.left_fen))
    return Candidate(CandidateKind.SINGLE, (share,), evidence)


def parts(line: WaitingLine, others: Sequence[WaitingLine], expected: Counterpart) -> Candidate | None:
    """The line together with some of ``others`` that name the same case or person, where they make up what is due."""
    if line.left_fen >= expected.left_fen:
        return None
    near = [other for other in others if expected.rlts_traf_id in other.cases or expected.match_name in other.names]
    chosen = adding_up(expected.left_fen - line.left_fen, [other.left_fen for other in near])
    if not chosen:
        return None
    lines = [line, *(near[index] for index in chosen)]
    total = f"{len(lines)} 笔款项合计与应收（付）金额 {format_yuan(expected.left_fen)} 元一致"
    shares = tuple(Share(each.id, each.version, expected, each.left_fen) for each in lines)
    return Candidate(CandidateKind.PARTS, shares, _together([(each, expected) for each in lines], total))


def many(line: WaitingLine, named: Sequence[Counterpart]) -> Candidate | None:
    """The line for several of the obligations that its note names, where they add up to it."""
    chosen = adding_up(line.left_fen, [expected.left_fen for expected in named])
    if not chosen or len(chosen) < 2:
        return None
    taken = [named[index] for index in chosen]
    total = f"{len(taken)} 笔业务合计与款项金额 {format_yuan(line.left_fen)} 元一致"
    shares = tuple(Share(line.id, line.version, expected, expected.left_fen) for expected in taken)
    return Candidate(CandidateKind.MANY, shares, _together([(line, expected) for expected in taken], total))


def evidence_of(line: WaitingLine, expected: Counterpart) -> tuple[Evidence, ...]:
    """Everything that is compared, in the order of ``Criterion``."""
    return (
        _case_number(line, expected),
        _amount(line, expected),
        _name(line, expected),
        _account(line, expected),
        _agency(line, expected),
        _date(line, expected),
    )


def adding_up(target: int, amounts: Sequence[int]) -> list[int] | None:
    """Which of ``amounts`` add up to ``target``, all of them first; among more than sixteen only the first are tried.

    Bounded: at most 2^16 sums.
    """
    if target <= 0:
        return None
    if amounts and sum(amounts) == target:
        return list(range(len(amounts)))
    sums: dict[int, tuple[int, ...]] = {0: ()}
    for index, amount in enumerate(amounts[:_MAX_TRIED]):
        for total, chosen in list(sums.items()):
            if total + amount <= target:
                sums.setdefault(total + amount, (*chosen, index))
    found = sums.get(target)
    return list(found) if found else None


def _together(pairs: Iterable[tuple[WaitingLine, Counterpart]], total: str) -> tuple[Evidence, ...]:
    """The evidence of a whole: what one pair differs in differs, and the amounts add up."""
    columns = zip(*(evidence_of(line, expected) for line, expected in pairs), strict=True)
    merged = []
    for column in columns:
        worst = next((one for one in column if one.agrees is False), None)
        worst = worst or next((one for one in column if one.agrees is None), column[0])
        is_sum = worst.criterion is Criterion.AMOUNT
        merged.append(Evidence(Criterion.AMOUNT, agrees=True, text=total) if is_sum else worst)
    return tuple(merged)


def _case_number(line: WaitingLine, expected: Counterpart) -> Evidence:
    if expected.rlts_traf_id in line.cases:
        return Evidence(Criterion.CASE_NUMBER, agrees=True, text="附言或支付编号写有本办件编号")
    if line.cases:
        return Evidence(Criterion.CASE_NUMBER, agrees=False, text="附言或支付编号写的是其他办件编号")
    return Evidence(Criterion.CASE_NUMBER, agrees=None, text="附言中没有有效的办件编号")


def _amount(line: WaitingLine, expected: Counterpart) -> Evidence:
    difference = line.left_fen - expected.left_fen
    if difference == 0:
        return Evidence(Criterion.AMOUNT, agrees=True, text=f"金额一致：{format_yuan(line.left_fen)} 元")
    text = f"款项{'多' if difference > 0 else '少'} {format_yuan(abs(difference))} 元"
    return Evidence(Criterion.AMOUNT, agrees=False, text=f"{text}（尚缺 {format_yuan(expected.left_fen)} 元）")


def _name(line: WaitingLine, expected: Counterpart) -> Evidence:
    own = expected.match_name
    if own and any(own in run and run != own and re.search(WHOLE_NAME, run) for run in line.names):
        return Evidence(Criterion.NAME, agrees=False, text="附言中的姓名不只是参保人员姓名")
    if own and own in line.note:
        return Evidence(Criterion.NAME, agrees=True, text="附言中有参保人员姓名")
    if line.names:
        return Evidence(Criterion.NAME, agrees=False, text="附言中的文字不是参保人员姓名")
    return Evidence(Criterion.NAME, agrees=None, text="附言中没有姓名")


def _account(line: WaitingLine, expected: Counterpart) -> Evidence:
    if line.other_acct is None:
        return Evidence(Criterion.ACCOUNT, agrees=None, text="银行没有给出对方账号")
    if line.other_acct == expected.other_acct:
        return Evidence(Criterion.ACCOUNT, agrees=True, text="对方账户与封签时登记的账户一致")
    return Evidence(Criterion.ACCOUNT, agrees=False, text="对方账户不是封签时登记的账户")


def _agency(line: WaitingLine, expected: Counterpart) -> Evidence:
    if expected.other_admdvs in line.agencies:
        return Evidence(Criterion.AGENCY, agrees=True, text="对方账号或户名登记在对方经办机构名下")
    if line.agencies:
        return Evidence(Criterion.AGENCY, agrees=False, text="对方账号或户名登记在其他经办机构名下")
    return Evidence(Criterion.AGENCY, agrees=None, text="登记册中没有对方账号和户名")


def _date(line: WaitingLine, expected: Counterpart) -> Evidence:
    days = (line.booked_on - expected.known_on).days
    text = f"记账日与业务日期相距 {abs(days)} 天"
    return Evidence(Criterion.DATE, agrees=abs(days) <= WINDOW_DAYS, text=text)
