"""Where money that names a case waits, or news of it: most sheets come before any money, and nothing is to match."""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_AGENCIES = text(
    """
    SELECT admdvs FROM suspense WHERE settled_on IS NULL AND rlts_traf_id = ANY(:cases)
    UNION
    SELECT admdvs FROM untold WHERE rlts_traf_id = ANY(:cases)
    """
)


async def agencies_with_money(connection: AsyncConnection, cases: Collection[str]) -> set[str]:
    """The agencies in which a line waits that names one of these cases, or something found is not told yet."""
    return set(await connection.scalars(_AGENCIES, {"cases": list(cases)}))
