"""试算: screen and decide by the very code that answers real applications; nothing is stored."""

from datetime import datetime
from typing import Any

from platform_gateway.domain.case import Case
from platform_gateway.domain.explained import explain
from platform_gateway.domain.screened import Screened, outcome_of
from platform_gateway.domain.verdict import Answers, Terms, decide
from platform_gateway.schemas.applications import (
    AnsweredOutcome,
    ShownDecision,
    ShownUnknown,
    shown_reasons,
)
from platform_gateway.schemas.trials import EligibilityTrial, EligibilityTried, TriedCaller, TriedFacts
from platform_gateway.use_cases.screen_applications import reason_document, screen_applications
from platform_gateway.use_cases.terms import terms_of
from shared.contracts.facts import CheckResult, Side
from shared.eligibility import SideVerdict, check_inbound, check_outbound
from shared.registry.registry import Registry
from shared.registry.tried_policy import with_policy
from shared.web.principal import Principal


def try_eligibility(trial: EligibilityTrial, registry: Registry, now: datetime) -> EligibilityTried:
    """The decision on a tried application; raises ``PolicyRefused`` for a policy that may not be loaded."""
    at = trial.at or now
    tried = with_policy(registry, trial.policy)
    (screened,) = screen_applications([trial.application], _principal(trial.caller), tried, at)
    if screened.case is None:
        return _without_case(screened, at)
    terms = terms_of(tried, screened.case, at, has_open_case=trial.has_open_case)
    answers = Answers(_outbound(trial, screened.case, terms, at), _inbound(trial, screened.case, terms, at))
    verdict = decide(answers, terms, at)
    document = explain(verdict, terms, at, screened.case.decision)
    return EligibilityTried(
        outcome=AnsweredOutcome(verdict.outcome.value),
        at=at,
        reasons=shown_reasons([reason_document(reason) for reason in verdict.reasons]),
        unknown=tuple(ShownUnknown.model_validate({**each, "asked_again_at": None}) for each in document["unknown"]),
        decision=ShownDecision.model_validate(document),
    )


def _principal(caller: TriedCaller) -> Principal:
    return Principal(
        subject="trial",
        scopes=frozenset({"transfers:decide"}) if caller.may_except else frozenset(),
        admdvs=caller.admdvs,
        optins_no=caller.optins_no,
        emp_no=caller.emp_no,
        certno_holder=caller.certno,
    )


def _without_case(screened: Screened, at: datetime) -> EligibilityTried:
    reasons = [reason_document(reason) for reason in screened.reasons]
    articles = dict.fromkeys(article for reason in screened.reasons for article in reason.articles)
    return EligibilityTried(
        outcome=AnsweredOutcome(outcome_of(screened).value),
        at=at,
        reasons=shown_reasons(reasons),
        decision=ShownDecision(articles=tuple(articles), decided_at=at),
    )


def _outbound(trial: EligibilityTrial, case: Case, terms: Terms, at: datetime) -> CheckResult | None:
    if trial.outbound is None:
        return None
    facts = _as_of(trial.outbound, at)
    return _result(case, Side.OUTBOUND, facts, check_outbound(terms.asked, facts, terms.outbound, at))


def _inbound(trial: EligibilityTrial, case: Case, terms: Terms, at: datetime) -> CheckResult | None:
    if trial.inbound is None:
        return None
    facts = _as_of(trial.inbound, at)
    return _result(case, Side.INBOUND, facts, check_inbound(terms.asked, facts, terms.inbound, at))


def _as_of(facts: TriedFacts, at: datetime) -> TriedFacts:
    is_told = "facts_as_of" in facts.model_fields_set
    return facts if is_told else facts.model_copy(update={"facts_as_of": at})


def _result(case: Case, side: Side, facts: TriedFacts, verdict: SideVerdict) -> CheckResult:
    told: dict[str, Any] = {"findings": verdict.findings, "readings": verdict.readings}
    admdvs = case.trafout_admdvs if side is Side.OUTBOUND else case.trafin_admdvs
    # Read already: what travels between real services is made of the same values.
    return CheckResult.model_construct(rlts_traf_id=case.rlts_traf_id, side=side, admdvs=admdvs, facts=facts, **told)
