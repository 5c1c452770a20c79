"""A core that does not push is asked again about whose benefits are still open (``facts_mode`` pull)."""

from inbound.office import Office
from inbound.repository import benefits
from shared.agency.use_cases.look_up import look_up
from shared.clock import local_date
from shared.database import Database
from shared.law import design


@design("what was decided without a fact is decided again when the fact has come")
async def ask_cores(database: Database, office: Office, *, limit: int) -> int:
    """Ask once a day about the person of each open decision, and keep what is told; about how many.

    A silent core has told nothing: the decision stays as it is until another day.
    """
    areas = office.settings.pulled_cores.keys()
    if not areas:
        return 0
    now = office.clock.now()
    async with database.transaction() as connection:
        people = await benefits.take_to_ask(connection, areas, now=now, today=local_date(now), limit=limit)
    if people:
        await look_up(database, office.settings, office.source, people, now)
    return len(people)
