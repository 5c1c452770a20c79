"""Whether a payable agrees with the sealed document it carries, so that money is only matched with that (N9)."""

from dataclasses import dataclass
from datetime import datetime

from ledger.domain.obligations import BookSide, Direction
from shared.contracts.codes import AcctDisposition
from shared.contracts.events import BalancePayable
from shared.contracts.info_sheet import InfoSheet
from shared.contracts.party import Party, Role
from shared.errors import Conflict, FieldError
from shared.money import format_yuan


class PayableDisagrees(Conflict):
    """The message says something else than the sealed sheet that it carries."""

    code = "payable-disagrees-with-sheet"


@dataclass(frozen=True, slots=True)
class Account:
    """A bank account as the payable uses it."""

    bankacct: str
    acctname: str
    bankcode: str | None


class AccountNotRegistered(Conflict):
    """A bank account of the message is not one that the registry holds for that agency."""

    code = "payable-account-not-registered"


@dataclass(frozen=True, slots=True)
class Route:
    """Whence and whither money goes; account numbers are cleaned."""

    payer_bankacct: str
    payee_bankacct: str
    payee_acctname: str
    payee_bankcode: str | None


@dataclass(frozen=True, slots=True)
class Payable:
    """A payable whose sheet and arrival hold. ``arrived_at`` is UTC.

    ``back`` is the way of money that the payee owes back, ``None`` where the registry holds no account for it.
    """

    admdvs: str
    side: BookSide
    rlts_traf_id: str
    event: BalancePayable
    sheet_digest: str
    arrived_at: datetime
    route: Route
    back: Route | None

    def way(self, direction: Direction) -> Route:
        """The accounts for money that goes in ``direction``; raises ``AccountNotRegistered``."""
        if direction is not Direction.RETURN:
            return self.route
        if self.back is None:
            raise AccountNotRegistered("登记册中没有退款所需的付款账户或收款账户")
        return self.back

    @property
    def key(self) -> tuple[str, str, str]:
        """Agency, side, case."""
        return self.admdvs, self.side.value, self.rlts_traf_id


def side_of(sender: Party) -> BookSide:
    """The outbound makes its ledger the payer, the inbound the payee."""
    return BookSide.PAYER if sender.role is Role.OUTBOUND else BookSide.PAYEE


def require_agreement(
    sender: Party, recipient: Party, rlts_traf_id: str, event: BalancePayable, sheet: InfoSheet
) -> None:
    """Returns when message and sealed sheet say the same; raises ``PayableDisagrees`` naming every difference."""
    own_area = event.trafout_admdvs if side_of(sender) is BookSide.PAYER else event.trafin_admdvs
    is_transfer = sheet.acct_disposition is AcctDisposition.TRANSFER or event.amount == 0
    stated = {
        "rlts_traf_id": (rlts_traf_id, sheet.rlts_traf_id),
        "sheet_version": (str(event.sheet_version), str(sheet.version)),
        "trafout_admdvs": (event.trafout_admdvs, sheet.trafout_admdvs),
        "trafin_admdvs": (event.trafin_admdvs, sheet.trafin_admdvs),
        "amount": (format_yuan(event.amount), format_yuan(sheet.foot.acctfund_traf_amt)),
        "sender": (sender.admdvs, own_area),
        "recipient": (recipient.admdvs, own_area),
        "acct_disposition": (is_transfer, True),
        "psn_name": (event.psn_name == sheet.head.psn_name, True),
    }
    errors = [
        FieldError(f"/{name}", "differs", "与签章信息表不一致")
        for name, (said, sealed) in stated.items()
        if said != sealed
    ]
    if errors:
        places = "、".join(error.pointer.removeprefix("/") for error in errors)
        raise PayableDisagrees(
            f"应付通知与签章信息表不一致：{places}",
            errors=errors,
        )
