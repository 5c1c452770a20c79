"""Whether a payable agrees with the sealed document it carries, so that money is only matched with that (N9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ledger.domain.obligations import BookSide, Direction, Reason
from shared.contracts.addendum import SheetAddendum
from shared.contracts.codes import AcctDisposition
from shared.contracts.events import AddendumPayable, BalancePayable
from shared.contracts.info_sheet import InfoSheet
from shared.contracts.party import Party, Role
from shared.errors import Conflict, FieldError
from shared.money import format_yuan
from shared.sheet_rules import addendum_obligation_no, is_addendum_obligation


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
    """A payable whose sealed document and arrival hold. ``arrived_at`` is UTC.

    ``document_no`` is the sheet's version, or the addendum's number.

    ``back`` is the way of money that the payee owes back, ``None`` where the registry holds no account for it.
    """

    admdvs: str
    side: BookSide
    rlts_traf_id: str
    event: BalancePayable | AddendumPayable
    reason: Reason
    document_no: int
    digest: str
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


def require_addendum_agreement(
    sender: Party, recipient: Party, rlts_traf_id: str, event: AddendumPayable, addendum: SheetAddendum
) -> None:
    """Returns when message and sealed addendum say the same; raises ``PayableDisagrees`` naming every difference."""
    own_area = event.trafout_admdvs if side_of(sender) is BookSide.PAYER else event.trafin_admdvs
    _require_same(
        {
            "rlts_traf_id": (rlts_traf_id, addendum.rlts_traf_id),
            "addendum_no": (str(event.addendum_no), str(addendum.addendum_no)),
            "obligation_no": (event.obligation_no, addendum_obligation_no(addendum.addendum_no)),
            "trafout_admdvs": (event.trafout_admdvs, addendum.trafout_admdvs),
            "trafin_admdvs": (event.trafin_admdvs, addendum.trafin_admdvs),
            "amount": (format_yuan(event.amount), format_yuan(addendum.amount)),
            "sender": (sender.admdvs, own_area),
            "recipient": (recipient.admdvs, own_area),
            "psn_name": (event.psn_name == addendum.psn_name, True),
        },
        "补充单",
    )


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
        # Numbers from 901 on are the addenda's.
        "obligation_no": (is_addendum_obligation(event.obligation_no), False),
    }
    _require_same(stated, "信息表")


def _require_same(stated: Mapping[str, tuple[object, object]], document: str) -> None:
    errors = [
        FieldError(f"/{name}", "differs", f"与签章{document}不一致")
        for name, (said, sealed) in stated.items()
        if said != sealed
    ]
    if errors:
        places = "、".join(error.pointer.removeprefix("/") for error in errors)
        raise PayableDisagrees(
            f"应付通知与签章{document}不一致：{places}",
            errors=errors,
        )
