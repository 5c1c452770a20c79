"""The first of two people: propose to give up the last of what somebody owes us."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.adjustments import AdjustmentKind, AdjustmentUnderWay
from ledger.domain.expected_money import require_rest_write_off
from ledger.repository import adjustments, expected_money
from ledger.repository.locks import lock_matching
from ledger.use_cases.propose_adjustments import Proposer
from shared.errors import NotFound
from shared.web.etags import Expected


async def propose_rest_write_off(
    connection: AsyncConnection,
    admdvs: str,
    rlts_traf_id: str,
    obligation_no: str,
    proposer: Proposer,
    *,
    expected: Expected,
    max_fen: int,
) -> UUID:
    """Propose to write off all that has not come of an obligation; the adjustment's id.

    Raises ``NotFound``, ``PreconditionFailed``, ``AdjustmentUnderWay`` and ``NotAdjustable``.
    """
    await lock_matching(connection, [admdvs])
    one = await expected_money.by_number(connection, admdvs, rlts_traf_id, obligation_no)
    if one is None:
        raise NotFound("没有这笔应收")
    expected.require(one.version)
    if await adjustments.is_open_for(connection, one.obligation_id):
        raise AdjustmentUnderWay("这笔应收已有待复核的调整：先由另一人复核，或由提出人撤回")
    require_rest_write_off(one, one.left_fen, max_fen)
    row = proposer.adjustment(AdjustmentKind.WRITE_OFF, amount_fen=one.left_fen, obligation_id=one.obligation_id)
    await adjustments.add(connection, admdvs, [row])
    return row.id
