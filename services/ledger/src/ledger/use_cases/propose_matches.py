"""The first of two people: say which shares of which lines are for which obligations. Nothing happens by it yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.proposals import (
    ClaimableLine,
    ClaimableObligation,
    Part,
    ProposalNotPossible,
    ProposalState,
    part_kind,
    require_possible,
)
from ledger.domain.suspense import LineKind
from ledger.domain.suspense_steps import SuspenseStep
from ledger.repository import claimables, proposals, reclassification, suspense_events, suspense_items
from ledger.repository.locks import lock_matching
from ledger.repository.proposals import ProposalRow
from ledger.repository.suspense_events import NewEvent
from ledger.use_cases.choose_items import Wanted
from ledger.use_cases.compare_parts import Compared, compare_parts
from shared.errors import DomainError, FieldError, NotFound, PreconditionFailed
from shared.registry.registry import Registry
from shared.web.etags import WHICHEVER, Expected


@dataclass(frozen=True, slots=True)
class WantedPart:
    """A share (fen) of a line for an obligation, by the numbers that people know; another line as it was seen."""

    line_id: int
    rlts_traf_id: str
    obligation_no: str
    amount_fen: int
    expected: Expected = WHICHEVER


@dataclass(frozen=True, slots=True)
class WantedProposal:
    """What a clerk proposes for ``line_id``, as he has seen it; all claims of the lines in ``undone`` go first."""

    line_id: int
    expected: Expected
    reason: str
    parts: Sequence[WantedPart]
    undone: Sequence[Wanted] = ()
    list_digest: str | None = None


@dataclass(slots=True)
class _Known:
    """What the proposals speak of, as it stands."""

    lines: Mapping[int, ClaimableLine]
    versions: Mapping[int, int]
    obligations: Mapping[tuple[str, str], list[ClaimableObligation]]
    claims: Mapping[int, list[Part]]
    errors: list[FieldError] = field(default_factory=list)


async def propose_matches(
    connection: AsyncConnection,
    admdvs: str,
    wanted: Sequence[WantedProposal],
    *,
    registry: Registry,
    by: str,
    now: datetime,
) -> list[UUID | DomainError]:
    """A new proposal for each of ``wanted``, or why not: ``NotFound``, ``PreconditionFailed``, ``ProposalNotPossible``.

    Each keeps what agrees and what differs, by the accounts of ``registry``. Older open proposals for the same lines
    are superseded.
    """
    await lock_matching(connection, [admdvs])
    known = await _known(connection, admdvs, wanted)
    resolved = [_resolved(one, known) for one in wanted]
    standing = await claimables.standing(
        connection, admdvs, [part for parts in resolved if not isinstance(parts, DomainError) for part in parts]
    )
    outcomes: list[UUID | DomainError] = []
    rows: list[tuple[ProposalRow, Sequence[Part]]] = []
    for one, parts in zip(wanted, resolved, strict=True):
        if isinstance(parts, DomainError):
            outcomes.append(parts)
            continue
        try:
            require_possible(parts, standing)
        except ProposalNotPossible as error:
            outcomes.append(error)
            continue
        row = _row(admdvs, one, by, now)
        rows.append((row, parts))
        outcomes.append(row.id)
    compared = await compare_parts(connection, admdvs, [parts for _, parts in rows], standing, registry)
    await _keep(connection, admdvs, rows, compared, by=by, now=now)
    return outcomes


async def _known(connection: AsyncConnection, admdvs: str, wanted: Sequence[WantedProposal]) -> _Known:
    undone = {other.line_id for one in wanted for other in one.undone}
    line_ids = undone | {one.line_id for one in wanted} | {part.line_id for one in wanted for part in one.parts}
    numbers = [(part.rlts_traf_id, part.obligation_no) for one in wanted for part in one.parts]
    obligations: dict[tuple[str, str], list[ClaimableObligation]] = {}
    for row in await claimables.by_number(connection, admdvs, numbers):
        obligations.setdefault((row.rlts_traf_id, row.obligation_no), []).append(row)
    claims: dict[int, list[Part]] = {}
    for claim in await claimables.claims_of(connection, admdvs, undone):
        claims.setdefault(claim.line_id, []).append(claim)
    # What never waited has the version of its line.
    versions = {line.id: line.version for line in await reclassification.lines(connection, admdvs, sorted(line_ids))}
    items = await suspense_items.by_ids(connection, admdvs, sorted(line_ids))
    versions |= {item.line_id: item.version for item in items}
    return _Known(await claimables.lines(connection, admdvs, line_ids), versions, obligations, claims)


def _resolved(one: WantedProposal, known: _Known) -> list[Part] | DomainError:
    """The parts in the ledger's own numbers, those that undo first."""
    if one.line_id not in known.lines:
        return NotFound("没有这笔挂账款项")
    try:
        one.expected.require(known.versions[one.line_id])
    except DomainError as error:
        return error
    changed = _changed(one, known)
    if changed:
        return PreconditionFailed("所选的流水在您读取之后已变动，请重新读取后再提交", errors=changed)
    parts = [claim for other in one.undone for claim in known.claims.get(other.line_id, ())]
    errors: list[FieldError] = []
    for index, part in enumerate(one.parts):
        line = known.lines.get(part.line_id)
        obligation = (
            None
            if line is None
            else _answered(line, known.obligations.get((part.rlts_traf_id, part.obligation_no), ()))
        )
        if line is None or obligation is None:
            what = "没有这笔流水" if line is None else "没有这笔应收或应付"
            errors.append(FieldError(f"/parts/{index}", "not-found", what))
            continue
        parts.append(Part(line.id, obligation.id, part_kind(line, obligation), part.amount_fen))
    if errors:
        return ProposalNotPossible(errors[0].message, errors=errors)
    if not parts:
        return ProposalNotPossible("这笔流水没有可撤销的匹配")
    return parts


def _changed(one: WantedProposal, known: _Known) -> list[FieldError]:
    """Every line besides the one at hand that is not as it was seen; what is not there at all is said elsewhere."""
    seen = [
        *((f"/parts/{index}/version", part.line_id, part.expected) for index, part in enumerate(one.parts)),
        # The line at hand comes first among those whose matches are undone.
        *(
            (f"/other_lines/{index}/version", other.line_id, other.expected)
            for index, other in enumerate(one.undone[1:])
        ),
    ]
    return [
        FieldError(pointer, "version-changed", f"流水 {line_id} 已变动")
        for pointer, line_id, expected in seen
        if line_id in known.versions and not expected.allows(known.versions[line_id])
    ]


def _answered(line: ClaimableLine, named: Sequence[ClaimableObligation]) -> ClaimableObligation | None:
    """Which side of the books the line can answer, where one number stands on both."""
    is_ours = line.kind is not LineKind.RECEIPT
    return next((one for one in named if one.is_ours is is_ours), named[0] if named else None)


def _row(admdvs: str, one: WantedProposal, by: str, now: datetime) -> ProposalRow:
    return ProposalRow(
        uuid4(), admdvs, ProposalState.PROPOSED.value, one.reason, one.list_digest, by, now, None, None, None, 1
    )


async def _keep(
    connection: AsyncConnection,
    admdvs: str,
    rows: Sequence[tuple[ProposalRow, Sequence[Part]]],
    compared: Sequence[Sequence[Compared]],
    *,
    by: str,
    now: datetime,
) -> None:
    line_ids = sorted({part.line_id for _, parts in rows for part in parts})
    await proposals.supersede_lines(connection, admdvs, line_ids, but=())
    await proposals.add(connection, rows, compared)
    present = {item.line_id for item in await suspense_items.by_ids(connection, admdvs, line_ids)}
    events = [
        NewEvent(line_id, SuspenseStep.MATCH_PROPOSED, row.reason, {"proposal_id": str(row.id)})
        for row, parts in rows
        for line_id in sorted({part.line_id for part in parts} & present)
    ]
    await suspense_events.add(connection, admdvs, events, by=by, now=now)
