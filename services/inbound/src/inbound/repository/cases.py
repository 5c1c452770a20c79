"""Cases: added, locked in key order, saved as sets."""

from collections.abc import Collection, Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.case import InboundCase
from inbound.tables import inbound_case

_CASES = TypeAdapter(list[InboundCase])
_CASE = TypeAdapter(InboundCase)

# A row of inbound_case as a JSON object becomes a row again: every column, none forgotten.
_ADD = text("""
INSERT INTO inbound_case
SELECT * FROM jsonb_populate_recordset(CAST(NULL AS inbound_case), CAST(:rows AS jsonb))
ON CONFLICT (rlts_traf_id) DO NOTHING
""")
_ADD_APPLICATIONS = text("""
INSERT INTO accepted_application (rlts_traf_id, accepted, recorded_at)
SELECT * FROM unnest(CAST(:ids AS text[]), CAST(:documents AS jsonb[]), array_fill(CAST(:now AS timestamptz),
    ARRAY[cardinality(CAST(:ids AS text[]))]))
ON CONFLICT DO NOTHING
""")
_FIXED = {"rlts_traf_id", "trafin_admdvs", "trafout_admdvs", "accepted_at", "psn_cert_type", "certno", "version"}
_TOLD = {"warned_for", "overdue_for"}  # written by the warnings alone
_MUTABLE = tuple(column.name for column in inbound_case.columns if column.name not in _FIXED | _TOLD)
_SAVE = text(f"""
UPDATE inbound_case c SET version = c.version + 1, {", ".join(f"{name} = s.{name}" for name in _MUTABLE)}
FROM jsonb_populate_recordset(CAST(NULL AS inbound_case), CAST(:rows AS jsonb)) s
WHERE c.rlts_traf_id = s.rlts_traf_id
""")  # noqa: S608  # only our own column names are put in
_LOCK = (
    select(inbound_case)
    .where(inbound_case.c.rlts_traf_id == func.any(bindparam("ids")))
    .order_by(inbound_case.c.rlts_traf_id)
    .with_for_update()
)
_LOCK_OWN = _LOCK.where(inbound_case.c.trafin_admdvs == bindparam("trafin_admdvs"))


async def add_cases(
    connection: AsyncConnection, cases: Sequence[InboundCase], applications: Sequence[str], *, now: datetime
) -> None:
    """Add new cases with the JSON of what was accepted; one that exists already stays as it is."""
    if not cases:
        return
    await connection.execute(_ADD, {"rows": _dump(cases)})
    ids = [case.rlts_traf_id for case in cases]
    await connection.execute(_ADD_APPLICATIONS, {"ids": ids, "documents": list(applications), "now": now})


async def lock_cases(
    connection: AsyncConnection, ids: Collection[str], *, trafin_admdvs: str | None = None
) -> dict[str, InboundCase]:
    """Lock cases in key order, so that two sets never deadlock; with ``trafin_admdvs`` only its own."""
    wanted = {"ids": list(ids)}
    if trafin_admdvs is None:
        rows = await connection.execute(_LOCK, wanted)
    else:
        rows = await connection.execute(_LOCK_OWN, wanted | {"trafin_admdvs": trafin_admdvs})
    return {row["rlts_traf_id"]: to_case(row) for row in rows.mappings()}


async def find_case(connection: AsyncConnection, rlts_traf_id: str, *, trafin_admdvs: str) -> InboundCase | None:
    """A case of this agency."""
    query = select(inbound_case).where(
        inbound_case.c.rlts_traf_id == rlts_traf_id, inbound_case.c.trafin_admdvs == trafin_admdvs
    )
    row = (await connection.execute(query)).mappings().first()
    return to_case(row) if row else None


async def save_cases(connection: AsyncConnection, cases: Sequence[InboundCase]) -> None:
    """Save locked cases; each gets its next ``version``."""
    if cases:
        await connection.execute(_SAVE, {"rows": _dump(cases)})


def to_case(row: RowMapping) -> InboundCase:
    """The case of a whole row."""
    return _CASE.validate_python(dict(row))


def _dump(cases: Sequence[InboundCase]) -> str:
    return _CASES.dump_json(list(cases)).decode()
