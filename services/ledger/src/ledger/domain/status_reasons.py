"""ISO's external status reason codes in Chinese; they are data."""

import tomllib
from functools import cache
from importlib.resources import files


def explain(code: str | None, text: str | None) -> str:
    """What a clerk reads: the code's meaning where it is ISO's, and what the bank wrote itself."""
    meaning = _reasons().get(code or "")
    parts = [part for part in (meaning or code, text) if part]
    return "：".join(parts) or "银行未说明原因"


def explain_told(told: str) -> str:
    """What a clerk reads of money that came back: ``told`` is a code with the bank's own words, or these alone."""
    code, _, words = told.partition(" ")
    return explain(code, words or None) if code in _reasons() else told


def explain_return(told: str | None) -> str:
    """What others are told of money that came back: what the code means. The bank's own words may name people."""
    code = (told or "").partition(" ")[0]
    return _reasons().get(code, "银行退回，未说明原因")


@cache
def _reasons() -> dict[str, str]:
    content = (files("ledger") / "words" / "status_reasons.toml").read_text(encoding="utf-8")
    return {code: str(meaning) for code, meaning in tomllib.loads(content)["reasons"].items()}
