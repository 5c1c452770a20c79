"""Files that operators load: refused whole, in Chinese, with line, field and reason."""

from pathlib import Path

import pytest

from platform_gateway.calendar_tool import read_years
from platform_gateway.keeper_tool import FileUnreadable, read_text
from shared.calendar import statutory_days
from shared.registry.calendar_year import CalendarRefused

DAYS = sorted(statutory_days(2028))
HOLIDAYS = "\n".join(f"  {day}," for day in DAYS)
YEAR = f"[2028]\nholidays = [\n{HOLIDAYS}\n]\nworkdays = [2028-01-08] # 调休上班\n"
LAST = len(DAYS) + 4


def test_takes_a_whole_year_written_in_any_editor() -> None:
    for text in (YEAR, "\ufeff" + YEAR, YEAR.replace("\n", "\r\n")):
        [year] = read_years(text)
        assert (year.year, year.holidays, len(year.workdays)) == (2028, tuple(DAYS), 1)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (f"  {DAYS[1]},\n", "", f"第2行 2028.holidays：缺少法定节日{DAYS[1]}"),
        (f"  {DAYS[1]},", f"  2027-{DAYS[1]:%m-%d},", f"第2行 2028.holidays.1：2027-{DAYS[1]:%m-%d}不在2028年"),
        ("2028-01-08]", "2028-01-08, 2028-01-08]", f"第{LAST}行 2028.workdays.0：2028-01-08重复"),
        ("2028-01-08]", "2028-01-06]", f"第{LAST}行 2028.workdays.0：2028-01-06本来就是工作日，不是调休上班日"),
        ("2028-01-08]", "2028-01-01]", f"第{LAST}行 2028.workdays.0：2028-01-01同时列为放假"),
        ("2028-01-08]", '"元旦"]', f"第{LAST}行 2028.workdays.0：应为真实存在的日期（YYYY-MM-DD）"),
        ("workdays", "workday", f"第{LAST}行 2028.workday：不认识的字段"),
        ("[2028]", "[next]", "第1行 next：“next”不是年份"),
        (YEAR, "", "第1行：文件里没有任何一年的安排，应有 [2027] 这样的表"),
        (YEAR, "2028 = 3\n", "第1行 2028：应为对象"),
        ("]\nworkdays", "]\nworkdays = 1\nworkdays", f"第{LAST + 1}行第24列：不是正确的 TOML：同一项写了两次"),
    ],
)
def test_refuses_a_calendar_file_with_its_line(before: str, after: str, said: str) -> None:
    assert before in YEAR
    with pytest.raises(CalendarRefused) as refused:
        read_years(YEAR.replace(before, after, 1))
    assert said in [error.message for error in refused.value.errors]


def test_one_wrong_year_keeps_the_other_out() -> None:
    with pytest.raises(CalendarRefused):
        read_years(YEAR + "[2029]\nholidays = []\n")


def test_says_why_a_file_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "370200.toml"
    with pytest.raises(FileUnreadable, match="没有这个文件"):
        read_text(file)
    with pytest.raises(FileUnreadable, match="不能读取"):
        read_text(tmp_path)
    file.write_bytes('region = "370200"\nname = "青岛"\n'.encode("gbk"))
    with pytest.raises(FileUnreadable, match="第2行：不是 UTF-8"):
        read_text(file)
    file.write_text(YEAR, encoding="utf-8-sig")
    assert read_text(file) == YEAR
