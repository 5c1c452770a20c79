"""What the platform said when it accepted: the application with both sides' facts."""

from collections.abc import Collection

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.facts import SideFacts

_FACTS = TypeAdapter(SideFacts)
_OUTBOUND = text("""
SELECT rlts_traf_id, CAST(accepted #> '{outbound_facts,facts}' AS text) AS facts FROM accepted_application
WHERE rlts_traf_id = ANY(:cases)
""")


async def outbound_facts(connection: AsyncConnection, cases: Collection[str]) -> dict[str, SideFacts]:
    """The outbound's facts of each case that the platform has accepted."""
    rows = await connection.execute(_OUTBOUND, {"cases": sorted(cases)})
    return {row.rlts_traf_id: _FACTS.validate_json(row.facts) for row in rows if row.facts}
