"""What is committed under docs/generated is what the code says today."""

from pathlib import Path

from stack.documents import GENERATED, differences, documents


def test_committed_documents_are_current() -> None:
    assert "\n".join(differences(GENERATED)) == "", "run make docs"


def test_a_document_that_differs_or_that_nothing_generates_is_found(tmp_path: Path) -> None:
    for name, text in documents().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "ledger.openapi.json").write_text("{}", encoding="utf-8")
    (tmp_path / "old.openapi.json").write_text("{}", encoding="utf-8")
    found = list(differences(tmp_path))
    assert found[0] == "old.openapi.json: no code generates this document"
    assert "committed/ledger.openapi.json" in found[1]
    assert not any("asyncapi" in line for line in found)
