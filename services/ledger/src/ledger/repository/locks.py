"""One matching at a time per agency: a statement and a sheet that cross both see each other.

Whoever writes postings of an agency holds its lock, so that closing a month and drawing vouchers see all of them.
"""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_CLASS = 0x6C65_6467  # advisory lock class of the ledger's matching
_LOCK = text("SELECT pg_advisory_xact_lock(:class, CAST(:admdvs AS integer))")


async def lock_matching(connection: AsyncConnection, agencies: Iterable[str]) -> None:
    """Wait for, and hold until the transaction ends, the matching of ``agencies``; always in the same order."""
    for admdvs in sorted(set(agencies)):
        await connection.execute(_LOCK, {"class": _CLASS, "admdvs": int(admdvs)})
