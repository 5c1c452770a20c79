"""``python -m platform_gateway calendar check|load FILE``: yearly holiday arrangements, for operators.

A file holds ``[YYYY]`` tables with ``holidays`` and ``workdays``, lists of dates.
"""

import argparse
import getpass
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from platform_gateway.context import RegistryKeeper
from platform_gateway.keeper_tool import read_text, run
from platform_gateway.use_cases.load_calendar_years import load_calendar_years
from shared.errors import DomainError, FieldError
from shared.finding_text import finding_text
from shared.registry.calendar_year import CalendarRefused, CalendarYear, YearDays, check_year
from shared.toml_lines import Place, line_at, lines_of
from shared.toml_text import TomlWrong, read_tables
from shared.web.etags import WHICHEVER

_NOT_LOADED = "放假安排未载入，现行安排不变。"


def calendar_tool(argv: Sequence[str]) -> int:
    """The command; 0 well, 1 refused or not reachable."""
    parser = argparse.ArgumentParser(prog="python -m platform_gateway calendar")
    parser.add_argument("what", choices=("check", "load"), help="check：只校验；load：校验并载入")
    parser.add_argument("file", type=Path)
    parser.add_argument("--by", default=getpass.getuser(), help="谁载入的，记入审计；默认为系统用户名")
    given = parser.parse_args(argv)

    async def work(keeper: RegistryKeeper) -> list[str]:
        years = read_years(read_text(given.file))
        if given.what == "check":
            return [f"{year.year}年的放假安排可以载入。" for year in years]
        revisions = await load_calendar_years(keeper, given.by, years, WHICHEVER)
        return [f"{year}年的放假安排：已载入，第{revision}次。" for year, revision in revisions.items()]

    return run(work)


def read_years(text: str) -> list[CalendarYear]:
    """The years of a file; raises ``CalendarRefused`` with line and reason of all that is wrong."""
    try:
        content = read_tables(text)
    except TomlWrong as error:
        raise CalendarRefused(_NOT_LOADED, errors=[FieldError("", CalendarRefused.code, str(error))]) from error
    lines = lines_of(text)
    years: list[CalendarYear] = []
    errors: list[FieldError] = []
    for year, table in content.items():
        try:
            years.append(_year(year, table))
        except (ValidationError, DomainError) as error:
            errors += _with_lines(year, error, lines)
    if not content:
        errors.append(FieldError("", CalendarRefused.code, "第1行：文件里没有任何一年的安排，应有 [2027] 这样的表"))
    if errors:
        raise CalendarRefused(_NOT_LOADED, errors=errors)
    return years


def _year(year: str, table: Any) -> CalendarYear:
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise CalendarRefused(f"“{year}”不是年份")
    return check_year(int(year), YearDays.model_validate_json(json.dumps(table, default=str)))


def _with_lines(year: str, error: ValidationError | DomainError, lines: Mapping[Place, int]) -> Iterator[FieldError]:
    if isinstance(error, ValidationError):
        found = [(each["loc"], finding_text(each)) for each in error.errors(include_url=False, include_input=False)]
    else:
        found = [(tuple(each.pointer.split("/")[1:]), each.message) for each in error.errors] or [((), error.message)]
    for place, reason in found:
        line = line_at(lines, (year, *place)) or 1
        yield FieldError(f"/{year}", "calendar-refused", f"第{line}行 {'.'.join(map(str, (year, *place)))}：{reason}")
