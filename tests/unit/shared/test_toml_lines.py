"""Lines of values in a TOML text."""

from shared.toml_lines import line_at, lines_of

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
