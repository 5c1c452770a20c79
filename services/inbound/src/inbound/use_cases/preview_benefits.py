"""A first look at benefits when a case is accepted, and what would come of dates that somebody names."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.benefits.assuming import if_paid
from inbound.domain.benefits.decide import Decision, decide
from inbound.domain.benefits.from_records import benefit_facts
from inbound.domain.benefits.versions import Cause, DecidedBenefits, Stage
from inbound.domain.case import InboundCase
from inbound.office import Office
from inbound.repository.benefits import add_decisions
from inbound.use_cases.case_policies import pin_policies, policies_of
from inbound.use_cases.case_records import own_records, read_case, records_of
from shared.clock import local_date
from shared.contracts.benefits_preview import Assumed
from shared.contracts.facts import SideFacts
from shared.errors import Conflict


class BenefitsUndecided(Conflict):
    """No policy was in force for the case, so that nothing can be said."""

    code = "benefits-undecided"


async def preview_accepted(
    connection: AsyncConnection, accepted: Sequence[tuple[InboundCase, SideFacts]], office: Office
) -> None:
    """Keep a preview of each case just announced, from the outbound's facts and our own record."""
    now = office.clock.now()
    held = await own_records(connection, [case for case, _ in accepted])
    known = await pin_policies(connection, [case for case, _ in accepted], office)
    found = []
    for case, outbound in accepted:
        policies = known.get(case.rlts_traf_id)
        if policies is None:
            continue
        records, today = read_case(case, outbound, (), held[case.rlts_traf_id], office), local_date(now)
        facts = benefit_facts(records, as_of=today, completed_on=today)
        decision = decide(facts, policies.inbound, policies.outbound)
        found.append(
            DecidedBenefits(
                rlts_traf_id=case.rlts_traf_id,
                stage=Stage.PREVIEW,
                cause=Cause.ACCEPTED,
                admdvs=case.trafin_admdvs,
                psn_no=case.trafin_psn_no,
                sheet_version=0,
                facts=facts,
                decision=decision,
            )
        )
    await add_decisions(connection, found, now=now)


async def preview(connection: AsyncConnection, case: InboundCase, office: Office, assumed: Assumed) -> Decision:
    """What would come out on the days that are ``assumed``.

    Raises ``BenefitsUndecided``.
    """
    policies = (await policies_of(connection, [case], office)).get(case.rlts_traf_id)
    if policies is None:
        raise BenefitsUndecided("转入地在受理之日没有已载入的政策，不能试算待遇。")
    records = (await records_of(connection, [case], office))[case.rlts_traf_id]
    today = local_date(office.clock.now())
    completed_on = assumed.complete_on or (local_date(case.completed_at) if case.completed_at else today)
    facts = benefit_facts(records, as_of=today, completed_on=completed_on)
    if assumed.pay_on is not None:
        facts = if_paid(facts, assumed.pay_on, assumed.insured_year)
    return decide(facts, policies.inbound, policies.outbound)
