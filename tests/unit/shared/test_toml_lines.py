"""Lines of values in a TOML text, and what is none."""

import pytest

from shared.toml_lines import line_at, lines_of
from shared.toml_text import TomlWrong, read_tables

TEXT = """# 注释
top = 1
[table]
a.b = 2
list = [
  "x", # [not.a.header]
  "y",
]
long = \"\"\"
[no.header]
\"\"\"

[[rows]]
x = 1
[rows.inner]
y = { z = 3 }
[[rows]]
x = 2
[[rows.deep]]
w = 1
"""


def test_finds_the_line_of_every_value() -> None:
    assert lines_of(TEXT) == {
        ("top",): 2,
        ("table",): 3,
        ("table", "a"): 4,
        ("table", "a", "b"): 4,
        ("table", "list"): 5,
        ("table", "long"): 9,
        ("rows", 0): 13,
        ("rows", 0, "x"): 14,
        ("rows", 0, "inner"): 15,
        ("rows", 0, "inner", "y"): 16,
        ("rows", 0, "inner", "y", "z"): 16,
        ("rows", 1): 17,
        ("rows", 1, "x"): 18,
        ("rows", 1, "deep", 0): 19,
        ("rows", 1, "deep", 0, "w"): 20,
    }


def test_what_is_missing_has_the_line_of_what_it_would_stand_in() -> None:
    lines = lines_of(TEXT)
    assert line_at(lines, ("rows", 1, "deep", 0, "missing")) == 19
    assert line_at(lines, ("nothing",)) is None


def test_counts_lines_as_toml_does() -> None:
    for text in ("\ufeff# 一\u2028二\x85\na = 1\nb = 2\n", "# 一\r\na = 1\r\nb = 2\r\n"):
        assert lines_of(text) == {("a",): 2, ("b",): 3}


def test_what_nobody_wrote_by_hand_is_not_searched_for_ever() -> None:
    long = "a = [\n" + "1,\n" * 300 + "]\nb = 2\n"
    assert read_tables(long)["b"] == 2
    assert lines_of(f"z = 1\n{long}") == {("z",): 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 青岛", "第1行第5列：不是正确的 TOML：值的写法不正确"),
        ("a = 1\na = 2", "第2行（文件末尾）：不是正确的 TOML：同一项写了两次"),
        ("[a]\n[a]\nx = 1", "第2行第3列：不是正确的 TOML：同一张表写了两次"),
        ("x", "第1行（文件末尾）：不是正确的 TOML：项的名称后面"),
        ('x = "a\n', "第1行第7列：不是正确的 TOML：含有不允许的字符"),
        ("x = 2026-13-01", "第1行第9列：不是正确的 TOML：值的写法不正确"),
        ("x = 'a", "第1行（文件末尾）：不是正确的 TOML：文字的引号没有结束"),
        ("x = " + "[" * 5000, "嵌套过深"),
        (".".join("a" * 500) + " = 1", "嵌套过深"),
        ("x = " + "9" * 5000, "含有过长的数字"),
        ("#" * 300_000, "文件不能超过256KB"),
    ],
)
def test_says_where_and_why_a_text_is_no_toml(text: str, said: str) -> None:
    with pytest.raises(TomlWrong) as wrong:
        read_tables(text)
    assert said in str(wrong.value)
