"""Money that we wait for, as somebody gives up the last of it."""

from dataclasses import dataclass

from ledger.domain.adjustments import NotAdjustable, require_write_off
from ledger.domain.obligations import ObligationState


@dataclass(frozen=True, slots=True)
class ExpectedMoney:
    """An obligation that others have to pay us; amounts in fen. ``change_count``: what has happened to it so far."""

    obligation_id: int
    state: ObligationState
    due_fen: int
    claimed_fen: int
    written_off_fen: int
    change_count: int

    @property
    def version(self) -> int:
        """What ``If-Match`` stands for."""
        return self.change_count + 1

    @property
    def left_fen(self) -> int:
        """What has not come and was not given up."""
        return self.due_fen - self.claimed_fen - self.written_off_fen


def require_rest_write_off(one: ExpectedMoney, amount_fen: int, max_fen: int) -> None:
    """Returns when the rest of what has come in part may be given up; raises ``NotAdjustable``.

    Only a difference: where nothing has come, the payer is asked to pay.
    """
    if one.state is not ObligationState.OPEN or one.claimed_fen == 0:
        raise NotAdjustable("只有部分到账、尚未结清的应收才有差额可以核销")
    require_write_off(one.left_fen, one.written_off_fen, amount_fen, max_fen)
