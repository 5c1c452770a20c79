"""The bench of rules decides what it says it decides, and shows each against its floor."""

from bench.rules import Rule, measure_rules, rule_figures
from bench.sheet_rules import check_sixty_rows, make_and_check_sixty_rows


def test_the_sheet_has_sixty_right_rows() -> None:
    sheet, findings = make_and_check_sixty_rows()
    assert (len(sheet.rows), findings) == (60, [])
    assert len(sheet.attachment.contributions) == 300
    assert check_sixty_rows() == []


def test_shows_each_rule_with_its_floor_and_an_aim_that_was_missed() -> None:
    rules = [Rule("甲", lambda: sum(range(1000)), aim, lambda: sum(range(100)), "乙") for aim in (1.0, 0.0)]
    found = measure_rules(rules)
    assert all(each.ratio > 1 for each in found)
    cells = list(rule_figures(found).columns[2].cells)
    assert [str(cell).endswith("未达到") for cell in cells] == [False, True]
