"""Give each obligation that our own bank account has to move its payment order: payments, and returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.obligations import BookSide, Direction, is_ours_to_move
from ledger.domain.orders import OrderState
from ledger.domain.payable import Route
from ledger.repository import obligations, rejections
from ledger.use_cases.settle_states import settle_states
from shared.case_number import end_to_end_id
from shared.law import design
from shared.person_name import normalise_name


@dataclass(frozen=True, slots=True)
class Mover:
    """An obligation just kept, with all that its order needs; ``due_fen`` in fen.

    ``is_free``: the inbound has given free all of this return already, when an older version owed it.
    """

    obligation_id: int
    admdvs: str
    side: BookSide
    direction: Direction
    rlts_traf_id: str
    obligation_no: str
    psn_name: str
    due_fen: int
    way: Route
    is_free: bool = False


@design("a return waits until the inbound says that the money stands in nobody's account")
async def add_orders(connection: AsyncConnection, movers: Sequence[Mover], *, now: datetime) -> None:
    """Orders for those that are ours to move; one that a clerk holds, or a return not given free, begins as held.

    So does one over what an older order was to pay of which the bank says both that it refused and that it paid it.
    """
    ours = [mover for mover in movers if is_ours_to_move(mover.side, mover.direction)]
    held = await obligations.held_cases(connection, [(one.admdvs, one.rlts_traf_id) for one in ours])
    rows = [_order(mover, now) | {"state": _first_state(mover, held).value} for mover in ours]
    await obligations.add_orders(connection, rows)
    agencies, cases = {one.admdvs for one in ours}, {one.rlts_traf_id for one in ours}
    refused = await rejections.doubted(connection, sorted(agencies), sorted(cases)) if ours else []
    await rejections.hold_reissues(connection, refused, now=now)
    await settle_states(connection, [row["id"] for row in rows if row["state"] == OrderState.READY])


@design("what a bank's note says")
def remittance_note(rlts_traf_id: str, psn_name: str) -> str:
    """附言: case number and name, and never a certificate number, which would stand on bank documents."""
    return f"{rlts_traf_id} {psn_name}"


def _first_state(mover: Mover, held: set[tuple[str, str]]) -> OrderState:
    is_awaited = mover.direction is Direction.RETURN and not mover.is_free
    is_held = is_awaited or (mover.admdvs, mover.rlts_traf_id) in held
    return OrderState.HELD if is_held else OrderState.READY


def _order(mover: Mover, now: datetime) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "admdvs": mover.admdvs,
        "obligation_id": mover.obligation_id,
        "rlts_traf_id": mover.rlts_traf_id,
        "obligation_no": mover.obligation_no,
        "end_to_end_id": end_to_end_id(mover.rlts_traf_id, mover.obligation_no),
        "remittance_note": remittance_note(mover.rlts_traf_id, mover.psn_name),
        "match_name": normalise_name(mover.psn_name),
        "amount_fen": mover.due_fen,
        "payer_bankacct": mover.way.payer_bankacct,
        "payee_bankacct": mover.way.payee_bankacct,
        "payee_acctname": mover.way.payee_acctname,
        "payee_bankcode": mover.way.payee_bankcode,
        "created_at": now,
    }
