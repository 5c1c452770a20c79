"""Proposals of matches by hand, with their parts."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.candidates import Evidence
from ledger.domain.proposals import Part
from ledger.domain.suspense import LineKind
from ledger.tables import proposal, proposal_part

_PARTS = text(
    """
    SELECT t.proposal_id, t.line_id, t.obligation_id, t.kind, t.amount_fen, t.undoes, t.evidence, o.rlts_traf_id,
           o.obligation_no, o.psn_name, o.due_fen, b.bankacct, l.booked_on, l.amount_fen AS line_fen
    FROM proposal_part t
    JOIN obligation o ON o.id = t.obligation_id
    JOIN statement_line l ON l.id = t.line_id
    JOIN bank_account b ON b.id = l.bank_account_id
    WHERE t.proposal_id = ANY(:ids) AND (CAST(:most AS integer) IS NULL OR t.part_no <= :most)
    ORDER BY t.proposal_id, t.part_no
    """
)
_TOTALS = text(
    """
    SELECT proposal_id, count(*) AS part_count,
           CAST(coalesce(sum(amount_fen) FILTER (WHERE undoes IS NULL), 0) AS bigint) AS claimed_fen
    FROM proposal_part
    WHERE proposal_id = ANY(:ids)
    GROUP BY proposal_id
    """
)
_SUPERSEDE_LINES = text(
    """
    UPDATE proposal p SET state = 'superseded', version = version + 1
    WHERE p.admdvs = :admdvs AND p.state = 'proposed' AND p.id <> ALL(:but)
      AND EXISTS (SELECT FROM proposal_part t WHERE t.proposal_id = p.id AND t.line_id = ANY(:line_ids))
    """
)
# A part that claims needs its line to wait; one that undoes needs its claim to stand.
_SUPERSEDE_SETTLED = text(
    """
    UPDATE proposal p SET state = 'superseded', version = version + 1
    WHERE p.admdvs = :admdvs AND p.state = 'proposed' AND EXISTS (
        SELECT FROM proposal_part t
        JOIN obligation o ON o.id = t.obligation_id
        LEFT JOIN suspense s ON s.line_id = t.line_id
        WHERE t.proposal_id = p.id AND t.undoes IS NULL
          AND NOT EXISTS (SELECT FROM proposal_part u WHERE u.proposal_id = p.id AND u.undoes IS NOT NULL)
          AND (s.settled_on IS NOT NULL OR o.state NOT IN ('open', 'paid')))
    """
)
_DECIDE = text(
    """
    UPDATE proposal p
    SET state = d.state, decided_by = CASE WHEN d.state = 'superseded' THEN NULL ELSE :by END,
        decided_at = :now, decision_reason = d.reason, version = version + 1
    FROM unnest(CAST(:ids AS uuid[]), CAST(:states AS text[]), CAST(:reasons AS text[])) AS d (id, state, reason)
    WHERE p.id = d.id
    """
)


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposal; ``list_digest`` is of the remittance list that it was made from, if one was."""

    id: UUID
    admdvs: str
    state: str
    reason: str
    list_digest: str | None
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None
    version: int


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part, with what people need to see of its line and obligation; amounts in fen."""

    proposal_id: UUID
    line_id: int
    obligation_id: int
    kind: str
    amount_fen: int
    undoes: int | None
    evidence: list[dict[str, Any]] | None
    rlts_traf_id: str
    obligation_no: str
    psn_name: str
    due_fen: int
    bankacct: str
    booked_on: date
    line_fen: int

    @property
    def part(self) -> Part:
        """What the rules look at."""
        return Part(self.line_id, self.obligation_id, LineKind(self.kind), self.amount_fen, self.undoes)


@dataclass(frozen=True, slots=True)
class PartTotals:
    """How many parts a proposal has, and what they claim, in fen."""

    part_count: int
    claimed_fen: int


async def add(
    connection: AsyncConnection,
    rows: Sequence[tuple[ProposalRow, Sequence[Part]]],
    compared: Sequence[Sequence[Sequence[Evidence] | None]],
) -> None:
    """Keep new proposals with their parts, and what was compared for each part."""
    if not rows:
        return
    names = ProposalRow.__dataclass_fields__
    await connection.execute(insert(proposal), [{name: getattr(row, name) for name in names} for row, _ in rows])
    parts = [
        {
            "proposal_id": row.id,
            "part_no": number,
            "line_id": part.line_id,
            "obligation_id": part.obligation_id,
            "kind": part.kind.value,
            "amount_fen": part.amount_fen,
            "undoes": part.undoes,
            "evidence": None if evidence is None else [asdict(one) for one in evidence],
        }
        for (row, parts), of_parts in zip(rows, compared, strict=True)
        for number, (part, evidence) in enumerate(zip(parts, of_parts, strict=True), start=1)
    ]
    await connection.execute(insert(proposal_part), parts)


async def lock(connection: AsyncConnection, admdvs: str, ids: Sequence[UUID]) -> dict[UUID, ProposalRow]:
    """The agency's proposals among ``ids``, locked in order."""
    query = _select().where(proposal.c.admdvs == admdvs, proposal.c.id.in_(ids)).order_by(proposal.c.id)
    rows = await connection.execute(query.with_for_update())
    return {row.id: ProposalRow(**row._mapping) for row in rows}


async def by_ids(connection: AsyncConnection, admdvs: str, ids: Sequence[UUID]) -> dict[UUID, ProposalRow]:
    """The agency's proposals among ``ids``."""
    rows = await connection.execute(_select().where(proposal.c.admdvs == admdvs, proposal.c.id.in_(ids)))
    return {row.id: ProposalRow(**row._mapping) for row in rows}


async def parts_of(
    connection: AsyncConnection, ids: Sequence[UUID], *, most: int | None = None
) -> dict[UUID, list[PartRow]]:
    """The parts of these proposals, in order; of each the first ``most``, or all."""
    found: dict[UUID, list[PartRow]] = {proposal_id: [] for proposal_id in ids}
    for row in await connection.execute(_PARTS, {"ids": list(ids), "most": most}):
        found[row.proposal_id].append(PartRow(**row._mapping))
    return found


async def totals_of(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, PartTotals]:
    """What all parts of these proposals come to."""
    rows = await connection.execute(_TOTALS, {"ids": list(ids)})
    return {row.proposal_id: PartTotals(row.part_count, row.claimed_fen) for row in rows}


async def supersede_lines(
    connection: AsyncConnection, admdvs: str, line_ids: Sequence[int], *, but: Sequence[UUID]
) -> None:
    """Supersede open proposals that speak of these lines, except those of ``but``."""
    values = {"admdvs": admdvs, "line_ids": list(line_ids), "but": list(but)}
    await connection.execute(_SUPERSEDE_LINES, values)


async def supersede_settled(connection: AsyncConnection, admdvs: str) -> None:
    """Supersede open proposals whose lines or obligations have been settled since."""
    await connection.execute(_SUPERSEDE_SETTLED, {"admdvs": admdvs})


async def decide(
    connection: AsyncConnection, decisions: Sequence[tuple[UUID, str, str | None]], *, by: str, now: datetime
) -> None:
    """Keep decisions (id, new state, why); the database refuses ``by`` where that is who proposed."""
    values = {
        "ids": [one[0] for one in decisions],
        "states": [one[1] for one in decisions],
        "reasons": [one[2] for one in decisions],
        "by": by,
        "now": now,
    }
    await connection.execute(_DECIDE, values)


async def page(
    connection: AsyncConnection,
    admdvs: str,
    *,
    state: str | None,
    line_id: int | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[ProposalRow]:
    """An agency's proposals, newest first, up to ``limit + 1``."""
    order = (proposal.c.proposed_at, proposal.c.id)
    query = _select().where(proposal.c.admdvs == admdvs)
    if state is not None:
        query = query.where(proposal.c.state == state)
    if line_id is not None:
        spoken_of = select(proposal_part.c.proposal_id).where(proposal_part.c.line_id == line_id)
        query = query.where(proposal.c.id.in_(spoken_of))
    if after is not None:
        query = query.where(func.row(*order) < func.row(*after))
    query = query.order_by(*(column.desc() for column in order)).limit(limit + 1)
    return [ProposalRow(**row._mapping) for row in await connection.execute(query)]


def _select() -> Any:
    return select(*(proposal.c[name] for name in ProposalRow.__dataclass_fields__))
