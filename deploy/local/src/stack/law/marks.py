"""The marks in the code, read from its text: nothing is imported or run."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True, order=True)
class RuleMark:
    """A function or class, named ``path:name``, with the articles and design topics that it carries."""

    file: str
    name: str
    articles: tuple[str, ...]
    designs: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class ProofMark:
    """A ``pytest.mark.law`` somewhere in a test file."""

    file: str
    articles: tuple[str, ...]


def rule_marks(root: Path, folders: Iterable[Path]) -> list[RuleMark]:
    """Every definition below ``folders`` that carries ``@law`` or ``@design``, sorted; paths relative to ``root``."""
    return sorted(mark for file, tree in _trees(root, folders, "@law", "@design") for mark in _rules(file, tree))


def proof_marks(root: Path, folder: Path) -> list[ProofMark]:
    """Every ``pytest.mark.law(…)`` below ``folder``, sorted."""
    return sorted(
        ProofMark(file, _words(node))
        for file, tree in _trees(root, [folder], "mark.law")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _is_pytest_law(node.func)
    )


def short_path(file: str) -> str:
    """The path of a source file as the pages show it: without ``services/`` and ``src/``."""
    return file.replace("/src/", "/", 1).removeprefix("services/")


def _trees(root: Path, folders: Iterable[Path], *words: str) -> Iterator[tuple[str, ast.Module]]:
    """The files in which one of ``words`` stands: few, and to parse all of them takes seconds."""
    for folder in folders:
        for file in sorted(folder.rglob("*.py")):
            content = file.read_text(encoding="utf-8")
            if any(word in content for word in words):
                yield file.relative_to(root).as_posix(), ast.parse(content)


def _rules(file: str, tree: ast.Module) -> Iterator[RuleMark]:
    for node in ast.walk(tree):
        if not isinstance(node, _Definition):
            continue
        calls = [each for each in node.decorator_list if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)]
        articles = _collected(calls, "law")
        designs = _collected(calls, "design")
        if articles or designs:
            yield RuleMark(file, node.name, articles, designs)


def _collected(calls: Iterable[ast.Call], name: str) -> tuple[str, ...]:
    named = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id == name)
    return tuple(word for call in named for word in _words(call))


def _words(call: ast.Call) -> tuple[str, ...]:
    return tuple(each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str))


def _is_pytest_law(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "law"
        and isinstance(function.value, ast.Attribute)
        and function.value.attr == "mark"
    )
