"""What the agency holds now of the people of cases."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.case import Case
from shared.agency.known_person import HeldRecord
from shared.agency.repository.records import load_records


async def load_present_records(connection: AsyncConnection, cases: Sequence[Case]) -> dict[str, HeldRecord | None]:
    """The person's record by case number, ``None`` where there is none."""
    records = await load_records(connection, [(case.admdvs, case.psn_no) for case in cases])
    return {case.rlts_traf_id: held for case, held in zip(cases, records, strict=True)}
