"""A table with anything wrong in it is refused whole, with line and column."""

import pytest

from tests.case_tables import TableWrong, like, parse_cases, words_of

COLUMNS = ("case", "facts", "articles")
HEAD = "# what it is\n\ncase | facts | articles\n"


def test_reads_each_line_as_a_case() -> None:
    text = HEAD + "one | 1 | N5; S54-3\n# between\ntwo | | design\n"
    assert parse_cases("t", text, COLUMNS) == [
        {"case": "one", "facts": "1", "articles": "N5; S54-3"},
        {"case": "two", "facts": "", "articles": "design"},
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "t: the first line must name"),
        ("case | articles\n", "t: the first line must name"),
        (HEAD, "t:1: no case"),
        (HEAD + "one | 1\n", "t:4: 2 cells"),
        (HEAD + "one | 1 | N5 | more\n", "t:4: 4 cells"),
        (HEAD + " | 1 | N5\n", "t:4: case: empty"),
        (HEAD + "one | 1 | N5\n\none | 2 | N5\n", "t:6: case: “one” stands in line 4"),
        (HEAD + "one | 1 | N18\n", "t:4: articles: “N18”"),
        (HEAD + "one | 1 |\n", "t:4: articles: “”"),
    ],
)
def test_refuses_a_wrong_table_with_its_line(text: str, problem: str) -> None:
    with pytest.raises(TableWrong) as refused:
        parse_cases("t", text, COLUMNS)
    assert any(each.startswith(problem) for each in refused.value.problems)


def test_names_every_problem_at_once() -> None:
    with pytest.raises(TableWrong) as refused:
        parse_cases("t", HEAD + "one | 1 | N18\ntwo\n", COLUMNS)
    assert len(refused.value.problems) == 2


def test_what_a_column_cannot_read_is_refused_with_line_and_column() -> None:
    text = HEAD + "one | 1 | N5\ntwo | x | N5\nthree | 2; 5 | N5\n"
    checks = {"facts": words_of("123"), "case": like("[a-z]+")}
    with pytest.raises(TableWrong) as refused:
        parse_cases("t", text, COLUMNS, checks)
    assert refused.value.problems == ("t:5: facts: nobody knows “x”", "t:6: facts: nobody knows “5”")
    with pytest.raises(TableWrong, match="t:4: facts: invalid literal"):
        parse_cases("t", HEAD + "one | I | N5\n", COLUMNS, {"facts": int})
