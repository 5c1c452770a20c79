"""Many rows in one parameter: a JSON array that PostgreSQL reads back as a table.

One cached statement and one bind whatever the number of rows, instead of a value list per size.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Insert, Table, TableValuedAlias, bindparam, column, func, insert, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

ROWS = "rows"
"""The name of the parameter: a list of mappings from column name to value."""


def rowset(table: Table, names: Iterable[str], *, parameter: str = ROWS) -> TableValuedAlias:
    """The rows of a parameter as a table with the types that ``table`` gives the columns ``names``."""
    columns = [column(name, table.c[name].type) for name in names]
    rows = func.jsonb_to_recordset(bindparam(parameter, type_=JSONB))
    return rows.table_valued(*columns, name="given").render_derived(with_types=True)


def insert_rows(table: Table, names: Iterable[str], *, parameter: str = ROWS) -> Insert:
    """An ``INSERT`` of the rows of a parameter."""
    listed = tuple(names)
    given = rowset(table, listed, parameter=parameter)
    return insert(table).from_select(listed, select(*(given.c[name] for name in listed)), include_defaults=False)


def insert_new_rows(table: Table, names: Iterable[str]) -> Any:
    """As ``insert_rows``; a row that any unique index already holds is left out."""
    listed = tuple(names)
    given = rowset(table, listed)
    chosen = select(*(given.c[name] for name in listed))
    return upsert(table).from_select(listed, chosen, include_defaults=False).on_conflict_do_nothing()
