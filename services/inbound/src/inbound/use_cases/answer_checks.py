"""Answer the platform's checks (N7): facts and this side's verdict, for any number of applications."""

from collections.abc import Sequence

from inbound.office import Office
from shared.agency.employer_roll import STILL_THERE, with_roll
from shared.agency.known_person import Looked, PersonQuery, side_facts
from shared.agency.use_cases.look_up import look_up
from shared.clock import local_date
from shared.contracts.facts import CheckQuery, CheckResult, Finding, Side, SideFacts
from shared.database import Database
from shared.eligibility import Asked, SideVerdict, check_inbound
from shared.eligibility.policy import rules_for
from shared.errors import FieldError, InvalidInput

_NOT_HERE = Finding(code="A02", is_unknown=True, note="该统筹区不由本服务答复")


async def answer_checks(database: Database, queries: Sequence[CheckQuery], office: Office) -> tuple[CheckResult, ...]:
    """A result per query, in order. An area that this deployment does not serve is unknown, never refused."""
    _require_inbound(queries)
    await office.registry.keep_up()
    people = [_person(query) for query in queries]
    looked = await look_up(database, office.settings, office.source, people, office.clock.now())
    return tuple(_result(query, each, office) for query, each in zip(queries, looked, strict=True))


def _require_inbound(queries: Sequence[CheckQuery]) -> None:
    errors = [
        FieldError(f"/checks/{index}/side", "not-inbound", "本服务只答复转入地一侧的校验")
        for index, query in enumerate(queries)
        if query.side is not Side.INBOUND
    ]
    if errors:
        raise InvalidInput("校验请求发错了服务。", errors=errors)


def _person(query: CheckQuery) -> PersonQuery:
    application = query.lodged.application
    return PersonQuery(query.admdvs, application.psn_cert_type, application.certno, application.psn_name)


def _result(query: CheckQuery, looked: Looked, office: Office) -> CheckResult:
    if query.admdvs not in office.settings.agencies:
        return _answer(query, SideFacts(facts_as_of=None), SideVerdict((_NOT_HERE,)), None)
    application, now = query.lodged.application, office.clock.now()
    rules = rules_for(office.registry.current, query.admdvs, local_date(now))
    known = side_facts(looked, application.trafin_insutype)
    found = with_roll(known, looked, application.applicant, STILL_THERE, office.settings.real_emp_mgt_types)
    verdict = check_inbound(Asked.of(application), found, rules, now)
    return _answer(query, found, verdict, rules.version)


def _answer(query: CheckQuery, found: SideFacts, verdict: SideVerdict, policy_version: str | None) -> CheckResult:
    return CheckResult(
        rlts_traf_id=query.rlts_traf_id,
        side=query.side,
        admdvs=query.admdvs,
        facts=found,
        findings=verdict.findings,
        readings=verdict.readings,
        policy_version=policy_version,
    )
