"""Answer the platform: facts of the person and what stands against the transfer on the outbound's side (N7)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.checks import find_obstacles
from outbound.office import Office
from shared.agency.known_person import Looked, PersonQuery, side_facts
from shared.agency.repository.facts import load_facts
from shared.clock import local_date
from shared.contracts.facts import CheckQuery, CheckResult, Finding, Side, SideFacts

_NOT_HERE = Finding(code="A09", is_unknown=True, note="该统筹区不由本服务答复")


async def answer_checks(office: Office, queries: Sequence[CheckQuery]) -> list[CheckResult]:
    """A result per query, in order; all people of one kind of core are looked up in one round trip.

    A query for an agency that this deployment does not serve, or for another side, is answered as unknown.
    """
    now = office.now()
    results = [_unknown(query) for query in queries]
    served = [place for place, query in enumerate(queries) if _is_served(office, query)]
    async with office.database.connection() as connection:
        for is_embedded in (True, False):
            places = [at for at in served if office.settings.is_core_embedded(queries[at].admdvs) is is_embedded]
            people = [_person(queries[at]) for at in places]
            looked = await _look_up(connection, office, people, now if is_embedded else None)
            for at, each in zip(places, looked, strict=True):
                results[at] = _result(office, queries[at], each, now)
    return results


async def _look_up(
    connection: AsyncConnection, office: Office, people: Sequence[PersonQuery], embedded_as_of: datetime | None
) -> list[Looked]:
    flags = office.settings.paid_clct_flags
    return await load_facts(connection, people, paid_clct_flags=flags, embedded_as_of=embedded_as_of)


def _is_served(office: Office, query: CheckQuery) -> bool:
    return query.side is Side.OUTBOUND and query.admdvs in office.settings.agencies


def _person(query: CheckQuery) -> PersonQuery:
    application = query.lodged.application
    return PersonQuery(query.admdvs, application.psn_cert_type, application.certno, application.psn_name)


def _result(office: Office, query: CheckQuery, looked: Looked, now: datetime) -> CheckResult:
    insutype = query.lodged.application.trafout_insutype
    findings = find_obstacles(looked, insutype, now=now, today=local_date(now), rules=office.settings.check_rules)
    # Who does not name the person rightly learns nothing of them.
    is_stranger = any(finding.code == "A09" for finding in findings)
    facts = SideFacts(facts_as_of=looked.facts_as_of) if is_stranger else side_facts(looked, insutype)
    return CheckResult(
        rlts_traf_id=query.rlts_traf_id, side=query.side, admdvs=query.admdvs, facts=facts, findings=findings
    )


def _unknown(query: CheckQuery) -> CheckResult:
    return CheckResult(
        rlts_traf_id=query.rlts_traf_id,
        side=query.side,
        admdvs=query.admdvs,
        facts=SideFacts(facts_as_of=None),
        findings=(_NOT_HERE,),
    )
