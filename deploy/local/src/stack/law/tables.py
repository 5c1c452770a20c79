"""The tables of cases as proofs: each line cites the articles that its decision names, and is run as a test."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from stack.law.marks import ProofMark

_ARTICLES = "articles"
_DESIGN = "design"


def table_proofs(root: Path, folder: Path) -> list[ProofMark]:
    """A mark for every line of every table in ``folder`` that cites an article, sorted.

    ``tests/case_tables.py`` refuses what is no table, and the tests compare what is cited with the decision.
    """
    files = sorted(folder.glob("*.txt"))
    return sorted(
        ProofMark(file.relative_to(root).as_posix(), articles)
        for file in files
        for articles in _cited(file.read_text(encoding="utf-8").splitlines())
    )


def _cited(lines: Iterable[str]) -> Iterator[tuple[str, ...]]:
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if line.strip() and not line.startswith("#")]
    if not rows or _ARTICLES not in rows[0]:
        return
    at = rows[0].index(_ARTICLES)
    for row in rows[1:]:
        articles = tuple(part for part in (each.strip() for each in row[at].split(";")) if part != _DESIGN)
        if articles:
            yield articles
