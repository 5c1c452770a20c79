"""Cases that look like the same money as an old item, and the obligations that wait for somebody to look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.orders import UNRELEASED
from ledger.repository.order_states import listed

# The same side, areas and name, or a number that the old item bears. What somebody has judged of a case stands for its
# later versions. An addendum is money beside the balance, whatever else is known of the person. A sheet under the very
# number of the old item needs no look: it replaces the item as it would replace an older version.
_SAME_PERSON = """o.admdvs = i.admdvs AND o.side = i.side AND o.match_name = i.match_name
          AND o.trafout_admdvs = i.trafout_admdvs AND o.trafin_admdvs = i.trafin_admdvs"""
_FIND = text(
    f"""
    WITH candidate AS (
        SELECT i.item_id, o.id AS obligation_id FROM obligation o JOIN opening_item i ON {_SAME_PERSON}
        WHERE o.id = ANY(:obligations)
        UNION
        SELECT i.item_id, o.id FROM obligation o
        JOIN opening_item i ON i.admdvs = o.admdvs AND i.side = o.side
          AND i.refs @> jsonb_build_array(jsonb_build_object('number', o.rlts_traf_id))
        WHERE o.id = ANY(:obligations)
        UNION
        SELECT i.item_id, o.id FROM opening_item i JOIN obligation o ON {_SAME_PERSON}
        WHERE i.item_id = ANY(CAST(:items AS uuid[]))
        UNION
        SELECT i.item_id, o.id FROM opening_item i
        CROSS JOIN LATERAL jsonb_array_elements(i.refs) AS r (ref)
        JOIN obligation o ON o.rlts_traf_id = r.ref ->> 'number' AND o.admdvs = i.admdvs AND o.side = i.side
        WHERE i.item_id = ANY(CAST(:items AS uuid[]))
    )
    INSERT INTO opening_duplicate (item_id, obligation_id, admdvs, is_same_number, is_same_amount, found_at)
    SELECT i.item_id, o.id, o.admdvs, i.refs @> jsonb_build_array(jsonb_build_object('number', o.rlts_traf_id)),
           o.due_fen = i.amount_fen, :now
    FROM candidate c
    JOIN opening_item i ON i.item_id = c.item_id
    JOIN obligation old ON old.id = i.obligation_id AND old.state <> 'cancelled'
    JOIN obligation o ON o.id = c.obligation_id
    WHERE o.origin <> 'opening' AND o.reason IN ('balance', 'correction') AND o.direction = 'pay'
      AND o.state <> 'cancelled' AND o.rlts_traf_id <> i.rlts_traf_id
      AND NOT EXISTS (
          SELECT FROM opening_duplicate d JOIN obligation judged ON judged.id = d.obligation_id
          WHERE d.item_id = i.item_id AND judged.rlts_traf_id = o.rlts_traf_id AND d.settled_at IS NOT NULL)
    ON CONFLICT DO NOTHING
    RETURNING item_id, obligation_id
    """  # noqa: S608  # only our own SQL is put in
)
_SETTLE = text(
    """
    WITH settled AS (
        UPDATE opening_duplicate d SET settled_at = :now, settled_by = :by, reason = :reason
        WHERE d.admdvs = :admdvs AND d.settled_at IS NULL
          AND (d.item_id = ANY(CAST(:items AS uuid[])) OR d.item_id || ':' || d.obligation_id = ANY(:subjects))
        RETURNING d.item_id, d.obligation_id
    )
    SELECT s.item_id || ':' || s.obligation_id AS subject, s.obligation_id, i.obligation_id AS old_obligation_id
    FROM settled s JOIN opening_item i ON i.item_id = s.item_id
    """
)
# What has been released or has come is a fact; only what is still to happen waits.
_DOUBT = text(
    """
    UPDATE obligation o SET is_doubtful = x.is_doubtful
    FROM (
        SELECT b.id, b.state = 'open'
               AND NOT EXISTS (SELECT FROM payment_order p WHERE p.obligation_id = b.id
                               AND p.state IN ('released', 'paid', 'returned'))
               AND EXISTS (SELECT FROM opening_duplicate d JOIN opening_item i ON i.item_id = d.item_id
                           WHERE d.settled_at IS NULL AND (d.obligation_id = b.id OR i.obligation_id = b.id))
               AS is_doubtful
        FROM obligation b WHERE b.id = ANY(:ids)
    ) x
    WHERE o.id = x.id AND o.is_doubtful <> x.is_doubtful
    RETURNING o.admdvs, o.rlts_traf_id
    """
)
_ORDERS = text(
    f"""
    SELECT p.id, p.state, o.is_doubtful FROM payment_order p JOIN obligation o ON o.id = p.obligation_id
    WHERE o.id = ANY(:ids) AND p.state IN {listed(UNRELEASED)} ORDER BY p.id FOR UPDATE OF p
    """  # noqa: S608  # only our own SQL is put in
)
_PAIRS = text(
    """
    SELECT i.admdvs, i.item_id, o.id AS obligation_id, i.obligation_id AS old_obligation_id, o.rlts_traf_id, i.own_ref,
           f.is_same_number, f.is_same_amount
    FROM opening_duplicate f
    JOIN opening_item i ON i.item_id = f.item_id
    JOIN obligation o ON o.id = f.obligation_id
    WHERE (f.item_id, f.obligation_id) IN (SELECT * FROM unnest(CAST(:items AS uuid[]), CAST(:obligations AS bigint[])))
    ORDER BY i.item_id, o.id
    """
)


@dataclass(frozen=True, slots=True)
class Pair:
    """An old item and an obligation that may be the same money."""

    admdvs: str
    item_id: UUID
    obligation_id: int
    old_obligation_id: int
    rlts_traf_id: str
    own_ref: str
    is_same_number: bool
    is_same_amount: bool

    @property
    def subject(self) -> str:
        """What an alert about it is about."""
        return f"{self.item_id}:{self.obligation_id}"


async def find(
    connection: AsyncConnection,
    *,
    items: Sequence[UUID] = (),
    obligations: Sequence[int] = (),
    now: datetime,
) -> list[Pair]:
    """Keep and answer the new pairs of these old items, or of these obligations, with whatever is like them."""
    values = {"items": list(items), "obligations": list(obligations), "now": now}
    found = (await connection.execute(_FIND, values)).all()
    if not found:
        return []
    keys = {"items": [row.item_id for row in found], "obligations": [row.obligation_id for row in found]}
    return [Pair(**row._mapping) for row in await connection.execute(_PAIRS, keys)]


async def settle(
    connection: AsyncConnection,
    admdvs: str,
    *,
    items: Sequence[UUID] = (),
    subjects: Sequence[str] = (),
    by: str,
    reason: str,
    now: datetime,
) -> tuple[list[str], list[int]]:
    """Close the open pairs of these items, or those that these alerts are about: their subjects, the obligations."""
    values = {"admdvs": admdvs, "items": list(items), "subjects": list(subjects)}
    rows = (await connection.execute(_SETTLE, values | {"by": by, "reason": reason, "now": now})).all()
    touched = {row.obligation_id for row in rows} | {row.old_obligation_id for row in rows}
    return [row.subject for row in rows], sorted(touched)


async def mark_doubtful(connection: AsyncConnection, ids: Sequence[int]) -> list[tuple[str, str]]:
    """Set or lift the doubt of these obligations as their pairs stand: (agency, case) of those that changed."""
    return [(row[0], row[1]) for row in await connection.execute(_DOUBT, {"ids": list(ids)})]


async def unreleased_orders(connection: AsyncConnection, ids: Sequence[int]) -> list[tuple[UUID, str, bool]]:
    """The orders of these obligations that nobody has released: id, state, whether the obligation is doubtful."""
    rows = await connection.execute(_ORDERS, {"ids": list(ids)})
    return [(row.id, row.state, row.is_doubtful) for row in rows]
