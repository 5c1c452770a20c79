"""What clerks are shown of a line that waits, by real statements: each candidate with what agrees and what differs."""

from typing import Any

from tests.integration.ledger.areas import BEIJING, BEIJING_IN, BEIJING_OUT, JINAN, JINAN_IN
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.by_hand import lines, propose
from tests.unit.ledger.files import Move, camt


async def candidates(bank: Bank, line: str, *, area: str = JINAN) -> list[dict[str, Any]]:
    """The candidates of a line, the likeliest first."""
    items: list[dict[str, Any]] = (await bank.get(f"/suspense/{line}/candidates", area=area))["items"]
    return items


def told(candidate: dict[str, Any], how: str) -> list[str]:
    """The criteria that agree, differ or are not told."""
    return [one["criterion"] for one in candidate[how]]


async def test_each_case_is_shown_with_what_speaks_for_it(bank: Bank) -> None:
    zhang, li, wang = bank.case(), bank.case(), bank.case()
    await bank.payable(zhang, 100, to="payee")
    await bank.payable(li, 100, to="payee", name="李四")
    await bank.payable(wang, 250, to="payee", name="王五")
    moves = [
        Move(100, "李四 转移", BEIJING_OUT),
        Move(100, "", BEIJING_IN, other_name="北京医保中心"),
        Move(99, f"{zhang} 张三", BEIJING_OUT),
        Move(100, "捐款", "66666666", other_name="某公司"),
    ]
    named, empty, short, strange = await lines(bank, camt(JINAN_IN, moves))
    # Same amount, same day, two people: the name in the note comes first, the other is there to compare.
    first, second = await candidates(bank, named)
    assert [one["shares"][0]["rlts_traf_id"] for one in (first, second)] == [li, zhang]
    assert told(first, "agrees") == ["amount", "name", "account", "agency", "date"]
    assert (told(first, "not_told"), told(second, "differs")) == (["case_number"], ["name"])
    # An empty note from another account of the payer: amount and agency agree, and nothing is decided by that.
    pair = await candidates(bank, empty)
    assert [told(one, "agrees") for one in pair] == [["amount", "agency", "date"]] * 2
    assert [told(one, "differs") for one in pair] == [["account"]] * 2
    [one] = await candidates(bank, short)
    assert (told(one, "differs"), one["differs"][0]["text"]) == (["amount"], "款项少 0.01 元（尚缺 1.00 元）")
    assert await candidates(bank, strange) == []
    assert (await bank.call("GET", f"/suspense/{named}/candidates", area=BEIJING)).status_code == 404
    assert await bank.reasons() == ["no_reference", "no_reference", "amount_differs", "no_reference"]
    assert await bank.count("claim") == 0


async def test_parts_of_one_case_and_one_payment_for_many_are_put_together(bank: Bank) -> None:
    cases = [bank.case() for _ in range(3)]
    for case, fen, name in zip(cases, (1000, 300, 400), ("张三", "李四", "王五"), strict=True):
        await bank.payable(case, fen, to="payee", name=name)
    moves = [
        Move(600, f"{cases[0]} 张三", BEIJING_OUT),
        Move(700, f"{cases[1]} {cases[2]}", BEIJING_OUT),
        Move(400, f"{cases[0]} 张三 余款", BEIJING_OUT),
        Move(150, f"办件 {cases[1][:7]} {cases[1][7:].lower()}", BEIJING_OUT),
    ]
    first, both, second, broken = await lines(bank, camt(JINAN_IN, moves))
    found = {one["kind"]: one for one in await candidates(bank, first)}
    assert [(share["line_id"], share["amount"]) for share in found["parts"]["shares"]] == [
        (first, "6.00"),
        (second, "4.00"),
    ]
    assert "amount" in told(found["parts"], "agrees")
    found = {one["kind"]: one for one in await candidates(bank, both)}
    shares = [(share["rlts_traf_id"], "1", share["amount"]) for share in found["many"]["shares"]]
    assert sorted(shares) == sorted([(cases[1], "1", "3.00"), (cases[2], "1", "4.00")])
    assert (await propose(bank, both, *shares)).status_code == 201
    # A number that the bank has broken is no reference, but a hint.
    [one] = await candidates(bank, broken)
    assert (one["shares"][0]["rlts_traf_id"], told(one, "differs")) == (cases[1], ["amount"])


async def test_one_debit_is_shown_as_the_batch_that_it_pays(bank: Bank) -> None:
    cases = [bank.case() for _ in range(2)]
    for case in cases:
        await bank.payable(case, 100, to="payer")
    await bank.release(*cases)
    content = camt(BEIJING_OUT, [Move(-200, "批量代付"), Move(-100, "", JINAN_IN)], opening=1000)
    whole, one = await lines(bank, content, area=BEIJING)
    [batch] = await candidates(bank, whole, area=BEIJING)
    assert (batch["kind"], len(batch["shares"])) == ("many", 2)
    single = await candidates(bank, one, area=BEIJING)
    assert {share["rlts_traf_id"] for each in single for share in each["shares"]} == set(cases)


async def test_a_debit_that_nobody_released_is_shown_with_its_order(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100, to="payer")
    [line] = await lines(bank, camt(BEIJING_OUT, [Move(-100, case, JINAN_IN)], opening=1000), area=BEIJING)
    [one] = await candidates(bank, line, area=BEIJING)
    assert (one["shares"][0]["rlts_traf_id"], told(one, "differs")) == (case, [])
