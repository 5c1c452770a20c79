"""The second of two people: approve matches by hand, which are then claimed, booked and told, or reject them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.proposals import (
    ProposalDecided,
    ProposalNotPossible,
    ProposalState,
    require_possible,
)
from ledger.domain.suspense import LineKind
from ledger.domain.suspense_steps import SuspenseStep
from ledger.domain.two_people import require_other_person
from ledger.repository import (
    adjustments,
    alerts,
    claimables,
    claims,
    exchanges,
    postings,
    proposals,
    suspense_events,
    suspense_items,
)
from ledger.repository.claims import Claimed
from ledger.repository.exchanges import Exchanged
from ledger.repository.locks import lock_matching
from ledger.repository.proposals import PartRow, ProposalRow
from ledger.repository.suspense_events import NewEvent
from ledger.use_cases import tell, tell_claims
from ledger.use_cases.match_lines import match_cases
from ledger.use_cases.renew_dues import renew_dues
from shared.clock import local_date
from shared.errors import DomainError, NotFound
from shared.signing.signers import Signers
from shared.web.etags import Expected


@dataclass(frozen=True, slots=True)
class Decision:
    """A word on one proposal, as it was seen."""

    proposal_id: UUID
    expected: Expected
    is_approved: bool
    reason: str | None


async def decide_proposals(
    connection: AsyncConnection,
    admdvs: str,
    decisions: Sequence[Decision],
    *,
    by: str,
    signers: Signers,
    now: datetime,
) -> list[DomainError | None]:
    """Decide each as ``by``: ``None``, or why not.

    ``NotFound``, ``PreconditionFailed``, ``ProposalDecided``, ``SamePerson``, ``ProposalNotPossible`` (the
    proposal is superseded by that, so the caller commits before raising).
    """
    await lock_matching(connection, [admdvs])
    ids = [one.proposal_id for one in decisions]
    rows = await proposals.lock(connection, admdvs, ids)
    parts = await proposals.parts_of(connection, list(rows))
    standing = await claimables.standing(
        connection,
        admdvs,
        [part.part for one in decisions if one.is_approved for part in parts.get(one.proposal_id, ())],
    )
    outcomes: list[DomainError | None] = []
    decided: dict[UUID, tuple[ProposalState, str | None]] = {}
    for one in decisions:
        try:
            _require_decidable(rows.get(one.proposal_id), one, decided, by)
            if one.is_approved:
                require_possible([part.part for part in parts[one.proposal_id]], standing)
        except ProposalNotPossible as error:
            decided[one.proposal_id] = (ProposalState.SUPERSEDED, error.message)
            outcomes.append(error)
        except DomainError as error:
            outcomes.append(error)
        else:
            state = ProposalState.APPROVED if one.is_approved else ProposalState.REJECTED
            decided[one.proposal_id] = (state, one.reason)
            outcomes.append(None)
    kept = [(proposal_id, state.value, reason) for proposal_id, (state, reason) in decided.items()]
    await proposals.decide(connection, kept, by=by, now=now)
    approved = [one for one, (state, _) in decided.items() if state is ProposalState.APPROVED]
    lines = {part.line_id for proposal_id in approved for part in parts[proposal_id]}
    await _carry_out(connection, admdvs, approved, lines, signers=signers, now=now)
    await _note(connection, admdvs, decided, parts, by=by, now=now)
    return outcomes


def _require_decidable(row: ProposalRow | None, one: Decision, decided: Mapping[UUID, object], by: str) -> None:
    if row is None:
        raise NotFound("没有这个匹配提案")
    one.expected.require(row.version)
    if row.state != ProposalState.PROPOSED or row.id in decided:
        raise ProposalDecided("该提案已经复核，或已被取代")
    require_other_person(row.proposed_by, by, "人工匹配须由两人办理：提出人不能复核自己的提案")


async def _carry_out(
    connection: AsyncConnection,
    admdvs: str,
    approved: Sequence[UUID],
    lines: Collection[int],
    *,
    signers: Signers,
    now: datetime,
) -> None:
    if not approved:
        return
    today = local_date(now)
    undone = await claims.undo(connection, approved, today=today, now=now)
    await postings.undo_claims(connection, undone, now=now)
    paid_after_all = await claims.restore_paid(connection, undone, today=today)
    await claims.release(connection, approved, now=now)
    made = await claims.add(connection, approved, today=today, now=now)
    line_ids = await claims.settle_lines(connection, made, now=now)
    covered = await claims.settle_obligations(connection, made, today=today)
    await postings.book_claims(connection, admdvs, made, now=now)
    outgoing = [
        *tell_claims.of_paid_after_all(admdvs, paid_after_all, today=today),
        *tell_claims.of_exchanged(admdvs, await _exchanged(connection, [*undone, *made], covered), now=now),
        *tell_claims.of_claims(admdvs, covered, now=now),
        *tell_claims.of_misnamed(admdvs, await claims.misnamed(connection, line_ids)),
        *tell_claims.of_named_again(admdvs, await exchanges.named_again(connection, undone)),
    ]
    await tell.send(connection, outgoing, signers=signers, now=now)
    come_back = {claim.rlts_traf_id for claim in covered if claim.kind == LineKind.RETURN}
    changed = await renew_dues(connection, admdvs, (), come_back=come_back, now=now)
    await adjustments.supersede_settled(connection, admdvs, now=now)
    await alerts.settle_explained(connection, admdvs, now=now)
    beside = await suspense_items.waiting_beside(connection, admdvs, lines)
    await match_cases(connection, admdvs, {*changed, *beside}, signers=signers, now=now)


async def _exchanged(
    connection: AsyncConnection, claim_ids: Sequence[int], covered: Sequence[Claimed]
) -> list[Exchanged]:
    return await exchanges.exchanged(connection, claim_ids, covered={one.obligation_id for one in covered})


async def _note(
    connection: AsyncConnection,
    admdvs: str,
    decided: Mapping[UUID, tuple[ProposalState, str | None]],
    parts: Mapping[UUID, Sequence[PartRow]],
    *,
    by: str,
    now: datetime,
) -> None:
    touched = [part.line_id for proposal_id in decided for part in parts[proposal_id]]
    present = {item.line_id for item in await suspense_items.by_ids(connection, admdvs, touched)}
    events = [
        NewEvent(line_id, step, reason, {"proposal_id": str(proposal_id)})
        for proposal_id, (state, reason) in decided.items()
        for line_id, step in _steps(parts[proposal_id], state)
        if line_id in present
    ]
    await suspense_events.add(connection, admdvs, events, by=by, now=now)


def _steps(parts: Sequence[PartRow], state: ProposalState) -> list[tuple[int, SuspenseStep]]:
    """What happened to each line of a proposal, once each; nothing where it was superseded."""
    if state is ProposalState.REJECTED:
        return list(dict.fromkeys((part.line_id, SuspenseStep.MATCH_REJECTED) for part in parts))
    if state is not ProposalState.APPROVED:
        return []
    made, undone = SuspenseStep.MATCH_APPROVED, SuspenseStep.MATCH_UNDONE
    return list(dict.fromkeys((part.line_id, made if part.undoes is None else undone) for part in parts))
