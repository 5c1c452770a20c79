"""What the sides reported: the newest of each case, and how far each report has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Row, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.breaks import Comparison
from platform_gateway.tables import case_figures
from shared.contracts.events.figures import CaseFigures

_SAVE = text(
    """
    INSERT INTO case_figures AS present
           (rlts_traf_id, sender, side, figures, as_of, message_id, verdict, look_again_at)
    SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (
        rlts_traf_id text, sender text, side text, figures jsonb, as_of timestamptz, message_id uuid, verdict text,
        look_again_at timestamptz)
    ORDER BY rlts_traf_id, sender, side
    ON CONFLICT (rlts_traf_id, sender, side) DO UPDATE
    SET figures = excluded.figures, as_of = excluded.as_of, message_id = excluded.message_id,
        verdict = excluded.verdict, look_again_at = excluded.look_again_at
    WHERE excluded.as_of >= present.as_of
    """
)
_NOTE_PART = text(
    """
    INSERT INTO figures_report AS present (sender, reported_on, started_at, as_of, part, case_count, whole_on)
    VALUES (:sender, :reported_on, :started_at, :as_of, :part, :case_count, :whole_on)
    ON CONFLICT (sender) DO UPDATE
    SET reported_on = excluded.reported_on, started_at = excluded.started_at, as_of = excluded.as_of,
        part = excluded.part, whole_on = coalesce(excluded.whole_on, present.whole_on),
        case_count = CASE WHEN present.reported_on = excluded.reported_on THEN present.case_count ELSE 0 END
            + excluded.case_count
    WHERE excluded.reported_on >= present.reported_on
    """
)
_LOCK_PASS = text(
    """
    INSERT INTO figures_pass AS present (is_only, begun_on, after) VALUES (true, :today, ARRAY['', '', ''])
    ON CONFLICT (is_only) DO UPDATE
    SET begun_on = excluded.begun_on,
        after = CASE WHEN present.begun_on < excluded.begun_on THEN excluded.after ELSE present.after END
    RETURNING after
    """
)
_ADVANCE_PASS = text("UPDATE figures_pass SET after = CAST(:after AS text[])")

Key = tuple[str, str, str]
"""Case, sender and side."""


@dataclass(frozen=True, slots=True)
class Reported:
    """One case as ``sender`` reported it at ``as_of`` (UTC) with message ``message_id``."""

    sender: str
    figures: CaseFigures
    as_of: datetime
    message_id: UUID

    @property
    def asked(self) -> tuple[str, str]:
        """Case and sender, by which the platform's own figures of it are asked for."""
        return self.figures.rlts_traf_id, self.sender

    @property
    def key(self) -> Key:
        """Of these the newest report counts."""
        return self.figures.rlts_traf_id, self.sender, self.figures.side.value


@dataclass(frozen=True, slots=True)
class ReportPart:
    """How far a side's report of a day has come; ``whole_on`` is the day of its last one that came to its end."""

    sender: str
    reported_on: date
    started_at: datetime
    as_of: datetime
    part: int
    case_count: int
    whole_on: date | None


async def save(connection: AsyncConnection, compared: Iterable[tuple[Reported, Comparison]]) -> None:
    """Keep what was reported of each case, with what came of it; an older report never replaces a newer one."""
    rows = [
        {
            "rlts_traf_id": reported.figures.rlts_traf_id,
            "sender": reported.sender,
            "side": reported.figures.side,
            "figures": reported.figures.model_dump(mode="json", exclude_none=True),
            "as_of": reported.as_of,
            "message_id": reported.message_id,
            "verdict": comparison.verdict,
            "look_again_at": comparison.look_again_at,
        }
        for reported, comparison in compared
    ]
    if rows:
        await connection.execute(_SAVE, {"rows": to_json(rows).decode()})


async def lock_due(connection: AsyncConnection, now: datetime, limit: int) -> list[Reported]:
    """Reports that waited for something that must have arrived by now, locked."""
    query = (
        select(case_figures)
        .where(case_figures.c.look_again_at <= now)
        .order_by(case_figures.c.look_again_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_reported(row) for row in await connection.execute(query)]


def _reported(row: Row[Any]) -> Reported:
    return Reported(row.sender, CaseFigures.model_validate(row.figures), row.as_of, row.message_id)


async def lock_pass(connection: AsyncConnection, today: date) -> Key:
    """The last report that the day's pass over all has come to, locked; a new day begins anew."""
    number, sender, side = await connection.scalar(_LOCK_PASS, {"today": today})
    return number, sender, side


async def compared_after(connection: AsyncConnection, after: Key, limit: int) -> list[tuple[Reported, str]]:
    """The reports after ``after``, each with the verdict that stands."""
    place = (case_figures.c.rlts_traf_id, case_figures.c.sender, case_figures.c.side)
    query = select(case_figures).where(func.row(*place) > func.row(*after)).order_by(*place).limit(limit)
    return [(_reported(row), row.verdict) for row in await connection.execute(query)]


async def advance_pass(connection: AsyncConnection, after: Key) -> None:
    """Note how far the day's pass has come."""
    await connection.execute(_ADVANCE_PASS, {"after": list(after)})


async def note_part(connection: AsyncConnection, part: ReportPart) -> None:
    """Note that a part has come; parts of one report come in their order."""
    values = {name: getattr(part, name) for name in ReportPart.__dataclass_fields__}
    await connection.execute(_NOTE_PART, values)


async def in_transit(connection: AsyncConnection) -> tuple[int, datetime | None]:
    """How many reports of cases wait for what is on its way, and since when the oldest does."""
    query = select(func.count(), func.min(case_figures.c.as_of)).where(case_figures.c.verdict == "in_transit")
    count, oldest = (await connection.execute(query)).one()
    return count, oldest
