"""What the platform itself knows of cases, for comparison with what a side reported of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.invariants import OwnCase, OwnSum
from platform_gateway.domain.money import MoneyFactKind
from platform_gateway.domain.states import CaseState
from platform_gateway.repository.money_words import CASES, WORDS
from shared.contracts.codes import Origin

Asked = tuple[str, str]
"""Case and sender."""

_ASKED = "unnest(CAST(:cases AS text[]), CAST(:senders AS text[])) AS k (rlts_traf_id, sender)"
_CASES = text(
    f"""
    SELECT c.rlts_traf_id, k.sender, c.trafout_admdvs, c.trafin_admdvs, c.state, c.state_since, c.origin,
           coalesce(i.applied_sequence, 0) AS applied, x.received_at AS applied_at,
           coalesce(m.last_sequence, 0) AS sent,
           coalesce(s.sheet_version, 0) AS sheet_version, coalesce(s.amount, 0) AS stated, s.arrived_at AS sheet_at,
           encode(sha256(convert_to(s.sealed_sheet, 'UTF8')), 'hex') AS sheet_digest, s.message_id AS sheet_message,
           a.added, a.added_at, a.added_messages
    FROM {_ASKED}
    JOIN transfer_case c USING (rlts_traf_id)
    LEFT JOIN inbox_cursor i
        ON i.rlts_traf_id = c.rlts_traf_id AND i.sender = k.sender AND i.recipient = 'platform'
    LEFT JOIN message_sequence m
        ON m.rlts_traf_id = c.rlts_traf_id AND m.sender = 'platform' AND m.recipient = k.sender
    LEFT JOIN inbox x
        ON x.rlts_traf_id = c.rlts_traf_id AND x.sender = k.sender AND x.recipient = 'platform'
        AND x.sequence = i.applied_sequence
    LEFT JOIN LATERAL (
        SELECT sheet_version, amount, sealed_sheet, arrived_at, message_id FROM sheet
        WHERE rlts_traf_id = c.rlts_traf_id ORDER BY sheet_version DESC LIMIT 1
    ) s ON true
    CROSS JOIN LATERAL (
        SELECT CAST(coalesce(sum(amount), 0) AS bigint) AS added, max(arrived_at) AS added_at,
               coalesce(array_agg(CAST(message_id AS text) ORDER BY addendum_no), '{{}}') AS added_messages
        FROM addendum WHERE rlts_traf_id = c.rlts_traf_id
    ) a
    """  # noqa: S608 - our own text
)
_FACTS = text(
    f"""
    WITH {CASES}, {WORDS}
    SELECT rlts_traf_id, kind, CAST(sum(amount) AS bigint) AS amount, max(recorded_at) AS last_at,
           array_agg(CAST(message_id AS text) ORDER BY fact_no) AS messages
    FROM (
        SELECT rlts_traf_id, kind, amount, recorded_at, message_id, fact_no FROM fact WHERE kind <> 'received'
        UNION ALL
        SELECT rlts_traf_id, 'received', amount, recorded_at, message_id, fact_no FROM receipt
    ) every
    GROUP BY rlts_traf_id, kind
    """  # noqa: S608 - our own text
)


async def read(connection: AsyncConnection, asked: Sequence[Asked]) -> Mapping[Asked, OwnCase]:
    """What the platform knows, by case and sender; those that it does not have are left out."""
    pairs = sorted(set(asked))
    numbers = sorted({number for number, _ in pairs})
    facts: dict[str, dict[MoneyFactKind, OwnSum]] = {}
    for row in await connection.execute(_FACTS, {"cases": numbers}):
        found = OwnSum(row.amount, row.last_at, tuple(row.messages))
        facts.setdefault(row.rlts_traf_id, {})[MoneyFactKind(row.kind)] = found
    values = {"cases": [number for number, _ in pairs], "senders": [sender for _, sender in pairs]}
    rows = await connection.execute(_CASES, values)
    return {(row.rlts_traf_id, row.sender): _own(row, facts.get(row.rlts_traf_id, {})) for row in rows}


def _own(row: Row[Any], facts: Mapping[MoneyFactKind, OwnSum]) -> OwnCase:
    values = dict(row._mapping)
    del values["sender"]
    is_paper = values.pop("origin") == Origin.PAPER
    message = values.pop("sheet_message")
    values["added_messages"] = tuple(values["added_messages"])
    state = CaseState(values.pop("state"))
    return OwnCase(
        **values, state=state, is_paper=is_paper, sheet_message=None if message is None else str(message), facts=facts
    )


_MISSING = """
    SELECT c.rlts_traf_id, c.trafout_admdvs, c.trafin_admdvs, c.state, c.state_since
    FROM transfer_case c
    LEFT JOIN case_figures f ON f.rlts_traf_id = c.rlts_traf_id AND f.sender = :sender AND f.side = :side
    WHERE c.{area} = :admdvs AND c.rlts_traf_id >= :low AND c.rlts_traf_id < :high
      AND c.accepted_at < :before AND c.state NOT IN ('checking', 'refused')
      AND (c.origin <> 'paper' OR right(c.applicant_subject, 6) = :admdvs)
      AND (f.as_of IS NULL OR f.as_of < :started_at) {more}
    ORDER BY c.rlts_traf_id LIMIT :limit
"""
# Books hear of a case with a sheet that moves money.
_MOVES_MONEY = """
      AND c.state NOT IN ('withdrawn', 'terminated')
      AND (SELECT s.amount > 0 AND s.acct_disposition = 'transfer' AND s.arrived_at < :before
           FROM sheet s WHERE s.rlts_traf_id = c.rlts_traf_id ORDER BY s.sheet_version DESC LIMIT 1)
"""
_MISSING_BY_SIDE = {
    "outbound": text(_MISSING.format(area="trafout_admdvs", more="")),
    "inbound": text(_MISSING.format(area="trafin_admdvs", more="")),
    "payer": text(_MISSING.format(area="trafout_admdvs", more=_MOVES_MONEY)),
    "payee": text(_MISSING.format(area="trafin_admdvs", more=_MOVES_MONEY)),
}


async def not_reported(
    connection: AsyncConnection,
    *,
    sender: str,
    side: str,
    low: str,
    high: str,
    started_at: datetime,
    before: datetime,
    limit: int,
) -> Sequence[Row[Any]]:
    """Cases of a side in a range that its report begun at ``started_at`` left out, though they began ``before``."""
    values: dict[str, Any] = {"sender": sender, "side": side, "admdvs": sender[-6:], "low": low}
    values |= {"high": high, "started_at": started_at, "before": before, "limit": limit}
    return (await connection.execute(_MISSING_BY_SIDE[side], values)).all()
