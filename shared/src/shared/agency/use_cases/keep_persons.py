"""Keep pushed person records where they are newer, and note where they disagree with our own holds."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.agency.overlay import find_conflicts
from shared.agency.repository.persons import UpsertOutcome, lock_holds, note_conflicts, upsert_persons
from shared.contracts.facts import PersonRecord

_TAKEN = (UpsertOutcome.CREATED, UpsertOutcome.UPDATED)


async def keep_persons(
    connection: AsyncConnection, admdvs: str, records: Sequence[PersonRecord], *, now: datetime
) -> list[UpsertOutcome]:
    """Keep a set of records of one area; what became of each, in order.

    Of several records of one person in the set the newest counts, the others are older ones.
    """
    newest = _newest_by_person(records)
    outcomes = await upsert_persons(connection, admdvs, list(newest.values()), now=now)
    taken = [record for psn_no, record in newest.items() if outcomes[psn_no] in _TAKEN]
    await _note_conflicts(connection, admdvs, taken, now)
    return [outcomes[each.psn_no] if newest[each.psn_no] is each else UpsertOutcome.IGNORED_OLDER for each in records]


def _newest_by_person(records: Sequence[PersonRecord]) -> Mapping[str, PersonRecord]:
    newest: dict[str, PersonRecord] = {}
    for each in records:
        held = newest.get(each.psn_no)
        if held is None or (held.updt_time, held.rid) < (each.updt_time, each.rid):
            newest[each.psn_no] = each
    return newest


async def _note_conflicts(
    connection: AsyncConnection, admdvs: str, taken: Sequence[PersonRecord], now: datetime
) -> None:
    holds = await lock_holds(connection, [(admdvs, each.psn_no) for each in taken])
    conflicts = [
        (record, conflict)
        for record in taken
        for balc, held in [holds[(admdvs, record.psn_no)]]
        for conflict in find_conflicts(record.relations, balc, held)
    ]
    await note_conflicts(connection, admdvs, conflicts, now=now)
