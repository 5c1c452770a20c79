"""docs/law.md says of every article what is done, where and what proves it, and finds what is missing."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from stack.law.catalogue import WHOLE, Article, missing_articles, read_articles
from stack.law.designs import Design, design_problems
from stack.law.marks import ProofMark, RuleMark, proof_marks, rule_marks
from stack.law.page import problems, render, trace, unclear
from stack.law.tables import table_proofs
from stack.paths import REPOSITORY

_RULE = """
from shared.law import design, law

@law("N9", "S54-3")
@design("what the texts leave open")
def rule(): ...

def no_rule(): ...

@law("J2")
class Table: ...
"""
_TEST = """
import pytest

pytestmark = pytest.mark.law("N9")

@pytest.mark.law("N11-1")
def test_one(): ...

@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.law("J2"))])
def test_two(x): ...

@pytest.mark.faults
def test_three(): ...
"""


def _article(citation: str, *, does: str | None = "办理这件事情", because: str | None = None) -> Article:
    return Article(citation=citation, asks="要求办理这件事", does=does, nothing_because=because)


def test_reads_marks_of_rules_and_tests_without_running_them(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "src" / "rules.py").write_text(_RULE, encoding="utf-8")
    (tmp_path / "tests" / "test_rules.py").write_text(_TEST, encoding="utf-8")
    assert rule_marks(tmp_path, [tmp_path / "src"]) == [
        RuleMark("src/rules.py", "Table", ("J2",), ()),
        RuleMark("src/rules.py", "rule", ("N9", "S54-3"), ("what the texts leave open",)),
    ]
    assert [mark.articles for mark in proof_marks(tmp_path, tmp_path / "tests")] == [("J2",), ("N11-1",), ("N9",)]


_TABLE = """# tables say what they are about

case | facts | articles
one  | 1     | N9; S54-3
two  | 2     | design
# parts
three | 3    | N9-2
"""


def test_each_line_of_a_table_proves_what_it_cites(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "cases.txt").write_text(_TABLE, encoding="utf-8")
    (tmp_path / "tables" / "without.txt").write_text("case | facts\none | 1\n", encoding="utf-8")
    lines = table_proofs(tmp_path, tmp_path / "tables")
    assert [mark.articles for mark in lines] == [("N9", "S54-3"), ("N9-2",)]
    rules = [RuleMark("a.py", "f", ("N9-1", "N9-2"), ())]
    traced = trace([_article("N9-1"), _article("N9-2")], rules, [], lines)
    assert ([each.problem for each in traced], [len(each.tables) for each in traced]) == ([None, None], [1, 2])
    assert "`tables/cases.txt`（2）" in render(traced, {})


def test_a_mark_of_an_article_names_the_clause() -> None:
    articles = [_article("N9-1"), _article("N9-2"), _article("N8")]
    rule, test = RuleMark("a.py", "f", ("N9", "N8"), ()), ProofMark("t.py", ("N9",))
    assert trace(articles, [rule], [test])[0].problem is not None
    assert list(unclear(articles, [rule], [test])) == [
        "a.py f: 引用了 N9，应写明是哪一款",
        "t.py: 引用了 N9，应写明是哪一款",
    ]


@pytest.mark.parametrize(
    ("rules", "tests", "said"),
    [
        ((), (), "没有代码"),
        ((RuleMark("a.py", "f", ("N8",), ()),), (), "没有测试"),
    ],
)
def test_names_what_is_missing(rules: tuple[RuleMark, ...], tests: tuple[ProofMark, ...], said: str) -> None:
    found = problems(trace([_article("N8")], rules, tests))
    assert any(line.startswith("N8: ") and said in line for line in found)
    assert "N9: 没有这一行" in found


def test_an_article_that_asks_nothing_needs_a_reason_only() -> None:
    traced = trace([_article("N1", does=None, because="只说目的，无可执行")], [], [])
    assert traced[0].problem is None
    assert "只说目的" in render(traced, {})


@pytest.mark.parametrize(
    ("does", "because"), [(None, None), ("办理这件事情", "没有什么要做的")], ids=["neither", "both"]
)
def test_refuses_a_row_that_says_nothing_or_two_things(does: str | None, because: str | None) -> None:
    with pytest.raises(ValidationError):
        _article("N1", does=does, because=because)


def test_every_article_of_the_four_texts_has_a_row_and_none_stands_twice() -> None:
    articles = read_articles(REPOSITORY / "docs" / "law.toml")
    assert missing_articles(articles) == []
    assert missing_articles(articles[1:]) == [WHOLE[0]]
    citations = [article.citation for article in articles]
    assert len(citations) == len(set(citations))


def test_a_mark_without_design_a_design_without_mark_and_what_stands_twice_are_named() -> None:
    said = Design(name="夜间办理", choice="夜间不办理转移业务。", near=("N8",), topics=("at night", "by day"))
    marks = [RuleMark("a.py", "f", (), ("at night",)), RuleMark("b.py", "g", (), ("at noon",))]
    found = list(design_problems([said, said], marks))
    assert any("b.py g" in line and "at noon" in line for line in found)
    assert any("没有代码标记“by day”" in line for line in found)
    assert any("“夜间办理”写了两次" in line for line in found)
    whole = said.model_copy(update={"topics": ("at night", "at noon")})
    assert list(design_problems([whole], marks)) == []
