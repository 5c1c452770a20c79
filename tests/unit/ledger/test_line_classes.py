"""What a line is about, by the order of the rules; and which rules are refused."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from ledger.domain.line_classes import Classifier, LineClass
from ledger.domain.reclassification import ClassedLine, LineNotReclassifiable, booking_day, require_reclassifiable
from ledger.domain.statement import Direction, Line
from ledger.domain.titles import AccountRole, HifAcctType
from ledger.parsers.line_rules import LineRuleDocument, shipped_rules
from ledger.use_cases.line_rows import line_kind

DAY = date(2026, 3, 2)
IN, OUT, TREASURY, AGENCY = "6201", "6202", "6203", "6301"
OWN = {IN: AccountRole.INCOME, OUT: AccountRole.EXPENDITURE, TREASURY: AccountRole.TREASURY}
TYPES = {AccountRole.INCOME: "1", AccountRole.EXPENDITURE: "2", AccountRole.TREASURY: "3"}
PREMIUM = {"name": "保费", "line_class": "other_business", "direction": "C", "note_words": ["居民医保费"]}
TAX = {"name": "税务划入", "line_class": "other_business", "counterparty_words": ["税务局"], "min_amount": "10.00"}
RULES = [LineRuleDocument.model_validate(rule).rule() for rule in (PREMIUM, TAX)]
SHIPPED = [document.rule() for document in shipped_rules()]


def classify(bankacct: str, line: Line, *, is_dedicated: bool = False, names_case: bool = False) -> str:
    role = OWN[bankacct]
    classifier = Classifier(bankacct, role, is_dedicated, [*RULES, *SHIPPED], OWN, {AGENCY})
    kind = line_kind(line, HifAcctType(TYPES[role]))
    return classifier.classify(line, kind, names_case=names_case).line_class.value


def line(fen: int, note: str = "", other: str | None = None, name: str | None = None, **changes: Any) -> Line:
    direction = Direction.CREDIT if fen > 0 else Direction.DEBIT
    shared = {"note": note or None, "counterparty_acct": other, "counterparty_name": name}
    return Line(1, 1, direction, abs(fen), DAY, DAY, **(shared | changes))


@pytest.mark.parametrize(
    ("account", "told", "expected"),
    [
        (IN, line(100, "款", AGENCY), "transfer_in"),
        (OUT, line(-100, "款", AGENCY), "transfer_out"),
        (OUT, line(100, "款", AGENCY), "return"),
        (IN, line(100, "居民医保费", AGENCY), "transfer_in"),
        (IN, line(-100, "", TREASURY), "sweep"),
        (TREASURY, line(100, "", IN), "sweep"),
        (TREASURY, line(-100, "", OUT), "treasury_allotment"),
        (OUT, line(100, "", TREASURY), "treasury_allotment"),
        (IN, line(100, "城乡居民医保费 3 月", "999", "某街道"), "other_business"),
        (IN, line(-100, "城乡居民医保费 3 月", "999", "某街道"), "unclassified"),
        (IN, line(1000, "", "999", "国家税务总局某市税务局"), "other_business"),
        (IN, line(999, "", "999", "国家税务总局某市税务局"), "unclassified"),
        (IN, line(5, "结 息"), "interest"),
        (IN, line(5, "结息", "999"), "unclassified"),
        (OUT, line(-50, "汇划费"), "fee"),
        (OUT, line(-200_000, "手续费"), "unclassified"),
        (IN, line(5, "利息", foreign_currency="USD"), "unclassified"),
        (IN, line(100, "医疗保险关系转移", "999", "某人"), "unclassified"),
    ],
)
def test_class_of_a_line(account: str, told: Line, expected: str) -> None:
    assert classify(account, told) == expected


def test_no_rule_hides_what_names_a_case() -> None:
    assert classify(IN, line(100, "居民医保费"), names_case=True) == "transfer_in"


def test_a_dedicated_account_has_no_other_business() -> None:
    assert classify(IN, line(100, "居民医保费"), is_dedicated=True) == "unclassified"
    assert classify(IN, line(100, "结息"), is_dedicated=True) == "interest"


@pytest.mark.parametrize(
    "changes",
    [
        {"note_words": []},
        {"line_class": "return"},
        {"line_class": "fee"},
        {"line_class": "guess"},
        {"note_words": ["费"]},
        {"surprise": 1},
        {"min_amount": "1.001"},
    ],
)
def test_refuses_rules_that_are_none(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        LineRuleDocument.model_validate(PREMIUM | changes)


def classed(**changes: Any) -> ClassedLine:
    values: dict[str, Any] = {"direction": Direction.CREDIT, "booked_on": DAY, "change_count": 0}
    values |= {"line_class": LineClass.UNCLASSIFIED}
    values |= {"id": 1, "is_claimed": False, "names_case": False, "left_suspense_on": None}
    return ClassedLine(**(values | changes))


@pytest.mark.parametrize(
    ("present", "to"),
    [
        (classed(is_claimed=True), LineClass.INTEREST),
        (classed(), LineClass.UNCLASSIFIED),
        (classed(names_case=True), LineClass.OTHER_BUSINESS),
        (classed(names_case=True), LineClass.FEE),
        (classed(names_case=True, direction=Direction.DEBIT), LineClass.OTHER_BUSINESS),
        (classed(), LineClass.TRANSFER_OUT),
        (classed(direction=Direction.DEBIT), LineClass.TRANSFER_IN),
    ],
)
def test_refuses_to_class_anew(present: ClassedLine, to: LineClass) -> None:
    with pytest.raises(LineNotReclassifiable):
        require_reclassifiable(present, to)


def test_what_the_bank_charges_for_a_payment_is_a_fee_though_it_names_the_case() -> None:
    require_reclassifiable(classed(names_case=True, direction=Direction.DEBIT), LineClass.FEE)


def test_what_comes_back_moves_on_the_day_it_left() -> None:
    today, left = date(2026, 3, 9), date(2026, 3, 5)
    assert booking_day(classed(), LineClass.INTEREST, today) == today
    back = classed(line_class=LineClass.INTEREST, left_suspense_on=left)
    assert booking_day(back, LineClass.UNCLASSIFIED, today) == left
