"""What an agency knows of people when asked: from its own tables, from what was pushed, or from its core by a call."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.agency.core_source import CoreSource, Pulled
from shared.agency.known_person import Looked, PersonQuery
from shared.agency.repository.facts import load_facts
from shared.agency.settings import AgencySettings
from shared.agency.use_cases.keep_persons import keep_persons
from shared.database import Database
from shared.law import design

_UNTOLD = Looked(None, None)


@design("facts are pushed to us or pulled from the core; a core that does not answer is unknown")
async def look_up(
    database: Database, settings: AgencySettings, source: CoreSource, people: Sequence[PersonQuery], now: datetime
) -> list[Looked]:
    """One answer per person, in order. Cores are asked first, with no transaction open; what they tell is kept.

    ``now`` is UTC. Holds of our own lie over what is pulled as over what is pushed.
    """
    places = [at for at, person in enumerate(people) if source.is_pulled(person.admdvs)]
    pulled = dict(zip(places, await source.ask([people[at] for at in places]), strict=True))
    if pulled:
        async with database.transaction() as connection:
            await _keep(connection, people, pulled, now)
    async with database.connection() as connection:
        found = await _load(connection, settings, people, now)
    return [_as_told(looked, pulled[at]) if at in pulled else looked for at, looked in enumerate(found)]


async def _keep(
    connection: AsyncConnection, people: Sequence[PersonQuery], pulled: dict[int, Pulled | None], now: datetime
) -> None:
    for admdvs in sorted({people[at].admdvs for at in pulled}):
        told = [each for at, each in pulled.items() if each is not None and people[at].admdvs == admdvs]
        records = [record for each in told for record in each.persons]
        if records:
            await keep_persons(connection, admdvs, records, now=now)


async def _load(
    connection: AsyncConnection, settings: AgencySettings, people: Sequence[PersonQuery], now: datetime
) -> list[Looked]:
    found: list[Looked] = [_UNTOLD] * len(people)
    for as_of in (now, None):
        places = [at for at, one in enumerate(people) if settings.is_core_embedded(one.admdvs) is (as_of is not None)]
        asked = [people[at] for at in places]
        looked = await load_facts(connection, asked, paid_clct_flags=settings.paid_clct_flags, embedded_as_of=as_of)
        for at, each in zip(places, looked, strict=True):
            found[at] = each
    return found


def _as_told(looked: Looked, pulled: Pulled | None) -> Looked:
    """The record as of what the core has just told; nothing of before counts where it told nothing."""
    if pulled is None:
        return _UNTOLD
    if not pulled.persons or looked.person is None:
        return Looked(None, pulled.as_of)
    return Looked(replace(looked.person, facts_as_of=pulled.as_of), pulled.as_of)
