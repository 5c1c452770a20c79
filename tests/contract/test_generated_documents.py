"""What is committed below docs/ is what the code says today."""

from pathlib import Path

from stack.documents import DOCS, GENERATED, differences, write


def test_committed_documents_are_current() -> None:
    assert "\n".join(differences(DOCS)) == "", "run make docs"


def test_a_document_that_differs_or_that_nothing_generates_is_found(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / GENERATED / "ledger.openapi.json").write_text("{}", encoding="utf-8")
    (tmp_path / GENERATED / "old.openapi.json").write_text("{}", encoding="utf-8")
    found = list(differences(tmp_path))
    assert found[0] == "generated/old.openapi.json: no code generates this document"
    assert "committed/generated/ledger.openapi.json" in found[1]
    assert not any("asyncapi" in line for line in found)
