"""Sealed versions, and what became of each. All append-only."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.sealed import SealedVersion
from outbound.tables import sealed_sheet, sheet_answer, sheet_return
from shared.contracts.events.relation import ReturnReason
from shared.contracts.info_sheet import SheetFinding
from shared.database.rowset import ROWS, insert_new_rows, insert_rows

ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class SheetAnswer:
    """What the platform answered to a version: ``ACCEPTED`` with its countersignature, or ``refused``."""

    rlts_traf_id: str
    version: int
    outcome: str
    message_id: UUID
    arrival: str | None = None
    code: str | None = None
    findings: tuple[SheetFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetReturn:
    """That the inbound returned a version, and why."""

    rlts_traf_id: str
    version: int
    reasons: tuple[ReturnReason, ...]
    message_id: UUID
    returned_at: datetime


@dataclass(frozen=True, slots=True)
class SheetIssue:
    """One version in the list of a case's sheets."""

    version: int
    sheet_digest: str
    amount: int
    sealed_at: datetime
    outcome: str | None
    returned_at: datetime | None


_KEEP_SEALED = insert_rows(sealed_sheet, tuple(field.name for field in fields(SealedVersion)))
_KEEP_ANSWERS = insert_new_rows(sheet_answer, (*(field.name for field in fields(SheetAnswer)), "answered_at"))


async def keep_sealed(connection: AsyncConnection, sealed: Sequence[SealedVersion]) -> None:
    """Keep versions; the database refuses a second one of the same case and version, whatever its bytes."""
    if sealed:
        await connection.execute(_KEEP_SEALED, {ROWS: [asdict(each) for each in sealed]})


async def load_sealed(
    connection: AsyncConnection, keys: Collection[tuple[str, int]]
) -> dict[tuple[str, int], SealedVersion]:
    """Sealed versions by (case number, version)."""
    if not keys:
        return {}
    c = sealed_sheet.c
    query = select(sealed_sheet).where(tuple_(c.rlts_traf_id, c.version).in_(list(keys)))
    found = [SealedVersion(**row) for row in (await connection.execute(query)).mappings()]
    return {(each.rlts_traf_id, each.version): each for each in found}


async def load_accepted(connection: AsyncConnection, rlts_traf_id: str) -> list[str]:
    """The sealed texts of the versions of a case that the platform has accepted, oldest first."""
    s, a = sealed_sheet.c, sheet_answer.c
    joined = sealed_sheet.join(sheet_answer, (a.rlts_traf_id == s.rlts_traf_id) & (a.version == s.version))
    query = select(s.sealed_sheet).select_from(joined)
    query = query.where(s.rlts_traf_id == rlts_traf_id, a.outcome == ACCEPTED).order_by(s.version)
    return list((await connection.execute(query)).scalars())


async def keep_answers(connection: AsyncConnection, answers: Sequence[SheetAnswer], *, now: datetime) -> None:
    """Keep what the platform answered; its first answer to a version stays."""
    if answers:
        rows = [{**asdict(each), "answered_at": now} for each in answers]
        await connection.execute(_KEEP_ANSWERS, {ROWS: rows})


async def keep_returns(connection: AsyncConnection, returns: Sequence[SheetReturn]) -> None:
    """Keep what the inbound returned."""
    if returns:
        await connection.execute(insert(sheet_return), [asdict(each) for each in returns])


async def list_issues(connection: AsyncConnection, rlts_traf_id: str) -> list[SheetIssue]:
    """All versions of a case, oldest first."""
    s, a, r = sealed_sheet.c, sheet_answer.c, sheet_return.c
    joined = sealed_sheet.outerjoin(
        sheet_answer, (a.rlts_traf_id == s.rlts_traf_id) & (a.version == s.version)
    ).outerjoin(sheet_return, (r.rlts_traf_id == s.rlts_traf_id) & (r.version == s.version))
    query = select(s.version, s.sheet_digest, s.amount, s.sealed_at, a.outcome, r.returned_at).select_from(joined)
    rows = await connection.execute(query.where(s.rlts_traf_id == rlts_traf_id).order_by(s.version))
    return [SheetIssue(**row) for row in rows.mappings()]
