"""Notes about paper, and who is on the way already."""

from collections.abc import Sequence
from dataclasses import fields
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.case import CaseState
from outbound.domain.paper import PaperStep
from outbound.tables import outbound_case, paper_step
from shared.database.rowset import ROWS, insert_rows

_STEP = TypeAdapter(PaperStep)
_ADD = insert_rows(paper_step, tuple(field.name for field in fields(PaperStep)))
_OVER = (CaseState.ENDED, CaseState.WITHDRAWN, CaseState.TERMINATED)


async def add_step(connection: AsyncConnection, step: PaperStep) -> None:
    """Keep a note; raises the database's integrity error while another one of the case is open."""
    await connection.execute(_ADD, {ROWS: [_STEP.dump_python(step, mode="json")]})


async def save_step(connection: AsyncConnection, step: PaperStep) -> None:
    """Keep what the second clerk said."""
    values = {name: getattr(step, name) for name in ("decided_by", "decided_name", "decided_at", "reason")}
    values["state"] = step.state.value
    await connection.execute(update(paper_step).where(paper_step.c.step_id == step.step_id).values(values))


async def load_step(connection: AsyncConnection, rlts_traf_id: str, step_id: UUID) -> PaperStep | None:
    """A note of a case, locked."""
    query = select(paper_step).where(paper_step.c.rlts_traf_id == rlts_traf_id, paper_step.c.step_id == step_id)
    row = (await connection.execute(query.with_for_update())).mappings().first()
    return _to_step(row) if row else None


async def steps_of(connection: AsyncConnection, rlts_traf_id: str) -> Sequence[PaperStep]:
    """All notes of a case, oldest first."""
    query = (
        select(paper_step)
        .where(paper_step.c.rlts_traf_id == rlts_traf_id)
        .order_by(paper_step.c.entered_at, paper_step.c.step_id)
    )
    return [_to_step(row) for row in (await connection.execute(query)).mappings()]


async def open_cases_of(
    connection: AsyncConnection, admdvs: str, relations: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """By person and scheme: the number of a case of that relation that is still under way, electronic or on paper."""
    c = outbound_case.c
    query = select(c.psn_no, c.trafout_insutype, c.rlts_traf_id).where(
        c.admdvs == admdvs,
        tuple_(c.psn_no, c.trafout_insutype).in_(sorted(set(relations))),
        c.state.not_in([state.value for state in _OVER]),
    )
    return {(row[0], row[1]): row[2] for row in await connection.execute(query)}


def _to_step(row: RowMapping) -> PaperStep:
    return _STEP.validate_python(dict(row))
