"""What obligations owe once money that a later version counted otherwise has come, or come back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# Reports of the days before show what was owed then; what no day has ended with was never shown.
_KEEP_PAST = text(
    """
    INSERT INTO obligation_past (obligation_id, until_on, admdvs, kind, known_on, due_fen)
    SELECT o.id, e.until_on, o.admdvs,
           CASE WHEN (o.side = 'payer') = (o.direction = 'pay') THEN 'payment' ELSE 'receipt' END, o.known_on, o.due_fen
    FROM obligation o
    CROSS JOIN LATERAL (SELECT CASE o.state WHEN 'open' THEN :day ELSE o.settled_on END AS until_on) e
    WHERE o.id = ANY(:ids) AND o.due_fen > 0 AND o.known_on < e.until_on
    ON CONFLICT DO NOTHING
    """
)
_OWE_ANEW = text(
    """
    UPDATE obligation o
    SET direction = a.direction, due_fen = a.due_fen, payer_bankacct = a.payer_bankacct,
        payee_bankacct = a.payee_bankacct,
        state = CASE WHEN o.state = 'cancelled' THEN o.state WHEN a.direction = 'nothing' THEN 'settled'
                     ELSE 'open' END,
        known_on = CASE WHEN o.state = 'cancelled' THEN o.settled_on ELSE :day END,
        known_at = CASE WHEN o.state = 'cancelled' THEN o.known_at ELSE :now END,
        settled_on = CASE WHEN o.state = 'cancelled' THEN o.settled_on
                          WHEN a.direction = 'nothing' THEN CAST(:day AS date) END
    FROM unnest(CAST(:ids AS bigint[]), CAST(:directions AS text[]), CAST(:dues AS bigint[]),
                CAST(:payers AS text[]), CAST(:payees AS text[]))
         AS a (id, direction, due_fen, payer_bankacct, payee_bankacct)
    WHERE o.id = a.id
    """
)


@dataclass(frozen=True, slots=True)
class Anew:
    """What an obligation owes instead (fen), and between which accounts."""

    obligation_id: int
    direction: str
    due_fen: int
    payer_bankacct: str
    payee_bankacct: str


async def owe_anew(connection: AsyncConnection, changes: Sequence[Anew], *, day: date, now: datetime) -> None:
    """What obligations owe has changed; those that are not cancelled are known anew, and open or settled by that.

    What they owed until then is kept.
    """
    columns: dict[str, Any] = {
        "ids": [one.obligation_id for one in changes],
        "directions": [one.direction for one in changes],
        "dues": [one.due_fen for one in changes],
        "payers": [one.payer_bankacct for one in changes],
        "payees": [one.payee_bankacct for one in changes],
    }
    await connection.execute(_KEEP_PAST, {"ids": columns["ids"], "day": day})
    await connection.execute(_OWE_ANEW, columns | {"day": day, "now": now})
