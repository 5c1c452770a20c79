"""What agrees and what differs between the lines and obligations of proposals, as it stands when they are made."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.candidates import Counterpart, Evidence, WaitingLine, evidence_of
from ledger.domain.proposals import Part, Standing
from ledger.domain.suspense import LineKind
from ledger.repository import candidates
from ledger.use_cases.waiting_lines import waiting_lines
from shared.law import design
from shared.registry.registry import Registry

Compared = Sequence[Evidence] | None
"""What was compared for a part; ``None`` for one that undoes."""


@design("a proposal keeps what was compared when it was made, for the person who decides it")
async def compare_parts(
    connection: AsyncConnection,
    admdvs: str,
    proposed: Sequence[Sequence[Part]],
    standing: Standing,
    registry: Registry,
) -> list[list[Compared]]:
    """By proposal and part. Amounts are compared for all that one proposal brings to an obligation together."""
    parts = [part for each in proposed for part in each if part.undoes is None]
    rows = await candidates.compared_lines(connection, admdvs, {part.line_id for part in parts})
    lines = {line.id: line for line in waiting_lines(rows.values(), registry)}
    obligations = await candidates.compared_obligations(connection, admdvs, {part.obligation_id for part in parts})
    return [_compared(each, standing, lines, obligations) for each in proposed]


def _compared(
    parts: Sequence[Part], standing: Standing, lines: Mapping[int, WaitingLine], obligations: Mapping[int, Counterpart]
) -> list[Compared]:
    brought, freed = Counter[int](), Counter[int]()
    for part in parts:
        (brought if part.undoes is None else freed)[part.obligation_id] += part.amount_fen
    compared: list[Compared] = []
    for part in parts:
        if part.undoes is not None:
            compared.append(None)
            continue
        known = standing.obligations[part.obligation_id]
        left = known.due_fen if part.kind is LineKind.RETURN else known.left_fen + freed[part.obligation_id]
        line = replace(lines[part.line_id], left_fen=brought[part.obligation_id])
        compared.append(evidence_of(line, replace(obligations[part.obligation_id], left_fen=left)))
    return compared
