"""Old money items brought in at cut-over: what is expected, what is owed, what waits in suspense (*design*)."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from ledger.domain.obligations import BookSide
from ledger.domain.payable import Account, Route
from shared.contracts.application import CaseReference
from shared.errors import Conflict, FieldError, InvalidInput, NotFound
from shared.law import design
from shared.person_name import normalise_name

OPENING_NO = "0"
"""The obligation number of an old item; those of sealed sheets count from 1."""
OPENING_FORM = "opening"
"""The form of the file that holds the old lines: no bank sent it."""

MAX_ITEM_FEN = 10**13
"""What one old item may be: far beyond any transfer, and a million of them stay below what the books can hold."""

CLAIM_FIELDS = ("trafout_admdvs", "trafin_admdvs", "psn_name")
"""What an item that is expected or owed names."""
MONEY_FIELDS = (
    "bankacct",
    "direction",
    "booked_on",
    "value_on",
    "bank_ref",
    "note",
    "counterparty_acct",
    "counterparty_name",
)
"""What money that waits may name; the first three it must."""
_MONEY_NEEDED = MONEY_FIELDS[:3]


class OpeningKind(StrEnum):
    """``receivable`` is still to come, ``payable`` still to be paid, ``suspense`` moved at the bank unexplained."""

    RECEIVABLE = "receivable"
    PAYABLE = "payable"
    SUSPENSE = "suspense"


class ItemState(StrEnum):
    """Where an item stands; once booked, what became of it stands with its obligation or its line."""

    ENTERED = "entered"
    BOOKED = "booked"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class OpeningItemRefused(InvalidInput):
    """What the row says cannot be an old item of this agency."""

    code = "opening-item-refused"


class OpeningItemDuplicate(Conflict):
    """The item, or the case that it names, is in these books already."""

    code = "opening-item-duplicate"


class OpeningItemDecided(Conflict):
    """Another state is asked of an item than it has."""

    code = "opening-item-decided"


class OpeningItemMoved(Conflict):
    """The money of the item has moved, so that it cannot be cancelled any more."""

    code = "opening-item-moved"


class StatementBeforeCutOver(Conflict):
    """A statement covers days whose open money was brought in as old items."""

    code = "statement-before-cut-over"


class OpeningItemUnknown(NotFound):
    """The agency has no such item."""

    code = "opening-item-not-found"


class SameOpeningPerson(Conflict):
    """Who entered an item does not decide on it."""

    code = "two-people-required"


@dataclass(frozen=True, slots=True)
class OpeningItem:
    """One old item. Amounts in fen, instants UTC, dates Shanghai.

    ``refs`` are its old numbers, the first being that of the item itself in the old books. ``rlts_traf_id`` is the
    number by which it is matched: the old case's, where that is a case number by our rule, else a new one; a suspense
    item has none of its own. ``stated_bankacct`` is the other area's account, where the registry holds none.
    """

    item_id: UUID
    admdvs: str
    kind: OpeningKind
    refs: tuple[CaseReference, ...]
    amount_fen: int
    open_since: date
    entered_by: str
    entered_at: datetime
    rlts_traf_id: str | None = None
    trafout_admdvs: str | None = None
    trafin_admdvs: str | None = None
    psn_name: str | None = None
    stated_bankacct: str | None = None
    stated_acctname: str | None = None
    stated_bankcode: str | None = None
    bankacct: str | None = None
    direction: str | None = None
    booked_on: date | None = None
    value_on: date | None = None
    bank_ref: str | None = None
    note: str | None = None
    counterparty_acct: str | None = None
    counterparty_name: str | None = None
    import_key: str | None = None
    import_line: int | None = None
    row_digest: str | None = None
    state: ItemState = ItemState.ENTERED
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    row_version: int = 1
    obligation_id: int | None = None
    line_id: int | None = None

    @property
    def own_ref(self) -> str:
        """System and number of the item in the old books."""
        return f"{self.refs[0].system}:{self.refs[0].number}"

    @property
    def side(self) -> BookSide | None:
        """Which we are: payer of what is owed, payee of what is expected, neither of what just waits."""
        return {OpeningKind.PAYABLE: BookSide.PAYER, OpeningKind.RECEIVABLE: BookSide.PAYEE}.get(self.kind)

    @property
    def match_name(self) -> str | None:
        """The name as it is compared with notes."""
        return None if self.psn_name is None else normalise_name(self.psn_name)

    @property
    def stated(self) -> Account | None:
        """The other area's account as the old books have it."""
        if self.stated_bankacct is None:
            return None
        return Account(self.stated_bankacct, self.stated_acctname or "", self.stated_bankcode)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What items are checked against. ``accounts``: our own by number; ``first_days``: by account, the first day
    that a statement covers; ``taken``: own numbers of items that are here; ``cases``: (side, case) that have an
    obligation; ``open_from``: the first day that takes postings."""

    today: date
    open_from: date
    accounts: Set[str]
    first_days: Mapping[str, date]
    taken: Set[str]
    cases: Set[tuple[str, str]]
    routes: Mapping[UUID, Route | None] = field(default_factory=dict)
    areas: Set[str] = frozenset()


@design("old money items are brought in at cut-over, each by itself, by two people")
def require_bookable(item: OpeningItem, around: Surroundings) -> None:
    """Returns when the item may stand; raises ``OpeningItemDuplicate``, or ``OpeningItemRefused`` with every fault."""
    if item.own_ref in around.taken:
        raise OpeningItemDuplicate(
            "该旧账编号已经导入。", errors=[_fault("/refs/0", "duplicate", "该旧账编号已经导入")]
        )
    if item.side is not None and item.rlts_traf_id is not None and (item.side.value, item.rlts_traf_id) in around.cases:
        error = _fault("/rlts_traf_id", "case-known", "账簿中已有该办件的应收应付")
        raise OpeningItemDuplicate("账簿中已有该办件的应收应付，不再导入旧账。", errors=[error])
    is_money = item.kind is OpeningKind.SUSPENSE
    faults = _shape_faults(item)
    if not faults:
        faults = _money_faults(item, around) if is_money else _claim_faults(item, around)
    if item.open_since > around.today:
        faults.append(_fault("/open_since", "future", "不得晚于今天"))
    if faults:
        raise OpeningItemRefused("旧账款项有误。", errors=faults)


def _shape_faults(item: OpeningItem) -> list[FieldError]:
    """What its kind needs and what it cannot have."""
    is_money = item.kind is OpeningKind.SUSPENSE
    needed = _MONEY_NEEDED if is_money else CLAIM_FIELDS
    foreign = ("stated_bankacct", "rlts_traf_id") if is_money else MONEY_FIELDS
    missing = [_fault(f"/{name}", "missing", "该类款项须填写") for name in needed if getattr(item, name) is None]
    extra = [name for name in foreign if getattr(item, name) is not None]
    names = [name.replace("stated_bankacct", "stated_account") for name in extra]
    return missing + [_fault(f"/{name}", "not-of-this-kind", "该类款项不填") for name in names]


def _claim_faults(item: OpeningItem, around: Surroundings) -> list[FieldError]:
    """Of what is expected or owed: our side, an area that is registered, and a way for the money."""
    own = "trafout_admdvs" if item.side is BookSide.PAYER else "trafin_admdvs"
    other = "trafin_admdvs" if item.side is BookSide.PAYER else "trafout_admdvs"
    faults = []
    if getattr(item, own) != item.admdvs:
        faults.append(_fault(f"/{own}", "not-our-side", "应为本统筹区"))
    if getattr(item, other) not in around.areas or getattr(item, other) == item.admdvs:
        faults.append(_fault(f"/{other}", "area-unknown", "不是登记的其他统筹区"))
    elif around.routes.get(item.item_id) is None:
        faults.append(_fault("/stated_account", "account-not-registered", "登记册没有所需账户，或所列账户与登记不符"))
    return faults


def _money_faults(item: OpeningItem, around: Surroundings) -> list[FieldError]:
    """Of what waits: one of our accounts, and a day before everything that the books know of it."""
    faults = []
    if item.bankacct not in around.accounts:
        faults.append(_fault("/bankacct", "account-not-ours", "不是本机构登记的银行账户"))
    booked_on, first = item.booked_on or around.today, around.first_days.get(item.bankacct or "")
    if booked_on > around.today:
        faults.append(_fault("/booked_on", "future", "不得晚于今天"))
    if first is not None and booked_on >= first:
        faults.append(_fault("/booked_on", "day-on-statement", f"{first.isoformat()}起的对账单已导入，该款应在其中"))
    if booked_on < around.open_from:
        faults.append(_fault("/booked_on", "period-closed", "该日所在月份已结账，须先重开"))
    return faults


def decide_item(item: OpeningItem, *, by: str, at: datetime, is_approved: bool, reason: str | None) -> OpeningItem:
    """The item after the second person; raises ``OpeningItemDecided``, ``SameOpeningPerson`` or ``InvalidInput``."""
    _require_another(item, ItemState.ENTERED, by)
    if not is_approved and not reason:
        raise InvalidInput("不批准须说明原因。", errors=[_fault("/reason", "missing", "不批准须说明原因")])
    state = ItemState.BOOKED if is_approved else ItemState.REJECTED
    return _decided(item, state, by, at, reason)


def cancel_item(item: OpeningItem, *, by: str, at: datetime, reason: str, has_moved: bool) -> OpeningItem:
    """A booked item that should not stand; raises ``OpeningItemDecided``, ``SameOpeningPerson``, ``OpeningItemMoved``.

    Money that waits is no promise that could be dropped: a clerk classes it as other business instead.
    """
    _require_another(item, ItemState.BOOKED, by)
    if has_moved or item.kind is OpeningKind.SUSPENSE:
        raise OpeningItemMoved("款项已经发生，不能撤销；挂账款项请改类或按原路退回。")
    return _decided(item, ItemState.CANCELLED, by, at, reason)


def _require_another(item: OpeningItem, state: ItemState, by: str) -> None:
    if item.state is not state:
        raise OpeningItemDecided("该旧账款项的状态已变，请重新读取。")
    if by == item.entered_by:
        raise SameOpeningPerson("录入与批准须为不同人员。")


def _decided(item: OpeningItem, state: ItemState, by: str, at: datetime, reason: str | None) -> OpeningItem:
    return replace(item, state=state, decided_by=by, decided_at=at, reason=reason, row_version=item.row_version + 1)


def _fault(pointer: str, code: str, message: str) -> FieldError:
    return FieldError(pointer, code, message)
