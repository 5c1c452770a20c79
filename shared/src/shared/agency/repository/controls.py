"""Sums over everything that an area's core has pushed."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_TOTALS = text(
    "SELECT count(*) AS persons, CAST(coalesce(sum(balc), 0) AS bigint) AS balc FROM person WHERE admdvs = :admdvs"
)
_RELATIONS = text("""
SELECT r.value ->> 'insutype' AS insutype, count(*) AS relations
FROM person p CROSS JOIN LATERAL jsonb_array_elements(p.relations) AS r(value)
WHERE p.admdvs = :admdvs GROUP BY 1
""")
_MONTHS = text("""
SELECT s.value ->> 'insutype' AS insutype, CAST(sum(CAST(s.value ->> 'months' AS int)) AS bigint) AS months
FROM person p CROSS JOIN LATERAL jsonb_array_elements(p.paid) AS s(value)
WHERE p.admdvs = :admdvs AND s.value ->> 'clct_flag' = ANY(:paid_clct_flags) GROUP BY 1
""")


@dataclass(frozen=True, slots=True)
class Totals:
    """People, the sum of imported balances (fen), and by scheme the relations and paid-for months."""

    persons: int
    balc: int
    relations: Mapping[str, int]
    months: Mapping[str, int]


async def totals(connection: AsyncConnection, admdvs: str, *, paid_clct_flags: frozenset[str]) -> Totals:
    """The sums of one area, as imported (our own movements are not in them)."""
    sums = (await connection.execute(_TOTALS, {"admdvs": admdvs})).one()
    relations = await connection.execute(_RELATIONS, {"admdvs": admdvs})
    months = await connection.execute(_MONTHS, {"admdvs": admdvs, "paid_clct_flags": sorted(paid_clct_flags)})
    return Totals(
        persons=sums.persons,
        balc=sums.balc,
        relations={row.insutype: row.relations for row in relations},
        months={row.insutype: row.months for row in months},
    )
