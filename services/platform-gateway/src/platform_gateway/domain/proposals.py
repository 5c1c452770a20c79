"""What one person proposes for a case and another confirms (domain §3, §4; *design*)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from platform_gateway.domain.case import Case
from platform_gateway.domain.money import MoneyState
from platform_gateway.domain.states import CaseState, CommandNotAllowed
from platform_gateway.domain.verdict import Answers, Terms, known_reasons
from shared.contracts.codes import MoneyPath
from shared.contracts.facts import CheckResult
from shared.errors import Conflict, Forbidden


class ProposalKind(StrEnum):
    """An end after the sheet was issued, or the verdict on a case whose sides do not answer."""

    TERMINATION = "termination"
    SETTLEMENT = "settlement"


class ProposalState(StrEnum):
    """``replaced``: a later proposal for the same case took its place."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    REPLACED = "replaced"


class ProposalDecided(Conflict):
    """The proposal was confirmed, or another one took its place."""

    code = "proposal-decided"


class SecondPersonNeeded(Forbidden):
    """Who confirms must be somebody else, for a termination somebody of the other side."""

    code = "second-person-needed"


class MoneyPathDiffers(Conflict):
    """The money stands where the stated path does not begin."""

    code = "money-path-differs"


class FactsMissing(Conflict):
    """Nobody can be accepted of whom a side has never told person and relation."""

    code = "facts-missing"


class ReasonKnown(Conflict):
    """A side has told what stands against the application: only what nobody can tell is settled by hand."""

    code = "reason-known"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal; ``content`` is its document, ``proposed_for`` the agency that it comes from."""

    proposal_id: UUID
    rlts_traf_id: str
    kind: ProposalKind
    content: dict[str, Any]
    state: ProposalState
    proposed_by: str
    proposed_for: str
    proposed_at: datetime


_PATHS: Mapping[MoneyState, MoneyPath] = {
    MoneyState.NONE: MoneyPath.NONE,
    MoneyState.SETTLED_OTHERWISE: MoneyPath.NONE,
    MoneyState.AWAITING_PAYMENT: MoneyPath.RETAINED_AT_OUTBOUND,
    MoneyState.RETURNED_TO_PAYER: MoneyPath.RETAINED_AT_OUTBOUND,
}


def require_fitting(money_path: MoneyPath, money_state: MoneyState) -> None:
    """Raise ``MoneyPathDiffers`` unless the path begins where the money stands: what has left must come back."""
    fitting = _PATHS.get(money_state, MoneyPath.RETURN_TO_OUTBOUND)
    if money_path is not fitting:
        raise MoneyPathDiffers(f"资金当前状态下应填写的资金去向为 {fitting.value}")


def require_confirmable(proposal: Proposal, case: Case, subject: str, admdvs: str) -> None:
    """Raise ``ProposalDecided`` or ``SecondPersonNeeded`` where this person of this agency may not confirm."""
    if proposal.state is not ProposalState.PENDING:
        raise ProposalDecided("该提议已有处理结果")
    if subject == proposal.proposed_by:
        raise SecondPersonNeeded("提议须由另一人确认")
    needs_other_side = proposal.kind is ProposalKind.TERMINATION and len(case.sides) > 1
    if needs_other_side and admdvs == proposal.proposed_for:
        raise SecondPersonNeeded("终止须由另一方经办机构确认")


def require_settleable(case: Case, is_time: bool) -> None:
    """Raise ``CommandNotAllowed`` unless the case is still unanswered and has been for long enough."""
    if case.state is not CaseState.CHECKING:
        raise CommandNotAllowed("只有校验中的办件可以人工处理")
    if not is_time:
        raise CommandNotAllowed("尚未到可以人工处理的时间，系统仍在自动查询")


def require_known(case: Case, answers: Answers) -> None:
    """Raise ``FactsMissing`` unless both sides have once told the person, and the outbound the relation."""
    application = case.lodged["application"]
    outbound_knows = _knows(answers.outbound, application["trafout_insutype"])
    inbound_knows = _knows(answers.inbound, application["trafin_insutype"])
    if not (outbound_knows and inbound_knows):
        raise FactsMissing("转出地或转入地从未提供该参保人的信息，不能人工受理")


def require_nothing_against(answers: Answers, terms: Terms, at: datetime) -> None:
    """Raise ``ReasonKnown`` where facts that still hold at ``at`` (UTC) refuse, whatever the silent side would say."""
    known = known_reasons(answers, terms, at)
    if known:
        raise ReasonKnown("已有确定的不予受理原因，不能人工受理：" + "、".join(reason.code for reason in known))


def _knows(answer: CheckResult | None, insutype: str) -> bool:
    if answer is None or answer.facts.psn_no is None:
        return False
    return any(relation.insutype == insutype for relation in answer.facts.relations)
