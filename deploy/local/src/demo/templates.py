"""Readable input files with blanks: dates relative to the clock, case numbers, amounts."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from shared.money import format_yuan
from shared.months import month_at, month_index, month_of


def render(template: Path, **values: Any) -> str:
    """The file with its blanks filled in; ``| yuan`` writes fen as ``1234.56``. Raises ``jinja2.TemplateError``."""
    return _environment(template.parent).get_template(template.name).render(**values)


def relative_dates(today: date) -> dict[str, Any]:
    """``month(n)``: YYYYMM n months from ``today``; ``day(n)``: ISO date n days from it; ``year(n)``: YYYY."""
    return {
        "month": lambda offset: month_at(month_index(month_of(today)) + offset),
        "day": lambda offset: (today + timedelta(days=offset)).isoformat(),
        "year": lambda offset: str(today.year + offset),
    }


@cache
def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("xml.j2",), default=False),
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["yuan"] = format_yuan
    return environment
