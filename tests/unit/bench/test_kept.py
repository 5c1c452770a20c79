"""A kept database is never taken for another, and nobody's files are touched."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL

from bench.kept import made_once


async def _no_fill(_: URL) -> None:
    raise AssertionError


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"notes.txt": "mine"}, "别的文件"),
        ({"content.json": json.dumps({"content": {"lines": 5}, "is_whole": True})}, "另选一个文件夹"),
    ],
)
async def test_a_folder_with_anything_else_is_refused_and_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, Any], said: str
) -> None:
    folder = tmp_path / "ledger"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_text(content)
    monkeypatch.setenv("KEEP", str(tmp_path))
    with pytest.raises(SystemExit, match=said):
        async with made_once("ledger", {"lines": 10}, _no_fill):
            raise AssertionError
    assert {path.name: path.read_text() for path in folder.iterdir()} == files
