"""``python -m stack.documents [--check]``: what in docs/ is made from the code, or whether it is current and whole."""

import argparse
import difflib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from shared.contracts.asyncapi import asyncapi_document
from shared.contracts.core_pull_document import core_pull_document
from stack import readings_page
from stack.keys import PACKAGES
from stack.law import page as law_page
from stack.law.designs import design_marks, design_problems, names_by_topic, read_designs
from stack.paths import REPOSITORY

DOCS = REPOSITORY / "docs"
GENERATED = "generated"
_TIMEOUT_SECONDS = 60
_SHOWN_LINES = 40


def documents() -> dict[str, str]:
    """Path below docs/ → text of every generated document."""
    packages, designs = sorted(PACKAGES.values()), read_designs()
    with ThreadPoolExecutor(max_workers=2) as pool:
        openapi = pool.map(_openapi, packages)
        texts = {f"{GENERATED}/{package}.openapi.json": text for package, text in zip(packages, openapi, strict=True)}
    return {
        f"{GENERATED}/asyncapi.json": _text(asyncapi_document()),
        f"{GENERATED}/core-pull.openapi.json": _text(core_pull_document()),
        **texts,
        "law.md": law_page.render(law_page.read_trace(), names_by_topic(designs)),
        "readings.md": readings_page.render(designs, design_marks()),
    }


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write every document below ``folder``."""
    (folder / GENERATED).mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def differences(folder: Path, current: Mapping[str, str]) -> Iterator[str]:
    """What below ``folder`` is not ``current``, what the code generates, as lines to read."""
    present = (path.relative_to(folder).as_posix() for path in (folder / GENERATED).glob("*.json"))
    for stray in sorted(name for name in present if name not in current):
        yield f"{stray}: no code generates this document"
    for name, text in current.items():
        file = folder / name
        committed = file.read_text(encoding="utf-8") if file.exists() else ""
        if committed != text:
            yield from _difference(name, committed, text)


def untraced() -> Iterator[str]:
    """Articles without rule or test, designs without mark, and marks without design."""
    yield from law_page.gaps()
    yield from design_problems(read_designs(), design_marks())


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m stack.documents")
    parser.add_argument("--check", action="store_true", help="only say whether docs/ is current and whole")
    if not parser.parse_args().check:
        write(DOCS, documents())
        return 0
    stale = list(differences(DOCS, documents()))
    gaps = list(untraced())
    print("\n".join([*stale, "docs/ is out of date: run make docs" if stale else "docs/ is current"]))
    print(
        "\n".join(
            [
                *gaps,
                "docs/law.md or docs/readings.md has gaps" if gaps else "docs/law.md and docs/readings.md are whole",
            ]
        )
    )
    return 1 if stale or gaps else 0


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
