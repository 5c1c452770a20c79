"""Until when an area's core has told us everything."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_TOLD = text("""
INSERT INTO record_freshness AS f (admdvs, as_of) VALUES (:admdvs, :as_of)
ON CONFLICT (admdvs) DO UPDATE SET as_of = GREATEST(f.as_of, excluded.as_of)
""")


async def told_everything(connection: AsyncConnection, admdvs: str, *, as_of: datetime) -> None:
    """The core's whole statement up to ``as_of`` (UTC) is in; an earlier instant than the one held changes nothing."""
    await connection.execute(_TOLD, {"admdvs": admdvs, "as_of": as_of})
