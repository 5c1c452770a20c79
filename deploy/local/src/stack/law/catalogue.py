"""The articles of the four texts, described in docs/law.toml in words of our own."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.law import ARTICLE

WHOLE = (
    *(f"N{number}" for number in range(1, 18)),
    *(f"N annex {number}" for number in range(1, 4)),
    *(f"S53-{number}" for number in range(1, 5)),
    *(f"S54-{number}" for number in range(1, 10)),
    *(f"J{number}" for number in range(1, 6)),
)
"""Every article of the four texts; one that has several clauses may stand as rows of its clauses instead."""

_Words = Annotated[str, Field(min_length=5, max_length=300)]


class Article(BaseModel):
    """One row: what the article ``asks``, and what the system ``does`` or why it need do nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    citation: Annotated[str, Field(pattern=ARTICLE.pattern.replace(r"\Z", "$"))]
    asks: _Words
    does: _Words | None = None
    nothing_because: _Words | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.does is None) == (self.nothing_because is None):
            raise ValueError("a row has either does or nothing_because")
        return self

    @property
    def whole(self) -> str:
        """The article that a clause belongs to: ``N9`` for ``N9-1``; other citations are whole as they are."""
        is_clause = self.citation.startswith("N") and "-" in self.citation
        return self.citation.partition("-")[0] if is_clause else self.citation


class _Catalogue(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    article: tuple[Article, ...]


def read_articles(file: Path) -> tuple[Article, ...]:
    """The rows of ``file``; raises ``ValueError`` (pydantic's, tomllib's) where it is not as described."""
    return _Catalogue.model_validate(tomllib.loads(file.read_text(encoding="utf-8"))).article


def missing_articles(articles: Sequence[Article]) -> list[str]:
    """Articles of the four texts that have no row, neither as a whole nor by their clauses."""
    present = {article.whole for article in articles}
    return [citation for citation in WHOLE if citation not in present]
