"""Somebody has looked at what may be the same money: the obligations that waited for it go on."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.alerts import AlertKind
from ledger.repository import alerts, opening_duplicates
from ledger.use_cases.doubt_obligations import settle_orders
from ledger.use_cases.match_lines import match_cases
from ledger.use_cases.supersede_settled import supersede_settled
from shared.signing.signers import Signers


async def settle_doubts(
    connection: AsyncConnection,
    admdvs: str,
    *,
    items: Sequence[UUID] = (),
    subjects: Sequence[str] = (),
    by: str,
    reason: str,
    signers: Signers,
    now: datetime,
) -> None:
    """Close the pairs of these items or alerts, with their alerts, and match what waited; the caller holds the lock."""
    closed, touched = await opening_duplicates.settle(
        connection, admdvs, items=items, subjects=subjects, by=by, reason=reason, now=now
    )
    kind = AlertKind.OPENING_DUPLICATE.value
    await alerts.settle_about(connection, admdvs, kind, closed, by=by, reason=reason, now=now)
    await supersede_settled(connection, admdvs, now=now)
    changed = await opening_duplicates.mark_doubtful(connection, touched)
    await settle_orders(connection, touched)
    cases = sorted({case for _, case in changed})
    await match_cases(connection, admdvs, cases, signers=signers, now=now)
