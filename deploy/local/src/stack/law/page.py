"""Join articles, rules and tests into one page, and say what is missing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stack.law.catalogue import Article, missing_articles, read_articles
from stack.law.marks import ProofMark, RuleMark, proof_marks, rule_marks, short_path
from stack.law.tables import table_proofs
from stack.paths import REPOSITORY

_HEAD = """# 条款与实现

由 `make docs` 从 `docs/law.toml`、代码中的 `@law` 标记和测试中的 `law` 标记生成，请勿手改。

出处：N＝医保办发〔2021〕43号，S53、S54＝鲁医保发〔2021〕53、54号，J＝济医保发〔2022〕2号；“N9-1”为第九条第一款，“N5-2”为第五条第二项，“S54-3”为第（三）项。
“设计”是文件未规定、由本系统选择之处，见 [readings.md](readings.md)。
测试后的数字是该文件中引用该条款的测试个数，案例表（`tests/tables`）后的数字是行数，每行都是一个测试；
表中引用整条的，计入该条各款。

| 条款 | 要求 | 系统怎么做 | 在哪里 | 由什么证明 | 法定或设计 |
|---|---|---|---|---|---|
"""
_NOTHING = "——"


@dataclass(frozen=True, slots=True)
class Traced:
    """An article with the rules that carry it out and the tests that prove it."""

    article: Article
    rules: tuple[RuleMark, ...]
    tests: tuple[ProofMark, ...]

    tables: tuple[ProofMark, ...] = ()

    @property
    def problem(self) -> str | None:
        """Why the row is not complete; ``None`` when it is."""
        if self.article.nothing_because is not None:
            return None
        if not self.rules:
            return "没有代码引用该条款（@law）"
        proofs = (*self.tests, *self.tables)
        return None if proofs else "没有测试引用该条款（pytest.mark.law）"


def trace(
    articles: Sequence[Article],
    rules: Iterable[RuleMark],
    tests: Iterable[ProofMark],
    tables: Iterable[ProofMark] = (),
) -> list[Traced]:
    """Each article with its marks.

    A line of a table that cites a whole article (``N9``), as decisions do, counts for each of its clauses where the
    whole has no row of its own; rules and tests name the clause (``unclear``).
    """
    all_rules, all_tests, all_lines = list(rules), list(tests), list(tables)
    rows = {article.citation for article in articles}
    return [
        Traced(
            article,
            tuple(rule for rule in all_rules if article.citation in rule.articles),
            tuple(test for test in all_tests if article.citation in test.articles),
            tuple(line for line in all_lines if cited & set(line.articles)),
        )
        for article in articles
        for cited in [{article.citation, article.whole} if article.whole not in rows else {article.citation}]
    ]


def unclear(articles: Sequence[Article], rules: Iterable[RuleMark], tests: Iterable[ProofMark]) -> Iterator[str]:
    """Marks of what has no row: of an article without saying which of its clauses."""
    rows = {article.citation for article in articles}
    told = [(f"{rule.file} {rule.name}", rule.articles) for rule in rules]
    for where, cited in (*told, *((test.file, test.articles) for test in tests)):
        yield from (f"{where}: 引用了 {each}，应写明是哪一款" for each in cited if each not in rows)


def read_trace(root: Path = REPOSITORY) -> list[Traced]:
    """The articles of docs/law.toml with the marks of the repository at ``root``."""
    tests = root / "tests"
    return trace(
        read_articles(root / "docs" / "law.toml"),
        _rules(root),
        proof_marks(root, tests),
        table_proofs(root, tests / "tables"),
    )


def gaps(root: Path = REPOSITORY) -> Iterator[str]:
    """Everything that keeps the page of the repository at ``root`` from being whole."""
    yield from problems(read_trace(root))
    yield from unclear(read_articles(root / "docs" / "law.toml"), _rules(root), proof_marks(root, root / "tests"))


def _rules(root: Path) -> list[RuleMark]:
    return rule_marks(root, [root / "shared" / "src", *sorted((root / "services").glob("*/src"))])


def render(traced: Sequence[Traced], design_names: Mapping[str, str]) -> str:
    """The page as Markdown; ``design_names`` has the name for the topic of a mark."""
    return _HEAD + "".join(f"| {' | '.join(_cells(each, design_names))} |\n" for each in traced)


def problems(traced: Sequence[Traced]) -> list[str]:
    """Everything that keeps the page from being whole: articles without row, rows without rule or test."""
    absent = [f"{citation}: 没有这一行" for citation in missing_articles([each.article for each in traced])]
    return absent + [f"{each.article.citation}: {each.problem}" for each in traced if each.problem is not None]


def _cells(traced: Traced, design_names: Mapping[str, str]) -> Iterator[str]:
    article = traced.article
    yield article.citation
    yield article.asks
    yield article.does or f"无：{article.nothing_because}"
    yield "<br>".join(f"`{short_path(rule.file)}` {rule.name}" for rule in traced.rules) or _NOTHING
    counted = Counter(proof.file for proof in (*traced.tests, *traced.tables))
    yield "<br>".join(f"`{file}`（{times}）" for file, times in sorted(counted.items())) or _NOTHING
    yield _nature(traced, design_names)


def _nature(traced: Traced, design_names: Mapping[str, str]) -> str:
    if traced.article.nothing_because is not None:
        return _NOTHING
    names = sorted({design_names.get(topic, topic) for rule in traced.rules for topic in rule.designs})
    return f"法定；其中设计：{'；'.join(names)}" if names else "法定"
