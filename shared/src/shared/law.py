"""Which article a rule carries out: read by whoever reads the rule, and by the generator of ``docs/law.md``."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

Rule = TypeVar("Rule", bound=Callable[..., Any])

ARTICLE = re.compile(r"^(N([1-9]|1[0-7])(-[1-9])?|N annex [123]|S53-[1-4]|S54-[1-9]|J[1-5])\Z")
"""How an article is cited: ``N8`` is 第八条 of the national measure, ``N5-2`` its item 2, ``S54-3`` item （三）."""


def law(*articles: str) -> Callable[[Rule], Rule]:
    """Marks a function or class as what carries out ``articles``; several marks add up.

    Tests carry the same articles as ``pytest.mark.law("N11-1", "S54-3")``. Raises ``ValueError`` for a citation that
    ``ARTICLE`` does not allow.
    """
    unknown = [article for article in articles if not ARTICLE.match(article)]
    if unknown or not articles:
        raise ValueError(f"not an article of the four texts: {unknown}")

    def mark(rule: Rule) -> Rule:
        held: tuple[str, ...] = getattr(rule, "__law__", ())
        rule.__law__ = (*held, *articles)  # type: ignore[attr-defined]
        return rule

    return mark


def design(*topics: str) -> Callable[[Rule], Rule]:
    """Marks a rule as our own choice where the texts are silent; ``topics`` say on what, in a few words each."""

    def mark(rule: Rule) -> Rule:
        held: tuple[str, ...] = getattr(rule, "__design__", ())
        rule.__design__ = (*held, *topics)  # type: ignore[attr-defined]
        return rule

    return mark
