"""One paper case at a time per agency: two clerks who bring in the same relation see each other."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_CLASS = 0x7061_7065  # advisory lock class of cases on paper
_LOCK = text("SELECT pg_advisory_xact_lock(:class, CAST(:admdvs AS integer))")


async def lock_paper(connection: AsyncConnection, admdvs: str) -> None:
    """Wait for, and hold until the transaction ends, the opening of the agency's cases on paper; before any row."""
    await connection.execute(_LOCK, {"class": _CLASS, "admdvs": int(admdvs)})
