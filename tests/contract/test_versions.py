"""Nobody changes what he has not seen: every changing route asks for a version, or says why it needs none."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.test_access import BUILDERS

UNVERSIONED = tomllib.loads((Path(__file__).parent / "unversioned.toml").read_text(encoding="utf-8"))
NAMED = [route for routes in UNVERSIONED.values() for route in routes]
DOCUMENTS = {package: build(None).openapi() for package, build in BUILDERS.items()}
CHANGING = {"post", "put", "patch", "delete"}
VERSIONS = {"version", "row_version"}


def operations() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for package, document in DOCUMENTS.items():
        for path, methods in document["paths"].items():
            for method in CHANGING & methods.keys():
                yield f"{package} {method.upper()} {path}", methods[method], document


OPERATIONS = {name: (operation, document) for name, operation, document in operations()}


def headers(operation: dict[str, Any]) -> set[str]:
    return {each["name"] for each in operation.get("parameters", []) if each["in"] == "header"}


def required(part: Any, document: dict[str, Any]) -> set[str]:
    """All names that the body asks for, however deep."""
    if isinstance(part, list):
        return set[str]().union(*(required(each, document) for each in part))
    if not isinstance(part, dict):
        return set()
    if "$ref" in part:
        return required(document["components"]["schemas"][part["$ref"].rpartition("/")[2]], document)
    own = {name for name in part.get("required", ()) if isinstance(name, str)}
    return own.union(*(required(each, document) for key, each in part.items() if key != "discriminator"))


@pytest.mark.parametrize("route", sorted(OPERATIONS))
def test_change_asks_for_the_version_that_was_seen(route: str) -> None:
    operation, document = OPERATIONS[route]
    asked = required(operation.get("requestBody", {}).get("content", {}), document) & VERSIONS
    is_versioned = "If-Match" in headers(operation) or bool(asked)
    assert is_versioned != (route in NAMED), "asks for no version and gives no reason, or gives one and asks"


def test_reasons_are_given_once_and_for_routes_that_are_there() -> None:
    assert sorted(NAMED) == sorted(set(NAMED) & OPERATIONS.keys())


@pytest.mark.parametrize("route", UNVERSIONED["creates"])
def test_what_creates_takes_a_key(route: str) -> None:
    assert "Idempotency-Key" in headers(OPERATIONS[route][0])
