"""When a relation has arrived: benefits with the last day to pay for an interruption, and contribution years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.addressing import to_platform
from inbound.domain.benefits.decide import decide
from inbound.domain.benefits.from_records import CaseRecords, benefit_facts
from inbound.domain.benefits.payments import Repaid
from inbound.domain.benefits.versions import Cause, DecidedBenefits, Stage, stage_after_completion
from inbound.domain.case import InboundCase
from inbound.domain.years.assess import Assessment, assess
from inbound.domain.years.from_records import years_facts
from inbound.office import Office
from inbound.pooling_areas import pooling_area
from inbound.repository.benefits import add_decisions, keep_open
from inbound.repository.history import Happened, add_history
from inbound.repository.years import add_assessments
from inbound.use_cases.case_policies import CasePolicies, pin_policies
from inbound.use_cases.case_records import records_of
from inbound.use_cases.revoke_back_payments import revoke_back_payments
from shared.agency.core import NewTask, TaskKind
from shared.agency.repository.core_tasks import open_tasks
from shared.clock import local_date
from shared.contracts.events import BenefitsDecided
from shared.contracts.events.relation import BenefitsTold, YearsTold
from shared.law import law
from shared.messaging import Outgoing

_WHAT = {Stage.PROVISIONAL: "benefits_provisional", Stage.FINAL: "benefits_final"}


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, by case number."""

    benefits: Mapping[str, DecidedBenefits] = field(default_factory=dict)
    years: Mapping[str, Assessment] = field(default_factory=dict)

    def benefits_told(self, rlts_traf_id: str) -> BenefitsTold | None:
        """What the platform hears of a case's benefits."""
        found = self.benefits.get(rlts_traf_id)
        return None if found is None else told(found)

    def news(self, cases: Sequence[InboundCase]) -> list[Outgoing]:
        """What the platform hears of cases that were completed before."""
        heard = [(case, self.benefits_told(case.rlts_traf_id)) for case in cases]
        return [
            to_platform(case, BenefitsDecided(benefits=each, years=self.years_told(case.rlts_traf_id)))
            for case, each in heard
            if each is not None
        ]

    def years_told(self, rlts_traf_id: str) -> YearsTold | None:
        """What the platform hears of a case's years."""
        found = self.years.get(rlts_traf_id)
        if found is None:
            return None
        return YearsTold(
            accumulated_months=found.accumulated_months,
            required_months=found.required_months,
            short_months=found.short_months,
            is_reached=found.is_reached,
            needs_local_decision=found.needs_local_decision,
        )


def told(decided: DecidedBenefits) -> BenefitsTold:
    """What others hear of a decision: no more than the person needs, and nothing personal."""
    outcome = decided.decision.outcome
    if_paid = outcome.if_back_paid
    return BenefitsTold(
        is_final=decided.stage is Stage.FINAL,
        rule=outcome.rule,
        first_benefit_date=outcome.first_benefit_date,
        waiting_months=outcome.waiting_months,
        is_gap_reimbursed=outcome.is_gap_reimbursed,
        back_pay_until=outcome.back_pay_until,
        first_benefit_date_if_back_paid=if_paid.first_benefit_date if if_paid else None,
        needs_local_decision=decided.decision.needs_local_decision,
    )


@law("N11-1", "N11-2", "N12")
async def decide_arrived(
    connection: AsyncConnection, cases: Sequence[InboundCase], cause: Cause, office: Office
) -> Decided:
    """Decide the benefits and years of locked cases whose periods have been taken over; keep and tell them."""
    now = office.clock.now()
    known = await pin_policies(connection, cases, office)
    decidable = [case for case in cases if case.rlts_traf_id in known]
    if not decidable:
        return Decided()
    records = await records_of(connection, decidable, office)
    decided = [
        decide_case(case, records[case.rlts_traf_id], known[case.rlts_traf_id], cause, office) for case in decidable
    ]
    payable = {each.rlts_traf_id for each in decided if each.decision.outcome.may_back_pay}
    # A corrected sheet may leave nothing to pay for.
    await revoke_back_payments(connection, [case for case in decidable if case.rlts_traf_id not in payable], office)
    await keep_decided(connection, decidable, decided, office)
    assessed = _assess(decidable, records, known, office)
    await add_assessments(connection, assessed, now=now)
    return Decided(
        {each.rlts_traf_id: each for each in decided}, {case.rlts_traf_id: found for case, found in assessed}
    )


def decide_case(
    case: InboundCase,
    records: CaseRecords,
    policies: CasePolicies,
    cause: Cause,
    office: Office,
    reported: Repaid | None = None,
) -> DecidedBenefits:
    """The decision of a completed case as of today."""
    today = local_date(office.clock.now())
    completed_on = local_date(case.completed_at) if case.completed_at else today
    facts = benefit_facts(records, as_of=today, completed_on=completed_on, reported=reported)
    decision = decide(facts, policies.inbound, policies.outbound)
    return DecidedBenefits(
        rlts_traf_id=case.rlts_traf_id,
        stage=stage_after_completion(decision),
        cause=cause,
        admdvs=case.trafin_admdvs,
        psn_no=case.trafin_psn_no,
        sheet_version=case.sheet_version,
        facts=facts,
        decision=decision,
    )


async def keep_decided(
    connection: AsyncConnection, cases: Sequence[InboundCase], decided: Sequence[DecidedBenefits], office: Office
) -> None:
    """Append versions, ask the core to let people pay for the interruption, and tell the agency's feed."""
    now = office.clock.now()
    await add_decisions(connection, decided, now=now)
    await keep_open(connection, decided, now=now)
    pairs = list(zip(cases, decided, strict=True))
    tasks = [_task(case, each) for case, each in pairs if each.decision.outcome.may_back_pay]
    await open_tasks(connection, tasks, now=now)
    await add_history(connection, [_step(case, each) for case, each in pairs], now=now)


def _task(case: InboundCase, decided: DecidedBenefits) -> NewTask:
    outcome = decided.decision.outcome
    return NewTask(
        kind=TaskKind.ALLOW_BACK_PAYMENT,
        admdvs=case.trafin_admdvs,
        rlts_traf_id=case.rlts_traf_id,
        step=str(case.sheet_version),
        psn_no=case.trafin_psn_no or "",
        psn_insu_rlts_id=case.trafin_rlts_id,
        # Paying is possible up to this day; where a region has set none, from the completion on.
        effective_date=outcome.back_pay_until or decided.facts.as_of,
    )


def _step(case: InboundCase, decided: DecidedBenefits) -> Happened:
    heard = told(decided).model_dump(mode="json")
    return Happened(case, _WHAT[decided.stage], case.state, reason=decided.cause.value, told=heard)


def _assess(
    cases: Sequence[InboundCase],
    records: Mapping[str, CaseRecords],
    policies: Mapping[str, CasePolicies],
    office: Office,
) -> list[tuple[InboundCase, Assessment]]:
    today = local_date(office.clock.now())
    area_of = partial(pooling_area, office.registry.current, on=today)
    found = []
    for case in cases:
        known = records[case.rlts_traf_id]
        if known.held is None:
            continue
        facts = years_facts(
            known.held,
            known.rows,
            is_within_province=known.is_within_province,
            as_of=today,
            area_of=area_of,
            paid_clct_flags=known.paid_clct_flags,
        )
        found.append((case, assess(facts, policies[case.rlts_traf_id].inbound)))
    return found
