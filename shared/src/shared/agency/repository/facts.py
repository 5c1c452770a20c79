"""Facts of people, with our own holds laid over them, for any number of people in one round trip."""

from collections.abc import Collection, Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.agency.known_person import KnownPerson, Looked, PersonQuery
from shared.agency.overlay import overlay_relations
from shared.agency.repository.holds import HOLDS_OF_PERSON, to_holds
from shared.agency.summary import PaidSummary, last_paid, paid_runs
from shared.certno import person_key
from shared.contracts.facts import Relation
from shared.person_name import is_same_name

_RELATIONS = TypeAdapter(tuple[Relation, ...])
_SUMMARIES = TypeAdapter(list[PaidSummary])

_FACTS = text(f"""
SELECT q.ord, p.admdvs, p.psn_no, p.psn_name, p.gend, p.balc, p.updt_time, p.received_at,
       CAST(p.relations AS text) AS relations, CAST(p.paid AS text) AS paid, r.as_of, {HOLDS_OF_PERSON}
FROM unnest(CAST(:areas AS text[]), CAST(:keys AS text[])) WITH ORDINALITY AS q(admdvs, person_key, ord)
LEFT JOIN record_freshness r ON r.admdvs = q.admdvs
LEFT JOIN person p ON p.admdvs = q.admdvs AND p.person_key = q.person_key
ORDER BY q.ord, p.updt_time DESC, p.psn_no
""")  # noqa: S608  # only our own SQL is put in


async def load_facts(
    connection: AsyncConnection,
    queries: Sequence[PersonQuery],
    *,
    paid_clct_flags: Collection[str],
    embedded_as_of: datetime | None = None,
) -> list[Looked]:
    """Look people up by area and certificate; one answer per query, in order.

    Of several people with one certificate the one whose name agrees comes first, then the newest.
    ``embedded_as_of``: where our own tables are the core, facts are as of this instant (UTC).
    """
    if not queries:
        return []
    keys = [person_key(each.psn_cert_type, each.certno) for each in queries]
    rows = await connection.execute(_FACTS, {"areas": [each.admdvs for each in queries], "keys": keys})
    looked: list[Looked | None] = [None] * len(queries)
    for row in rows.mappings():
        at = row["ord"] - 1
        found = _to_looked(row, queries[at], paid_clct_flags, embedded_as_of)
        if looked[at] is None or _is_better(found, looked[at]):
            looked[at] = found
    return [each or Looked(None, embedded_as_of) for each in looked]


def _is_better(found: Looked, held: Looked | None) -> bool:
    if found.person is None or held is None or held.person is None:
        return False
    return found.person.is_same_name and not held.person.is_same_name


def freshness(row: RowMapping, embedded_as_of: datetime | None) -> datetime | None:
    """As of when a person's row tells the truth: the later of its receipt and the area's last whole statement."""
    known = [at for at in (row["as_of"], row["received_at"]) if at is not None]
    return embedded_as_of or max(known, default=None)


def _to_looked(
    row: RowMapping, query: PersonQuery, paid_clct_flags: Collection[str], embedded_as_of: datetime | None
) -> Looked:
    as_of = freshness(row, embedded_as_of)
    if row["psn_no"] is None:
        return Looked(None, as_of)
    holds = to_holds(row)
    paid = _SUMMARIES.validate_json(row["paid"])
    person = KnownPerson(
        admdvs=row["admdvs"],
        psn_no=row["psn_no"],
        psn_name=row["psn_name"],
        is_same_name=is_same_name(row["psn_name"], query.psn_name),
        gend=row["gend"],
        relations=overlay_relations(_RELATIONS.validate_json(row["relations"]), holds),
        last_paid=last_paid(paid, paid_clct_flags),
        balc=holds.balance(row["balc"]),
        facts_as_of=as_of,
        paid_runs=paid_runs(paid, paid_clct_flags),
    )
    return Looked(person, as_of)
