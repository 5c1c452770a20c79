"""What we chose where the texts are silent, described in docs/designs.toml and marked ``@design`` in the code."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.law import ARTICLE
from stack.law.marks import RuleMark, rule_marks
from stack.paths import REPOSITORY

_Citation = Annotated[str, Field(pattern=ARTICLE.pattern.replace(r"\Z", "$"))]


class Design(BaseModel):
    """One choice, in Chinese; ``near`` are the articles around it, ``topics`` the marks of the code that makes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=2, max_length=40)]
    choice: Annotated[str, Field(min_length=5, max_length=200)]
    near: Annotated[tuple[_Citation, ...], Field(min_length=1)]
    topics: Annotated[tuple[str, ...], Field(min_length=1)]


class _Catalogue(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    design: tuple[Design, ...]


def read_designs(root: Path = REPOSITORY) -> tuple[Design, ...]:
    """The designs of the repository at ``root``; raises ``ValueError`` where the file is not as described."""
    text = (root / "docs" / "designs.toml").read_text(encoding="utf-8")
    return _Catalogue.model_validate(tomllib.loads(text)).design


def design_marks(root: Path = REPOSITORY) -> list[RuleMark]:
    """Everything in the sources of the repository at ``root`` that carries ``@design``."""
    sources = [root / "shared" / "src", *sorted((root / "services").glob("*/src"))]
    return [mark for mark in rule_marks(root, sources) if mark.designs]


def places(design: Design, marks: Iterable[RuleMark]) -> list[RuleMark]:
    """Where the code makes the choice."""
    return [mark for mark in marks if set(design.topics) & set(mark.designs)]


def names_by_topic(designs: Iterable[Design]) -> dict[str, str]:
    """Topic of a mark → the name of its design."""
    return {topic: design.name for design in designs for topic in design.topics}


def design_problems(designs: Sequence[Design], marks: Sequence[RuleMark]) -> Iterator[str]:
    """Marks that no design describes, topics that no code carries, and what stands twice."""
    marked = {topic: mark for mark in marks for topic in mark.designs}
    told = [topic for design in designs for topic in design.topics]
    names = [design.name for design in designs]
    for topic in sorted(marked.keys() - set(told)):
        yield f"{marked[topic].file} {marked[topic].name}: docs/designs.toml 没有写明“{topic}”"
    for topic in sorted(set(told) - marked.keys()):
        yield f"docs/designs.toml: 没有代码标记“{topic}”（@design）"
    for twice in sorted({each for each in (*told, *names) if (*told, *names).count(each) > 1}):
        yield f"docs/designs.toml: “{twice}”写了两次"
