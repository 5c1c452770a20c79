"""A sheet is corrected after the completion (*design*): a new version is drafted while the relation stays ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outbound.domain.case import Actor, Case, CaseState
from outbound.domain.decision import Decision, decide, require
from outbound.domain.errors import AmountNotTransferred, CommandNotAllowed, MoneyUnderWay
from outbound.domain.transitions.sealing import MONEY_UNDER_WAY, may_state
from shared.contracts.codes import AcctDisposition, CorrectionKind
from shared.contracts.events.relation import TransferCorrected
from shared.law import design

_ABANDONABLE = (CaseState.DRAFTING, CaseState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Correction:
    """Why a further version is sealed, and the amount (fen) that it has to state; ``None``: as before."""

    kind: CorrectionKind
    reason: str
    amount: int | None = None


@design("correction of a sheet after completion")
def begin_correction(case: Case, ask: Correction, actor: Actor, at: datetime) -> Decision:
    """An ended case goes back to the draft of its next version; the relation stays ended.

    From here on it is handled as every version: 经办, 复核, freeze, seal. Raises ``CommandNotAllowed`` before the
    end and while another correction is under way, ``AmountNotTransferred`` where no balance travels, and
    ``MoneyUnderWay`` for another amount while that of an earlier correction is on its way.
    """
    require(case, "correction", CaseState.ENDED)
    if ask.amount is not None and case.acct_disposition is not AcctDisposition.TRANSFER:
        raise AmountNotTransferred("该办件的个人账户余额不划转，不能更正划转金额")
    if ask.amount is not None and not may_state(case, ask.amount):
        raise MoneyUnderWay(MONEY_UNDER_WAY)
    return decide(
        case,
        "correction_begun",
        CaseState.DRAFTING,
        at,
        actor,
        reason=f"{ask.kind}：{ask.reason}",
        sheet_version=case.sheet_version + 1,
        correction_kind=ask.kind,
        correction_reason=ask.reason,
        corrected_amount=ask.amount,
        findings=(),
    )


@design("correction of a sheet after completion")
def abandon_correction(case: Case, reason: str, actor: Actor, at: datetime) -> Decision:
    """Give up a correction that was not sealed yet; the number of the version is not used again."""
    require(case, "abandonment", *_ABANDONABLE)
    if case.correction_kind is None or case.return_reasons:
        raise CommandNotAllowed("没有可以放弃的更正", code="abandonment-not-allowed")
    return _back_to_the_end(case, "correction_abandoned", actor, at, reason=reason)


@design("correction of a sheet after completion")
def end_correction(case: Case, event: TransferCorrected, actor: Actor, at: datetime) -> Decision:
    """The inbound has synced the corrected version."""
    require(case, "correction-sync", CaseState.SHEET_ACCEPTED)
    if case.correction_kind is None:
        raise CommandNotAllowed("该办件没有正在办理的更正", code="correction-sync-not-allowed")
    synced = {"synced_amount": case.owed_amount, "synced_obligation_no": case.obligation_no}
    return _back_to_the_end(case, "correction_synced", actor, at, corrected_at=event.corrected_at, **synced)


def _back_to_the_end(case: Case, name: str, actor: Actor, at: datetime, **changes: Any) -> Decision:
    return decide(
        case,
        name,
        CaseState.ENDED,
        at,
        actor,
        correction_kind=None,
        correction_reason=None,
        corrected_amount=None,
        **changes,
    )
