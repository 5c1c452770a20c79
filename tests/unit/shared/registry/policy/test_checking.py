"""A region's file is taken as a whole or refused as a whole, with everything that is wrong with it."""

import pytest

from shared.registry.policy.checking import PolicyRefused, check_content, check_text
from shared.registry.policy.region_file import PolicyFileUnreadable
from tests.unit.shared.registry.policy.shipped import SHIPPED, TEXTS, registry_with

QINGDAO = """region = "370200"
name = "青岛市"
inherits = "370000"

[[versions]]
valid_from = 2026-01-01
sources = ["青医保发〔2025〕1号"]

[versions.deadlines.within_province]
articles = ["第三条"]
outbound_days = 5
total_days = 8

[[versions]]
valid_from = 2027-01-01
sources = ["青医保发〔2026〕1号"]
account.moves_balance = false

[versions.readings]
gap-count = "from-suspension"
"""
WITHIN, ACROSS = "versions[0].deadlines.within_province", "versions[0].deadlines.across_provinces"


def refused(text: str, region: str = "370200") -> list[str]:
    registry = registry_with(*(file for file in SHIPPED if file.region != region))
    with pytest.raises(PolicyRefused) as error:
        check_text(text, registry.policies, registry.parents)
    assert [fault.message for fault in error.value.errors] == [str(fault) for fault in error.value.faults]
    return [str(fault) for fault in error.value.faults]


def test_takes_what_a_city_sets() -> None:
    registry = registry_with(*SHIPPED)
    file = check_text(QINGDAO, registry.policies, registry.parents)
    assert [str(version.valid_from) for version in file.versions] == ["2026-01-01", "2027-01-01"]


@pytest.mark.parametrize("region", TEXTS)
def test_takes_what_ships_again(region: str) -> None:
    registry = registry_with(*SHIPPED)
    assert check_text(TEXTS[region], registry.policies, registry.parents).region == region


def test_knows_the_warnings_that_may_stop_a_sheet() -> None:
    section = '[versions.sheet]\nblocking_warnings = ["W03", "E01", "W99"]\n'
    place = "versions[1].sheet.blocking_warnings"
    assert refused(f"{QINGDAO}{section}") == [
        f"第22行 {place}.1：没有这样的提示代码：E01",
        f"第22行 {place}.2：没有这样的提示代码：W99",
    ]


@pytest.mark.law("N10", "N8", "S54-9")
@pytest.mark.parametrize(
    ("before", "after", "faults"),
    [
        (
            "outbound_days = 5",
            "outbound_days = 7",
            [f"第11行 {WITHIN}.outbound_days：时限为7个工作日，不得长于上级规定的6个工作日（N10、S54-9）"],
        ),
        (
            "total_days = 8",
            "total_days = 10",
            [f"第12行 {WITHIN}.total_days：时限为10个工作日，不得长于上级规定的9个工作日（N10、S54-9）"],
        ),
        (
            "outbound_days = 5\n",
            "outbound_days = 5\n[versions.deadlines.across_provinces]\noutbound_days = 11\n",
            [f"第13行 {ACROSS}.outbound_days：时限为11个工作日，不得长于上级规定的10个工作日（N10、N8）"],
        ),
        (
            "outbound_days = 5",
            'outbound_days = "五"',
            [f"第11行 {WITHIN}.outbound_days：应为整数"],
        ),
        (
            "outbound_days = 5",
            "outbound_days = true",
            [f"第11行 {WITHIN}.outbound_days：应为整数"],
        ),
        (
            "outbound_days = 5",
            "outbund_days = 5",
            [f"第11行 {WITHIN}.outbund_days：不认识的字段"],
        ),
        ('articles = ["第三条"]', "articles = 3", [f"第10行 {WITHIN}.articles：应为条款"]),
        ("versions.readings", "versions.reading", ["第19行 versions[1].reading：不认识的字段"]),
        ("gap-count", "gap-counts", ["第20行 versions[1].readings.gap-counts：没有名为 gap-counts 的释义"]),
        (
            "from-suspension",
            "never",
            ["第20行 versions[1].readings.gap-count：取值应为 unpaid-months、from-suspension 之一"],
        ),
        (
            'gap-count = "from-suspension"',
            'relation-ends-on = "money-credited"',
            ["第20行 versions[1].readings.relation-ends-on：没有名为 relation-ends-on 的释义"],
        ),
        ("account.moves_balance = false", "account = 3", ["第17行 versions[1].account：应为对象"]),
        (
            "moves_balance = false",
            "moves_balance = 0",
            ["第17行 versions[1].account.moves_balance：应为 true 或 false"],
        ),
        ('sources = ["青医保发〔2025〕1号"]\n', "", ["第5行 versions[0].sources：缺少必填项"]),
        (
            "valid_from = 2027-01-01",
            "valid_from = 2026-01-01",
            ["第15行 versions[1].valid_from：有两个版本都自2026-01-01起施行"],
        ),
        (
            "valid_from = 2027-01-01",
            "valid_from = 2025-01-01",
            ["第15行 versions[1].valid_from：各版本须按施行日期先后排列"],
        ),
        ("valid_from = 2027-01-01", "valid_from = 2027", ["第15行 versions[1].valid_from：应为日期（YYYY-MM-DD）"]),
        ('region = "370200"', 'region = "379900"', ["第1行 region：登记库中没有地区 379900"]),
        ('inherits = "370000"', 'inherits = "510000"', ["第3行 inherits：应继承所在省或国家：000000、370000"]),
        ('inherits = "370000"\n', "", ["第1行 region：除国家（000000）外，每个地区都须写明 inherits"]),
        ('inherits = "370000"', 'inherits = "370200"', ["第3行 inherits：地区不能继承自身"]),
        ('name = "青岛市"', 'nmae = "青岛市"', ["第1行 name：缺少必填项", "第2行 nmae：不认识的字段"]),
    ],
)
def test_refuses_the_whole_file_with_line_field_reason_and_article(before: str, after: str, faults: list[str]) -> None:
    assert before in QINGDAO
    found = refused(QINGDAO.replace(before, after, 1))
    assert len(found) == len(faults)
    assert all(expected in fault for fault, expected in zip(found, faults, strict=True))


@pytest.mark.law("N11-1", "N11-2", "N12", "N15")
@pytest.mark.parametrize(
    ("table", "value", "article"),
    [
        ("benefits.long_gap_within_province", "waiting_months = 7", "N11"),
        ("benefits.residents.late", "waiting_months = 7", "N11"),
        ("benefits.short_gap", "waiting_months = 1", "N11-1"),
        ("benefits.short_gap", 'first_month = "month_after_payment"', "N11-1"),
        ("benefits.short_gap", "is_gap_reimbursed = false", "N11-1"),
        ("benefits.switch_short_gap", "waiting_months = 3", "N11-2"),
        ("benefits.switch_short_gap", 'first_month = "month_after_payment"', "N11-2"),
        ("benefits.switch_short_gap", "is_gap_reimbursed = false", "N11-2"),
        ("benefits", "short_gap_months = 2", "N11"),
        ("benefits", "continuous_months = 25", "N11-2"),
        ("years", "needs_local_pension = true", "N12"),
    ],
)
def test_refuses_what_n_leaves_no_room_for(table: str, value: str, article: str) -> None:
    """With the line of the value itself, wherever the tables around it begin."""
    before = "\n[versions.benefits.interrupted]\nshort_months = 2\n"
    (fault,) = refused(QINGDAO + before + f"\n[versions.{table}]\n{value}\n")
    assert fault.startswith(f"第26行 versions[1].{table}.{value.split()[0]}：")
    assert fault.endswith(f"（{article}）")


def test_a_reason_that_says_nothing_is_none() -> None:
    table = '[versions.benefits.long_gap_within_province]\nwaiting_months = 7\nbeyond_principle = "  "\n'
    place = "versions[1].benefits.long_gap_within_province.beyond_principle"
    assert refused(QINGDAO + table) == [f"第23行 {place}：长度不能少于 1 个字符"]


SICHUAN = """region = "510000"
name = "四川省"
inherits = "000000"
[[versions]]
valid_from = 2026-01-01
sources = ["某通知"]
"""


@pytest.mark.parametrize(
    ("tables", "faults"),
    [
        (
            "[versions.benefits.long_gap_within_province]\nwaiting_months = 3\n",
            ["long_gap_within_province.first_month"],
        ),
        (
            '[versions.benefits.residents.late]\nfirst_month = "month_of_payment"\n',
            ["residents.window_first_month", "residents.window_last_month"],
        ),
        (
            "[versions.benefits.residents]\nwindow_first_month = 9\n",
            ["residents.window_last_month", "residents.late.first_month"],
        ),
        ("[versions.benefits.residents.newborns]\nfrom_birth_months = 6\n", ["residents.late.first_month"]),
        ("[versions.benefits.interrupted]\nshort_months = 3\n", ["interrupted.flexible_long.first_month"]),
        (
            '[versions.benefits.interrupted.flexible_long]\nfirst_month = "month_of_payment"\n',
            ["interrupted.short_months"],
        ),
    ],
)
def test_a_rule_of_which_a_part_is_missing_is_not_guessed(tables: str, faults: list[str]) -> None:
    found = refused(SICHUAN + tables, "510000")
    assert [fault.split("：")[0] for fault in found] == [f"第7行 versions[0].benefits.{fault}" for fault in faults]
    assert all("缺少必填项" in fault for fault in found)


def test_months_of_newborns_run_forwards() -> None:
    table = "[versions.benefits.residents.newborns]\nfrom_birth_months = 12\n"
    place = "versions[1].benefits.residents.newborns.late_months"
    assert refused(QINGDAO + table) == [f"第21行 {place}：应大于 12（from_birth_months）"]


def test_a_policy_that_no_text_holds_has_no_lines() -> None:
    with pytest.raises(PolicyRefused) as error:
        check_content({"region": "370200"}, registry_with(*SHIPPED).policies, None)
    assert [str(fault) for fault in error.value.faults] == ["name：缺少必填项", "versions：缺少必填项"]


def test_says_everything_that_is_wrong_at_once() -> None:
    text = QINGDAO.replace("outbound_days = 5", "outbound_days = 7").replace("total_days = 8", "total_days = 12")
    assert [fault.split("行")[0] for fault in refused(text)] == ["第11", "第12"]


def test_refuses_a_city_whose_province_is_not_loaded() -> None:
    text = QINGDAO.replace("370200", "510100").replace("370000", "510000")
    assert refused(text) == ["第3行 inherits：须先载入 510000 的政策"]


@pytest.mark.law("N8", "N9-1")
def test_the_nation_itself_is_not_slower_than_the_measure_and_leaves_nothing_out() -> None:
    slower = TEXTS["000000"].replace("outbound_days = 10", "outbound_days = 12", 1)
    assert refused(slower, "000000")[0].endswith("不得长于上级规定的10个工作日（N10、N8）")
    incomplete = TEXTS["000000"].replace("facts_max_age_hours = 24\n", "")
    assert "eligibility.facts_max_age_hours：缺少必填项" in refused(incomplete, "000000")[0]


def test_refuses_a_province_that_would_put_a_city_in_the_wrong() -> None:
    registry = registry_with(*SHIPPED)
    with_qingdao = registry.policies.with_file(check_text(QINGDAO, registry.policies, registry.parents))
    faster = TEXTS["370000"].replace("total_days = 9", "total_days = 7")
    with pytest.raises(PolicyRefused) as error:
        check_text(faster, with_qingdao, registry.parents)
    (fault,) = error.value.faults
    line = faster.splitlines().index("total_days = 7") + 1
    place = "versions[1].deadlines.within_province.total_days"
    assert str(fault).startswith(f"第{line}行 {place}：青岛市（370200）自2026-01-01起：时限为8个工作日")


@pytest.mark.parametrize("text", ["region = ", "a = 1\na = 2", "x" * 300_000])
def test_refuses_what_is_no_toml(text: str) -> None:
    with pytest.raises(PolicyFileUnreadable, match="现行政策不变"):
        check_text(text, registry_with(*SHIPPED).policies, None)


@pytest.mark.law("N11-1")
def test_a_city_that_waits_longer_than_its_province_says_why_itself() -> None:
    wait = '\n[versions.benefits.long_gap_across_provinces]\nfirst_month = "month_of_payment"\nwaiting_months = '
    reason = 'beyond_principle = "某理由"\n'
    registry = registry_with(*SHIPPED)
    province = check_text(f"{TEXTS['370000']}{wait}8\n{reason}", registry.policies, registry.parents)
    book = registry.policies.with_file(province)
    with pytest.raises(PolicyRefused) as error:
        check_text(f"{QINGDAO}{wait}9\n", book, registry.parents)
    (fault,) = error.value.faults
    assert str(fault).startswith("第24行")
    assert fault.article == "N11"
    assert check_text(f"{QINGDAO}{wait}7\n", book, registry.parents).region == "370200"
    assert check_text(f"{QINGDAO}{wait}9\n{reason}", book, registry.parents).region == "370200"
