"""Assessments of contribution years: every version appended."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.case import InboundCase
from inbound.domain.years.assess import Assessment
from inbound.schemas.years import YearsShown
from inbound.tables import years_assessment

_APPEND = text("""
INSERT INTO years_assessment (rlts_traf_id, version, admdvs, psn_no, sheet_version, assessment, policy_version,
                              decided_at)
SELECT a.rlts_traf_id, 1 + coalesce(
           (SELECT max(h.version) FROM years_assessment h WHERE h.rlts_traf_id = a.rlts_traf_id), 0),
       a.admdvs, a.psn_no, a.sheet_version, a.assessment, a.policy_version, :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS a(rlts_traf_id text, admdvs text, psn_no text, sheet_version int,
    assessment jsonb, policy_version text)
""")


@dataclass(frozen=True, slots=True)
class YearsVersion:
    """One version as it is kept (UTC)."""

    version: int
    sheet_version: int
    assessment: YearsShown
    decided_at: datetime
    rlts_traf_id: str


async def add_assessments(
    connection: AsyncConnection, assessed: Sequence[tuple[InboundCase, Assessment]], *, now: datetime
) -> None:
    """Append a version to each of these cases, which the caller has locked."""
    rows = [
        {
            "rlts_traf_id": case.rlts_traf_id,
            "admdvs": case.trafin_admdvs,
            "psn_no": case.trafin_psn_no,
            "sheet_version": case.sheet_version,
            "assessment": YearsShown.of(found).model_dump(mode="json"),
            "policy_version": found.policy_version,
        }
        for case, found in assessed
    ]
    if rows:
        await connection.execute(_APPEND, {"rows": json.dumps(rows, ensure_ascii=False), "now": now})


async def assessments_of(connection: AsyncConnection, rlts_traf_id: str) -> list[YearsVersion]:
    """All versions of a case, the newest first."""
    query = select(years_assessment).where(years_assessment.c.rlts_traf_id == rlts_traf_id)
    rows = await connection.execute(query.order_by(years_assessment.c.version.desc()))
    return [_to_version(row) for row in rows.mappings()]


async def newest_of_person(connection: AsyncConnection, admdvs: str, psn_no: str) -> YearsVersion | None:
    """The last assessment of a person here."""
    table = years_assessment.c
    query = select(years_assessment).where(table.admdvs == admdvs, table.psn_no == psn_no)
    row = (await connection.execute(query.order_by(table.decided_at.desc()).limit(1))).mappings().first()
    return _to_version(row) if row else None


def _to_version(row: RowMapping) -> YearsVersion:
    return YearsVersion(
        version=row["version"],
        sheet_version=row["sheet_version"],
        assessment=YearsShown.model_validate(row["assessment"]),
        decided_at=row["decided_at"],
        rlts_traf_id=row["rlts_traf_id"],
    )
