"""The accepted sheets with their countersignatures, exactly as they were signed."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.money import SealedAmount
from platform_gateway.tables import sheet
from shared.contracts.codes import AcctDisposition
from shared.database.rowset import ROWS, insert_rows

SheetRow = Row[Any]

_NAMES = tuple(column.name for column in sheet.columns)
_SHOWN = tuple(column for column in sheet.columns if column.name not in ("sealed_sheet", "arrival"))
_INSERT = insert_rows(sheet, _NAMES)
_LISTED = (
    select(*_SHOWN)
    .where(sheet.c.rlts_traf_id == func.any(bindparam("ids")))
    .order_by(sheet.c.rlts_traf_id, sheet.c.sheet_version)
)


async def insert(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep sheets; each row names every column of the table."""
    if rows:
        await connection.execute(_INSERT, {ROWS: rows})


async def read(connection: AsyncConnection, rlts_traf_id: str, sheet_version: int) -> Row[Any] | None:
    """One sheet with its bytes, or ``None``."""
    query = select(sheet).where(sheet.c.rlts_traf_id == rlts_traf_id, sheet.c.sheet_version == sheet_version)
    return (await connection.execute(query)).one_or_none()


async def read_before(connection: AsyncConnection, rlts_traf_id: str, sheet_version: int) -> Row[Any] | None:
    """The accepted version before this one, ``None`` for the first."""
    query = select(sheet).where(sheet.c.rlts_traf_id == rlts_traf_id, sheet.c.sheet_version < sheet_version)
    return (await connection.execute(query.order_by(sheet.c.sheet_version.desc()).limit(1))).one_or_none()


async def listed(connection: AsyncConnection, ids: Collection[str]) -> Mapping[str, list[Row[Any]]]:
    """The versions of each case without their bytes, oldest first."""
    found: dict[str, list[Row[Any]]] = {number: [] for number in ids}
    for row in await connection.execute(_LISTED, {"ids": list(ids)}) if ids else ():
        found[row.rlts_traf_id].append(row)
    return found


def sealed_amount(row: Row[Any]) -> SealedAmount:
    """What a listed version says of money."""
    return SealedAmount(row.sheet_version, row.amount, AcctDisposition(row.acct_disposition))
