"""What the core tells of obligations: money credited to the person, and money that is in nobody's account any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_CREDIT = text(
    """
    WITH told AS (
        SELECT * FROM unnest(CAST(:admdvs AS text[]), CAST(:cases AS text[]), CAST(:numbers AS text[]),
                             CAST(:days AS date[]), CAST(:amounts AS bigint[]), CAST(:refs AS text[]))
        AS t (admdvs, rlts_traf_id, obligation_no, credited_on, credited_fen, core_ref)
    ), locked AS (
        SELECT o.id, t.credited_on, t.credited_fen, t.core_ref
        FROM obligation o JOIN told t USING (admdvs, rlts_traf_id, obligation_no)
        WHERE o.side = 'payee' ORDER BY o.id FOR UPDATE OF o
    )
    UPDATE obligation o
    SET credited_on = l.credited_on, credited_fen = l.credited_fen, core_ref = l.core_ref,
        state = CASE o.state WHEN 'matched' THEN 'credited' ELSE o.state END
    FROM locked l WHERE o.id = l.id
    """
)
# A version or an end that came before the core had answered has cancelled the return that was meant, and counts what
# it would have moved: then the last one gives it back.
_GIVE_FREE = text(
    """
    WITH told AS (
        SELECT * FROM unnest(CAST(:admdvs AS text[]), CAST(:cases AS text[]), CAST(:numbers AS text[]),
                             CAST(:amounts AS bigint[]))
        AS t (admdvs, rlts_traf_id, obligation_no, amount_fen)
    ), meant AS (
        SELECT CASE o.state WHEN 'cancelled' THEN (
                   SELECT max(n.id) FROM obligation n
                   WHERE n.admdvs = o.admdvs AND n.rlts_traf_id = o.rlts_traf_id AND n.side = 'payee'
                     AND n.reason <> 'addendum')
               ELSE o.id END AS id, t.amount_fen
        FROM told t JOIN obligation o USING (admdvs, rlts_traf_id, obligation_no)
        WHERE o.side = 'payee'
    )
    UPDATE obligation o
    SET released_fen = o.released_fen + m.amount_fen
    FROM meant m
    WHERE o.id = m.id AND o.direction = 'return' AND o.released_fen + m.amount_fen <= o.due_fen
    RETURNING o.id, o.released_fen = o.due_fen AS is_free
    """
)


@dataclass(frozen=True, slots=True)
class Free:
    """Money (fen) that ``admdvs`` owes back under a number of a case, and that stands in nobody's account any more."""

    admdvs: str
    rlts_traf_id: str
    obligation_no: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Credit:
    """What the core of ``admdvs`` has credited for an obligation; ``credited_fen`` in fen."""

    admdvs: str
    rlts_traf_id: str
    obligation_no: str
    credited_on: date
    credited_fen: int
    core_ref: str | None


async def credit(connection: AsyncConnection, told: Sequence[Credit]) -> int:
    """Note what the core has credited; how many of the obligations there are."""
    columns = {
        "admdvs": [each.admdvs for each in told],
        "cases": [each.rlts_traf_id for each in told],
        "numbers": [each.obligation_no for each in told],
        "days": [each.credited_on for each in told],
        "amounts": [each.credited_fen for each in told],
        "refs": [each.core_ref for each in told],
    }
    return (await connection.execute(_CREDIT, columns)).rowcount


async def give_free(connection: AsyncConnection, told: Sequence[Free]) -> dict[int, bool]:
    """Note what may go back; the returns meant, and whether all of each may. One that owes less is not among them."""
    columns = {
        "admdvs": [each.admdvs for each in told],
        "cases": [each.rlts_traf_id for each in told],
        "numbers": [each.obligation_no for each in told],
        "amounts": [each.amount_fen for each in told],
    }
    return {row.id: row.is_free for row in await connection.execute(_GIVE_FREE, columns)}
