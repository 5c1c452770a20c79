"""What goes back to the outbound, and how far it has come."""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.credit import Released
from inbound.repository.money import CreditOutcome
from inbound.tables import balance_release

_c = balance_release.c
_NAMES = tuple(Released.__dataclass_fields__)
_CONFIRM = text("""
UPDATE balance_release b SET released_on = r.released_on, core_ref = r.core_ref, core_failure = r.core_failure
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(
    rlts_traf_id text, obligation_no text, released_on date, core_ref text, core_failure text)
WHERE b.rlts_traf_id = r.rlts_traf_id AND b.obligation_no = r.obligation_no AND b.released_on IS NULL
RETURNING b.rlts_traf_id, b.obligation_no, b.amount, b.reversed_amount
""")


async def add_releases(
    connection: AsyncConnection, releases: Sequence[Released], *, today: date, now: datetime
) -> list[Released]:
    """Keep what goes back; those that may go at once, for nothing of them was ever credited.

    What comes on top of a number whose credit the core is still taking back goes with it.
    """
    rows = [
        {name: getattr(each, name) for name in _NAMES}
        | {"decided_at": now, "released_on": None if each.reversed_amount else today}
        for each in releases
    ]
    if not rows:
        return []
    statement = insert(balance_release)
    more = {name: _c[name] + statement.excluded[name] for name in ("amount", "reversed_amount")}
    added = statement.on_conflict_do_update(index_elements=["rlts_traf_id", "obligation_no"], set_=more)
    kept = await connection.execute(added.returning(_c.rlts_traf_id, _c.released_on), rows)
    free = {case for case, released_on in kept if released_on is not None}
    return [each for each in releases if each.rlts_traf_id in free]


async def releases_of(connection: AsyncConnection, cases: Collection[str]) -> dict[str, list[Released]]:
    """All of these cases, whether the money may go already or not."""
    found: dict[str, list[Released]] = {case: [] for case in cases}
    query = select(*(_c[name] for name in _NAMES)).where(_c.rlts_traf_id.in_(sorted(cases)))
    for row in (await connection.execute(query.order_by(_c.rlts_traf_id, _c.decided_at))).mappings():
        found[row["rlts_traf_id"]].append(Released(**row))
    return found


async def confirm_releases(
    connection: AsyncConnection, outcomes: Sequence[CreditOutcome]
) -> dict[tuple[str, str], Released]:
    """Note what the core said of the entries to take back; the releases meant, by case and obligation."""
    rows = [
        {
            "rlts_traf_id": each.rlts_traf_id,
            "obligation_no": each.obligation_no,
            "released_on": each.credited_on.isoformat() if each.credited_on else None,
            "core_ref": each.core_ref,
            "core_failure": each.core_failure,
        }
        for each in outcomes
    ]
    found = [Released(**row) for row in (await connection.execute(_CONFIRM, {"rows": json.dumps(rows)})).mappings()]
    return {(each.rlts_traf_id, each.obligation_no): each for each in found}
