"""What is committed below docs/ is what the code says today."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from stack.documents import DOCS, GENERATED, differences, documents, untraced, write


@pytest.fixture(scope="module")
def current() -> Mapping[str, str]:
    """Made once: every service describes itself in a process of its own."""
    return documents()


def test_committed_documents_are_current(current: Mapping[str, str]) -> None:
    assert "\n".join(differences(DOCS, current)) == "", "run make docs"


def test_every_article_and_every_design_is_traced() -> None:
    assert "\n".join(untraced()) == ""


def test_a_document_that_differs_or_that_nothing_generates_is_found(current: Mapping[str, str], tmp_path: Path) -> None:
    write(tmp_path, current)
    (tmp_path / GENERATED / "ledger.openapi.json").write_text("{}", encoding="utf-8")
    (tmp_path / GENERATED / "old.openapi.json").write_text("{}", encoding="utf-8")
    found = list(differences(tmp_path, current))
    assert found[0] == "generated/old.openapi.json: no code generates this document"
    assert "committed/generated/ledger.openapi.json" in found[1]
    assert not any("asyncapi" in line for line in found)
