"""Answer the platform: facts of the person and what stands against the transfer on the outbound's side (N7)."""

from collections.abc import Sequence
from datetime import datetime

from outbound.office import Office
from shared.agency.employer_roll import UNTIL_LATELY, with_roll
from shared.agency.known_person import Looked, PersonQuery, side_facts
from shared.agency.use_cases.look_up import look_up
from shared.clock import local_date
from shared.contracts.facts import CheckQuery, CheckResult, Finding, Side, SideFacts
from shared.eligibility import Asked, check_outbound
from shared.eligibility.policy import rules_for

_NOT_HERE = Finding(code="A09", is_unknown=True, note="该统筹区不由本服务答复")


async def answer_checks(office: Office, queries: Sequence[CheckQuery]) -> list[CheckResult]:
    """A result per query, in order.

    A query for an agency that this deployment does not serve, or for another side, is answered as unknown.
    """
    await office.registry_copy.keep_up()
    now = office.now()
    results = [_unknown(query) for query in queries]
    served = [place for place, query in enumerate(queries) if _is_served(office, query)]
    people = [_person(queries[at]) for at in served]
    looked = await look_up(office.database, office.settings, office.source, people, now)
    for at, each in zip(served, looked, strict=True):
        results[at] = _result(office, queries[at], each, now)
    return results


def _is_served(office: Office, query: CheckQuery) -> bool:
    return query.side is Side.OUTBOUND and query.admdvs in office.settings.agencies


def _person(query: CheckQuery) -> PersonQuery:
    application = query.lodged.application
    return PersonQuery(query.admdvs, application.psn_cert_type, application.certno, application.psn_name)


def _result(office: Office, query: CheckQuery, looked: Looked, now: datetime) -> CheckResult:
    application, settings = query.lodged.application, office.settings
    known = side_facts(looked, application.trafout_insutype)
    facts = with_roll(known, looked, application.applicant, UNTIL_LATELY, settings.real_emp_mgt_types)
    rules = rules_for(office.registry, query.admdvs, local_date(now))
    verdict = check_outbound(Asked.of(application), facts, rules, now, settings.transfer_words)
    return CheckResult(
        rlts_traf_id=query.rlts_traf_id,
        side=query.side,
        admdvs=query.admdvs,
        facts=facts,
        findings=verdict.findings,
        readings=verdict.readings,
        policy_version=rules.version,
    )


def _unknown(query: CheckQuery) -> CheckResult:
    return CheckResult(
        rlts_traf_id=query.rlts_traf_id,
        side=query.side,
        admdvs=query.admdvs,
        facts=SideFacts(facts_as_of=None),
        findings=(_NOT_HERE,),
    )
