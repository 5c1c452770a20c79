"""What a report told of each case last: what says something else now is told again, whoever changed it, and how."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.events.figures import CaseFigures, CaseGone

_BESIDE = """
    SELECT f.*, t.digest IS DISTINCT FROM f.digest AS is_news
    FROM (SELECT x.*, sha256(convert_to(CAST(x AS text), 'UTF8')) AS digest FROM ({figures}) x) f
    LEFT JOIN figures_told t ON t.admdvs = :admdvs AND t.rlts_traf_id = f.rlts_traf_id AND t.side = f.side
"""
_KEEP = text(
    """
    INSERT INTO figures_told (admdvs, rlts_traf_id, side, digest)
    SELECT :admdvs, n.number, n.side, n.digest
    FROM unnest(CAST(:numbers AS text[]), CAST(:sides AS text[]), CAST(:digests AS bytea[])) AS n (number, side, digest)
    ON CONFLICT (admdvs, rlts_traf_id, side) DO UPDATE SET digest = excluded.digest
    """
)
_FORGET_GONE = text(
    """
    DELETE FROM figures_told WHERE admdvs = :admdvs AND (rlts_traf_id, side) IN (
        SELECT rlts_traf_id, side FROM figures_told
        WHERE admdvs = :admdvs AND rlts_traf_id > :after AND rlts_traf_id <= :upto
          AND (rlts_traf_id, side) NOT IN (
              SELECT * FROM unnest(CAST(:numbers AS text[]), CAST(:sides AS text[]))
          )
        ORDER BY rlts_traf_id, side LIMIT :limit
    )
    RETURNING rlts_traf_id, side
    """
)


async def beside_told(connection: AsyncConnection, figures: TextClause, values: dict[str, Any]) -> Sequence[Row[Any]]:
    """The rows of ``figures``, each with its ``digest``, and whether it ``is_news``: never told, or otherwise."""
    return (await connection.execute(_beside(figures), values)).all()


@cache
def _beside(figures: TextClause) -> TextClause:
    return text(_BESIDE.format(figures=figures.text))


def as_figures(row: Row[Any]) -> CaseFigures:
    """What a row says of its case."""
    values = dict(row._mapping)
    del values["digest"], values["is_news"]
    return CaseFigures.model_validate(values)


async def keep(connection: AsyncConnection, admdvs: str, rows: Sequence[Row[Any]]) -> None:
    """Remember what is told of these cases."""
    values = {"numbers": [row.rlts_traf_id for row in rows], "sides": [row.side for row in rows]}
    await connection.execute(_KEEP, values | {"admdvs": admdvs, "digests": [row.digest for row in rows]})


async def forget_gone(
    connection: AsyncConnection, admdvs: str, after: str, upto: str, rows: Sequence[Row[Any]], limit: int
) -> tuple[CaseGone, ...]:
    """Cases after ``after``, up to ``upto``, that were told once and are not among ``rows`` any more; up to ``limit``,
    the others another day.
    """
    values = {"numbers": [row.rlts_traf_id for row in rows], "sides": [row.side for row in rows]}
    place = {"admdvs": admdvs, "after": after, "upto": upto, "limit": limit}
    found = await connection.execute(_FORGET_GONE, values | place)
    return tuple(CaseGone.model_validate(dict(row._mapping)) for row in found)
