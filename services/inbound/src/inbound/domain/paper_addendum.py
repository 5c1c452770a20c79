"""An addendum that came on paper: typed by one clerk, compared with the paper and confirmed by another (*design*)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from inbound.domain.case import CaseState, InboundCase
from inbound.domain.decisions import Clerk, require_another, require_reasoned
from inbound.domain.paper import EntryDecided, EntryState
from inbound.domain.transitions import NotAllowed
from shared.contracts.addendum import AddendumCause, SheetAddendum
from shared.contracts.codes import AcctDisposition, Origin
from shared.contracts.paper import PaperAddendum, StatedAccount, TwoPeople
from shared.errors import Conflict, FieldError, InvalidInput
from shared.law import design
from shared.money_cn import NotAnAmountInCharacters, parse_capital, to_capital

_OVER = (CaseState.ANNOUNCED, CaseState.WITHDRAWN, CaseState.TERMINATED)


class AddendumDuplicate(Conflict):
    """The case has this addendum, or the same paper, already; or another one waits for its second clerk."""

    code = "paper-addendum-duplicate"


@dataclass(frozen=True, slots=True)
class AddendumEntry:
    """What the first clerk typed; ``amount`` in fen, instants UTC, dates Shanghai."""

    entry_id: UUID
    rlts_traf_id: str
    addendum_no: int
    cause: AddendumCause
    reason: str
    amount: int
    amount_cn: str
    opter_name: str
    issued_on: date
    received_on: date
    scan_digest: str
    paper_number: str | None
    payer_account: StatedAccount | None
    entered_by: str
    entered_name: str
    entered_at: datetime
    state: EntryState = EntryState.ENTERED
    decided_by: str | None = None
    decided_name: str | None = None
    decided_at: datetime | None = None
    review_reason: str | None = None


def require_right(entry: AddendumEntry, today: date) -> None:
    """Returns where dates and 大写 hold, with what is wrong all at once; raises ``InvalidInput``."""
    errors = []
    if entry.received_on > today:
        errors.append(FieldError("/received_on", "future", "不得晚于今天"))
    if entry.issued_on > entry.received_on:
        errors.append(FieldError("/issued_on", "after-receipt", "不得晚于收到之日"))
    if not _is_capital(entry.amount_cn, entry.amount):
        errors.append(FieldError("/amount_cn", "differs", "大写与小写金额不一致"))
    if errors:
        raise InvalidInput("纸质补充单的内容有误。", errors=errors)


def _is_capital(text: str, amount: int) -> bool:
    try:
        return parse_capital(text) == amount
    except NotAnAmountInCharacters:
        return False


@design("addendum for money after sealing: who may, until when")
def require_open(case: InboundCase) -> None:
    """Returns for a case on paper with a sheet whose balance travels, until it has ended; raises ``NotAllowed``."""
    if case.origin is not Origin.PAPER:
        raise NotAllowed("该办件通过平台办理，补充单由平台送达。")
    if case.state in _OVER:
        raise NotAllowed("收到信息表之后、办件终止之前才能录入补充单。")
    if case.acct_disposition is not AcctDisposition.TRANSFER:
        raise NotAllowed("该办件的个人账户余额不划转，没有补充划转。")


@design("two people note what paper says")
def decide_addendum(
    entry: AddendumEntry, clerk: Clerk, at: datetime, *, is_confirmed: bool, reason: str | None
) -> AddendumEntry:
    """The entry after the second clerk; raises ``EntryDecided``, ``SamePerson`` or ``InvalidInput``."""
    if entry.state is not EntryState.ENTERED:
        raise EntryDecided("该纸质补充单已确认或已退回录入。")
    require_another(clerk, entry.entered_by)
    require_reasoned(reason, is_approved=is_confirmed)
    return replace(
        entry,
        state=EntryState.CONFIRMED if is_confirmed else EntryState.REJECTED,
        decided_by=clerk.opter_id,
        decided_name=clerk.opter_name,
        decided_at=at,
        review_reason=reason,
    )


def statement_of(entry: AddendumEntry, case: InboundCase, agency_name: str) -> PaperAddendum:
    """What the agency signs of a confirmed entry; raises ``ValueError`` for one that is not."""
    if entry.decided_by is None or entry.decided_at is None:
        raise ValueError("only a confirmed entry is stated")
    addendum = SheetAddendum(
        rlts_traf_id=case.rlts_traf_id,
        addendum_no=entry.addendum_no,
        sheet_version=case.sheet_version,
        trafout_admdvs=case.trafout_admdvs,
        trafin_admdvs=case.trafin_admdvs,
        psn_name=case.psn_name,
        cause=entry.cause,
        reason=entry.reason,
        amount=entry.amount,
        amount_cn=to_capital(entry.amount),
        opter_name=entry.opter_name,
        agency_name=agency_name,
        issued_on=entry.issued_on,
    )
    return PaperAddendum(
        addendum=addendum,
        paper_number=entry.paper_number,
        scan_digest=entry.scan_digest,
        received_on=entry.received_on,
        payer_account=entry.payer_account,
        people=TwoPeople(entered_by=entry.entered_by, confirmed_by=entry.decided_by, confirmed_at=entry.decided_at),
    )
