"""Proposals for cases; one at a time is pending for each."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.proposals import Proposal, ProposalKind, ProposalState
from platform_gateway.tables import case_proposal

_c = case_proposal.c


async def put(connection: AsyncConnection, values: Mapping[str, Any]) -> None:
    """Keep a new proposal in place of the pending one; the caller holds the case's lock."""
    await replace_pending(connection, values["rlts_traf_id"])
    await connection.execute(insert(case_proposal).values(state=ProposalState.PENDING.value, **values))


async def replace_pending(connection: AsyncConnection, rlts_traf_id: str) -> None:
    """Nobody confirms any more what is pending for a case; the caller holds its lock."""
    pending = (_c.rlts_traf_id == rlts_traf_id) & (_c.state == ProposalState.PENDING.value)
    await connection.execute(update(case_proposal).where(pending).values(state=ProposalState.REPLACED.value))


async def find(connection: AsyncConnection, rlts_traf_id: str, proposal_id: UUID) -> Proposal | None:
    """One proposal of a case."""
    query = select(case_proposal).where(_c.rlts_traf_id == rlts_traf_id, _c.proposal_id == proposal_id)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    return Proposal(
        row.proposal_id,
        row.rlts_traf_id,
        ProposalKind(row.kind),
        row.content,
        ProposalState(row.state),
        row.proposed_by,
        row.proposed_for,
        row.proposed_at,
    )


async def confirm(connection: AsyncConnection, proposal_id: UUID, decision: Mapping[str, Any]) -> None:
    """Mark a pending proposal as confirmed; ``decision`` names who, for which agency, when."""
    confirmed = {"state": ProposalState.CONFIRMED.value, **decision}
    await connection.execute(update(case_proposal).where(_c.proposal_id == proposal_id).values(confirmed))


async def listed(connection: AsyncConnection, rlts_traf_id: str, limit: int) -> Sequence[Row[Any]]:
    """The latest ``limit`` proposals of a case, newest first."""
    query = select(case_proposal).where(_c.rlts_traf_id == rlts_traf_id)
    return (await connection.execute(query.order_by(_c.proposed_at.desc(), _c.proposal_id).limit(limit))).all()
