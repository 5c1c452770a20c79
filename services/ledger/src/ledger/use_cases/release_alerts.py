"""Two people have found that what alerts hold may go on: close the alerts, and let orders and matching go on."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.alerts import AlertKind
from ledger.repository import alerts, order_blocks, refunds
from ledger.repository.alerts import AlertRow
from ledger.use_cases.match_lines import match_cases
from ledger.use_cases.settle_doubts import settle_doubts
from ledger.use_cases.settle_states import settle_states
from shared.signing.signers import Signers

_REASON = "两人核实，解除提示"


async def release_alerts(
    connection: AsyncConnection,
    admdvs: str,
    released: Mapping[UUID, AlertRow],
    *,
    by: str,
    signers: Signers,
    now: datetime,
) -> None:
    """Carry out approved adjustments, each with its alert; ``by``: who approved. The caller holds the matching lock."""
    if not released:
        return
    await alerts.settle_released(connection, list(released), by=by, now=now)
    lifted = await order_blocks.lift(connection, list(released), by=by, now=now)
    await settle_states(connection, lifted)
    doubts = _subjects(released, AlertKind.OPENING_DUPLICATE)
    if doubts:
        await settle_doubts(connection, admdvs, subjects=doubts, by=by, reason=_REASON, signers=signers, now=now)
    cases = await refunds.cases_of(connection, admdvs, _subjects(released, AlertKind.BANK_ANSWER))
    await match_cases(connection, admdvs, cases, signers=signers, now=now)


def _subjects(released: Mapping[UUID, AlertRow], kind: AlertKind) -> list[str]:
    return [row.subject for row in released.values() if row.kind == kind]
