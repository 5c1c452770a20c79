"""What a corrected version changed: row, box, before, after."""

import pytest

from shared.sheet_rules import changes_by_version, sheet_changes
from tests.unit.shared.sheet_rules.notation import info_sheet

FIRST, SECOND, THIRD = "202001-202012 1 12 JN", "202103-202104 1 2 JN", "202201-202212 2 12 JN"
CASES = [
    ("nothing", ("", ""), ("", ""), []),
    ("months", (FIRST, ""), ("202001-202011 1 11 JN", ""), ["1.accrym_end 202012>202011", "1.months 12>11"]),
    ("type", (f"{FIRST}; {SECOND}", ""), (f"{FIRST}; 202103-202104 2 2 JN", ""), ["2.row_type 1>2"]),
    ("memo", (FIRST, ""), (f"{FIRST} #补缴", ""), ["1.memo None>补缴"]),
    (
        "a row put in moves the others without changing them",
        (f"{FIRST}; {THIRD}", ""),
        (f"{FIRST}; {SECOND}; {THIRD}", ""),
        ["2.row None>202103至202104 类型1 2个月 济南市医疗保险事业中心 370100"],
    ),
    (
        "a row taken out",
        (f"{FIRST}; {SECOND}; {THIRD}", ""),
        (f"{SECOND}; {THIRD}", ""),
        ["1.row 202001至202012 类型1 12个月 济南市医疗保险事业中心 370100>None"],
    ),
    ("gender", ("", ""), ("", "head.gend=9"), ["gend 1>9"]),
    (
        "amount",
        ("", ""),
        ("", "foot.acctfund_traf_amt=0.30; foot.acctfund_traf_amt_cn=叁角整"),
        ["acctfund_traf_amt_cn 壹仟贰佰叁拾肆元伍角陆分>叁角整", "acctfund_traf_amt 1234.56>0.30"],
    ),
    ("account", ("", ""), ("", "has_account=false"), ["has_account 是>否"]),
    ("birthday", ("", ""), ("", "attachment.brdy=1949-12-31"), ["attachment.brdy None>1949-12-31"]),
    (
        "a payment corrected",
        ("", "paid=310 202001-202012"),
        ("", "paid=310 202001-202011"),
        ["attachment.contributions.1.cashym 202012>202011", "attachment.contributions.1.accrym_end 202012>202011"],
    ),
    (
        "a relation",
        ("", "relation.has_arrears=true"),
        ("", "relation.has_arrears=false"),
        ["attachment.relations.R1.has_arrears 是>否"],
    ),
    (
        "the balance",
        ("", "account.balc=1.00"),
        ("", "account.balc=2.00; account.opening_balc=2.00"),
        ["attachment.account.balc 1.00>2.00", "attachment.account.opening_balc None>2.00"],
    ),
    ("an account that was forgotten", ("", ""), ("", "account.balc=2.00"), ["attachment.account.balc None>2.00"]),
]


@pytest.mark.parametrize(("before", "after", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_names_every_box_that_differs(before: tuple[str, str], after: tuple[str, str], expected: list[str]) -> None:
    found = sheet_changes(info_sheet(*before), info_sheet(*after))
    shown = [f"{'' if each.row is None else f'{each.row}.'}{each.box} {each.before}>{each.after}" for each in found]
    assert shown == expected


def test_a_payment_that_came_and_one_that_went() -> None:
    before, after = info_sheet(otherwise="paid=310 202001-202012"), info_sheet(otherwise="paid=")
    [gone] = sheet_changes(before, after)
    assert (gone.box, gone.after) == ("attachment.contributions.1", None)
    assert "accrym_begn=202001" in str(gone.before)
    [come] = sheet_changes(after, before)
    assert (come.before, come.after) == (None, gone.before)


def test_each_version_says_what_it_changed_against_the_one_before() -> None:
    sheets = [info_sheet(otherwise=f"head.gend={gend}").model_copy(update={"version": version}) for version, gend in
              ((4, "9"), (1, "1"), (2, "2"))]  # fmt: skip
    changes = changes_by_version(sheets)
    assert {version: [(each.before, each.after) for each in found] for version, found in changes.items()} == {
        1: [],
        2: [("1", "2")],
        4: [("2", "9")],
    }
