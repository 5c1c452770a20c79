"""What a waiting line could be for, with what speaks for and against it."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from ledger.domain.candidates import Candidate, CandidateKind, Criterion, Evidence, Share
from shared.money import Fen


class EvidenceShown(BaseModel):
    """One thing that was compared, in words."""

    criterion: Criterion
    text: str

    @classmethod
    def of(cls, evidence: Evidence) -> "EvidenceShown":
        """As it is answered."""
        return cls(criterion=evidence.criterion, text=evidence.text)


class Comparison(BaseModel):
    """What a match rests on, listed; nothing is weighed into a number."""

    agrees: list[EvidenceShown]
    differs: list[EvidenceShown]
    not_told: list[EvidenceShown] = Field(description="银行没有给出、无从比对的")

    @classmethod
    def lists_of(cls, evidence: Sequence[Evidence]) -> dict[str, list[EvidenceShown]]:
        """The three lists by name."""
        return {
            name: [EvidenceShown.of(one) for one in evidence if one.agrees is agrees]
            for name, agrees in (("agrees", True), ("differs", False), ("not_told", None))
        }


class ShareShown(BaseModel):
    """So much of a line for an obligation; as ``parts`` of a proposal take it."""

    line_id: str
    version: int = Field(description="这笔流水的版本，提出匹配时带上")
    rlts_traf_id: str
    obligation_no: str
    psn_name: str
    due: Fen
    left: Fen = Field(description="这笔业务尚缺的金额")
    amount: Fen

    @classmethod
    def of(cls, share: Share) -> "ShareShown":
        """As it is answered."""
        expected = share.expected
        return cls(
            line_id=str(share.line_id),
            version=share.version,
            rlts_traf_id=expected.rlts_traf_id,
            obligation_no=expected.obligation_no,
            psn_name=expected.psn_name,
            due=expected.due_fen,
            left=expected.left_fen,
            amount=share.amount_fen,
        )


class CandidateShown(Comparison):
    """One possible answer."""

    kind: CandidateKind = Field(
        description="single 一笔对一笔，parts 多笔款项对一笔业务（分次付款），many 一笔款项对多笔业务"
    )
    shares: list[ShareShown]

    @classmethod
    def of(cls, candidate: Candidate) -> "CandidateShown":
        """As it is answered."""
        return cls(
            kind=candidate.kind,
            shares=[ShareShown.of(share) for share in candidate.shares],
            **cls.lists_of(candidate.evidence),
        )


class Candidates(BaseModel):
    """The likeliest first; a list that is cut off says so."""

    items: list[CandidateShown]
    is_cut_off: bool
