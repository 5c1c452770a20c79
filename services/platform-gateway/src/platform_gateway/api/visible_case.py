"""A case that the caller may know of."""

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.repository import cases as case_rows
from platform_gateway.visibility import CaseNotFound, Viewer


async def visible_case(context: GatewayContext, viewer: Viewer, rlts_traf_id: str) -> Case:
    """The case; raises ``CaseNotFound`` where there is none for this caller."""
    async with context.database.connection() as connection:
        case = (await case_rows.read(connection, [rlts_traf_id])).get(rlts_traf_id)
    if case is None or not viewer.sees(case):
        raise CaseNotFound
    return case
