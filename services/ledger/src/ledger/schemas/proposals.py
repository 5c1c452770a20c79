"""Matches by hand, as clerks propose, see and decide them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from ledger.domain.candidates import Criterion, Evidence
from ledger.domain.proposals import ProposalState
from ledger.repository.proposals import PartRow, PartTotals, ProposalRow
from ledger.schemas.candidates import Comparison
from ledger.schemas.fields import LineId, Reason, RowVersion
from ledger.schemas.payments import BatchDecision
from ledger.use_cases.choose_items import Wanted
from ledger.use_cases.decide_proposals import Decision
from ledger.use_cases.propose_matches import WantedPart, WantedProposal
from shared.contracts.codes import CaseNumber
from shared.contracts.model import Document
from shared.errors import DomainError
from shared.money import Fen
from shared.web.etags import WHICHEVER, Expected, seen

MAX_PARTS, MAX_ITEMS = 500, 200
STATE_NAMES = {
    ProposalState.PROPOSED: "待复核",
    ProposalState.APPROVED: "已通过",
    ProposalState.REJECTED: "已退回",
    ProposalState.SUPERSEDED: "已被取代",
}


class NewPart(Document):
    """A share of a line for an obligation; without ``line_id`` the line at hand, else that line as it was seen."""

    line_id: LineId | None = None
    version: RowVersion | None = Field(default=None, description="写明 line_id 的，读取该笔流水时的 version")
    rlts_traf_id: CaseNumber
    obligation_no: Annotated[str, Field(pattern=r"^[0-9]{1,3}$")]
    amount: Annotated[Fen, Field(gt=0)]

    @model_validator(mode="after")
    def _has_seen_its_line(self) -> "NewPart":
        if (self.line_id is None) != (self.version is None):
            raise ValueError("line_id 与 version 须同时写明")
        return self


class SeenLine(Document):
    """Another line, as it was seen."""

    line_id: LineId
    version: RowVersion


class NewProposal(Document):
    """How lines are split over obligations and joined for them, and why that is right."""

    reason: Reason
    parts: Annotated[tuple[NewPart, ...], Field(min_length=1, max_length=MAX_PARTS)]

    def wanted(self, line_id: int, expected: Expected) -> WantedProposal:
        """What the use case takes."""
        return WantedProposal(line_id, expected, self.reason, _parts(self.parts, line_id))


class NewCorrection(Document):
    """Which matched lines are freed again, the one at hand always, and what they and others stand for instead."""

    reason: Reason
    other_lines: Annotated[tuple[SeenLine, ...], Field(max_length=20, description="一并撤销匹配的其他流水")] = ()
    parts: Annotated[tuple[NewPart, ...], Field(max_length=MAX_PARTS)] = ()

    def wanted(self, line_id: int, expected: Expected) -> WantedProposal:
        """What the use case takes."""
        others = [Wanted(one.line_id, seen(one.version)) for one in self.other_lines if one.line_id != line_id]
        undone = (Wanted(line_id, expected), *others)
        return WantedProposal(line_id, expected, self.reason, _parts(self.parts, line_id), undone)


class NewProposalItem(NewProposal):
    """One of many; ``version`` is that of the suspense item as it was seen."""

    line_id: LineId
    version: RowVersion


class NewProposals(Document):
    """Proposals that stand each by itself."""

    items: Annotated[tuple[NewProposalItem, ...], Field(min_length=1, max_length=MAX_ITEMS)]

    @model_validator(mode="after")
    def _is_bounded(self) -> "NewProposals":
        if sum(len(item.parts) for item in self.items) > MAX_PARTS:
            raise ValueError(f"一次最多 {MAX_PARTS} 项")
        if len({item.line_id for item in self.items}) < len(self.items):
            raise ValueError("同一笔流水只能出现一次")
        return self


class ProposalDecisionItem(BatchDecision):
    """A word on one of many; ``version`` is that of the proposal as it was seen."""

    proposal_id: UUID
    version: RowVersion

    def command(self) -> Decision:
        """What the use case takes."""
        expected = seen(self.version)
        return Decision(self.proposal_id, expected, self.decision == "approve", self.reason)


class ProposalDecisions(Document):
    """Words on proposals that stand each by itself."""

    items: Annotated[tuple[ProposalDecisionItem, ...], Field(min_length=1, max_length=MAX_ITEMS)]

    @model_validator(mode="after")
    def _names_each_once(self) -> "ProposalDecisions":
        if len({item.proposal_id for item in self.items}) < len(self.items):
            raise ValueError("同一提案只能出现一次")
        return self


class PartShown(Comparison):
    """A share of a line for an obligation; ``undo`` takes back what stands, ``claim`` is made.

    The lists say what was compared when it was proposed, for all that the proposal brings to the obligation.
    """

    action: Literal["claim", "undo"]
    line_id: str
    bankacct: str
    booked_on: date
    line_amount: Fen
    kind: str
    rlts_traf_id: str
    obligation_no: str
    psn_name: str
    due: Fen
    amount: Fen

    @classmethod
    def of(cls, row: PartRow) -> "PartShown":
        """As it is answered."""
        return cls(
            action="claim" if row.undoes is None else "undo",
            line_id=str(row.line_id),
            bankacct=row.bankacct,
            booked_on=row.booked_on,
            line_amount=row.line_fen,
            kind=row.kind,
            rlts_traf_id=row.rlts_traf_id,
            obligation_no=row.obligation_no,
            psn_name=row.psn_name,
            due=row.due_fen,
            amount=row.amount_fen,
            **cls.lists_of([_evidence(one) for one in row.evidence or ()]),
        )


class ProposalShown(BaseModel):
    """A proposal with its parts; in a list with the first of them."""

    id: UUID
    state: ProposalState
    state_name: str
    reason: str
    list_digest: str | None = Field(description="据以提出的汇款清单文件的 SHA-256（十六进制）")
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None
    version: int
    amount: Fen = Field(description="认领的金额合计")
    part_count: int = Field(description="共有几部分；列表中只列出前几部分")
    parts: list[PartShown]

    @classmethod
    def of(cls, row: ProposalRow, parts: list[PartRow], totals: PartTotals) -> "ProposalShown":
        """As it is answered."""
        state = ProposalState(row.state)
        return cls(
            id=row.id,
            state=state,
            state_name=STATE_NAMES[state],
            reason=row.reason,
            list_digest=row.list_digest,
            proposed_by=row.proposed_by,
            proposed_at=row.proposed_at,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            decision_reason=row.decision_reason,
            version=row.version,
            amount=totals.claimed_fen,
            part_count=totals.part_count,
            parts=[PartShown.of(part) for part in parts],
        )


class PartError(BaseModel):
    """What is wrong with one part."""

    pointer: str
    code: str
    message: str


class ProposalResult(BaseModel):
    """What became of one item: the proposal, or why not."""

    line_id: str | None = None
    proposal_id: UUID | None = None
    code: str | None = None
    message: str | None = None
    errors: list[PartError] = []

    @classmethod
    def refused(cls, error: DomainError, **named: Any) -> "ProposalResult":
        """One that was refused; ``named`` says which."""
        errors = [PartError(pointer=one.pointer, code=one.code, message=one.message) for one in error.errors]
        return cls(**named, code=error.code, message=error.message, errors=errors)


class ProposalResults(BaseModel):
    """In the order of the items."""

    items: list[ProposalResult]

    @classmethod
    def kept(cls, text: str) -> "ProposalResults":
        """As it was answered before."""
        return cls.model_validate_json(text)

    @classmethod
    def of_proposed(cls, line_ids: Sequence[int], outcomes: Sequence[UUID | DomainError]) -> "ProposalResults":
        """What became of proposals for these lines."""
        items = [
            ProposalResult.refused(outcome, line_id=str(line_id))
            if isinstance(outcome, DomainError)
            else ProposalResult(line_id=str(line_id), proposal_id=outcome)
            for line_id, outcome in zip(line_ids, outcomes, strict=True)
        ]
        return cls(items=items)

    @classmethod
    def of_decided(cls, ids: Sequence[UUID], outcomes: Sequence[DomainError | None]) -> "ProposalResults":
        """What became of decisions about these proposals."""
        items = [
            ProposalResult(proposal_id=proposal_id)
            if outcome is None
            else ProposalResult.refused(outcome, proposal_id=proposal_id)
            for proposal_id, outcome in zip(ids, outcomes, strict=True)
        ]
        return cls(items=items)


def _evidence(kept: dict[str, Any]) -> Evidence:
    return Evidence(Criterion(kept["criterion"]), kept["agrees"], kept["text"])


def _parts(parts: tuple[NewPart, ...], line_id: int) -> list[WantedPart]:
    return [
        WantedPart(
            part.line_id or line_id,
            part.rlts_traf_id,
            part.obligation_no,
            part.amount,
            WHICHEVER if part.version is None else seen(part.version),
        )
        for part in parts
    ]
