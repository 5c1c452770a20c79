"""``python -m stack.documents [--check]``: docs/generated from the code, or whether it is current."""

import argparse
import difflib
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from shared.contracts.asyncapi import asyncapi_document
from stack.keys import PACKAGES
from stack.paths import REPOSITORY

GENERATED = REPOSITORY / "docs" / "generated"
_TIMEOUT_SECONDS = 60
_SHOWN_LINES = 40


def documents() -> dict[str, str]:
    """File name → text of every generated document."""
    packages = sorted(PACKAGES.values())
    with ThreadPoolExecutor(max_workers=2) as pool:
        openapi = pool.map(_openapi, packages)
        texts = {f"{package}.openapi.json": text for package, text in zip(packages, openapi, strict=True)}
    return {"asyncapi.json": _text(asyncapi_document()), **texts}


def write(folder: Path) -> None:
    """Write every document into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in documents().items():
        (folder / name).write_text(text, encoding="utf-8")


def differences(folder: Path) -> Iterator[str]:
    """What in ``folder`` is not what the code generates, as lines to read; nothing when all is current."""
    current = documents()
    for stray in sorted(path.name for path in folder.glob("*.json") if path.name not in current):
        yield f"{stray}: no code generates this document"
    for name, text in current.items():
        file = folder / name
        committed = file.read_text(encoding="utf-8") if file.exists() else ""
        if committed != text:
            yield from _difference(name, committed, text)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m stack.documents")
    parser.add_argument("--check", action="store_true", help="only say whether docs/generated is current")
    if not parser.parse_args().check:
        write(GENERATED)
        return 0
    found = list(differences(GENERATED))
    print(
        "\n".join([*found, "docs/generated is out of date: run make docs"] if found else ["docs/generated is current"])
    )
    return 1 if found else 0


def _openapi(package: str) -> str:
    command = [sys.executable, "-m", package, "openapi"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{package} openapi failed:\n{done.stderr[-2000:]}")
    return _text(json.loads(done.stdout))


def _text(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _difference(name: str, committed: str, current: str) -> Iterator[str]:
    lines = difflib.unified_diff(
        committed.splitlines(), current.splitlines(), f"committed/{name}", f"generated/{name}", lineterm="", n=1
    )
    yield from islice(lines, _SHOWN_LINES)


if __name__ == "__main__":
    sys.exit(main())
