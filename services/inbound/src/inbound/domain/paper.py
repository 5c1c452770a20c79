"""A paper 信息表: entered by one clerk, compared with the paper and confirmed by another (*design*)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from inbound.domain.case import InboundCase
from inbound.domain.decisions import Clerk, require_another, require_reasoned
from shared.contracts.application import Application, CaseReference, LodgedApplication
from shared.contracts.codes import AcctDisposition, OptChnl, Origin
from shared.contracts.info_sheet import InfoSheet
from shared.contracts.paper import PaperSheet, StatedAccount, TwoPeople
from shared.errors import Conflict, FieldError, InvalidInput, NotFound
from shared.law import design


class EntryState(StrEnum):
    """Where an entry stands."""

    ENTERED = "entered"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class EntryDecided(Conflict):
    """The entry was confirmed or rejected already."""

    code = "paper-entry-decided"


class AreaConnected(InvalidInput):
    """Transfers with this area run through the platform: paper is for those that are not connected (A11)."""

    code = "area-connected"


class PaperRefused(InvalidInput):
    """What stands against the transfer on this side, as it would against an electronic application."""

    code = "paper-case-refused"


class PaperDuplicate(Conflict):
    """A case of the same relation is open, or the same paper was entered before."""

    code = "paper-case-duplicate"


class PaperCaseUnknown(NotFound):
    """The number is of no case on paper of this agency and this relation."""

    code = "paper-case-unknown"


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """What the first clerk typed. ``sheet`` has our own case number; ``refs`` hold the numbers of others.

    Instants are UTC, dates Shanghai. ``trafin_psn_no`` is the person here. ``import_key``, ``import_line`` and
    ``row_digest`` say which line of which cut-over import it came from.
    """

    entry_id: UUID
    admdvs: str
    rlts_traf_id: str
    sheet: InfoSheet
    applied_on: date
    received_on: date
    scan_digest: str
    paper_number: str | None
    payer_account: StatedAccount | None
    refs: tuple[CaseReference, ...]
    trafin_psn_no: str
    entered_by: str
    entered_name: str
    entered_at: datetime
    state: EntryState = EntryState.ENTERED
    decided_by: str | None = None
    decided_name: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    row_version: int = 1
    import_key: str | None = None
    import_line: int | None = None
    row_digest: str | None = None

    @property
    def lodged(self) -> LodgedApplication:
        """The application that the paper stands for; its channel is the window where the paper came in."""
        sheet = self.sheet
        application = Application(
            psn_name=sheet.head.psn_name,
            psn_cert_type=sheet.head.psn_cert_type,
            certno=sheet.head.certno,
            trafout_admdvs=sheet.trafout_admdvs,
            trafin_admdvs=sheet.trafin_admdvs,
            trafout_insutype=sheet.trafout_insutype,
            trafin_insutype=sheet.trafin_insutype,
            refs=self.refs,
        )
        return LodgedApplication(application=application, opt_chnl=OptChnl.INBOUND_WINDOW, opter_id=self.entered_by)

    @property
    def amount(self) -> int:
        """What the sheet really transfers, in fen."""
        is_transfer = self.sheet.acct_disposition is AcctDisposition.TRANSFER
        return self.sheet.foot.acctfund_traf_amt if is_transfer else 0


def require_past(entry: PaperEntry, today: date) -> None:
    """Returns where it was applied for, then received, and both until ``today`` (Shanghai); raises ``InvalidInput``."""
    errors = []
    if entry.received_on > today:
        errors.append(FieldError("/received_on", "future", "不得晚于今天"))
    if entry.applied_on > entry.received_on:
        errors.append(FieldError("/applied_on", "after-receipt", "不得晚于收到之日"))
    if errors:
        raise InvalidInput("纸质信息表的日期有误。", errors=errors)


def require_same_case(entry: PaperEntry, case: InboundCase) -> None:
    """Returns where the entry may be a further version of ``case``; raises ``PaperCaseUnknown``.

    A number is no key to another agency's or person's case, nor to one whose sheets come through the platform.
    """
    sheet = entry.sheet
    said = (entry.admdvs, entry.trafin_psn_no, sheet.trafout_admdvs, sheet.trafout_insutype, Origin.PAPER)
    held = (case.trafin_admdvs, case.trafin_psn_no or "", case.trafout_admdvs, case.trafout_insutype, case.origin)
    if said != held:
        raise PaperCaseUnknown("本机构没有这个编号的同一参保关系的纸质办件。")


@design("a paper sheet is read by two people")
def decide_entry(
    entry: PaperEntry, clerk: Clerk, at: datetime, *, is_confirmed: bool, reason: str | None
) -> PaperEntry:
    """The entry after the second clerk; raises ``EntryDecided``, ``SamePerson`` or ``InvalidInput``."""
    if entry.state is not EntryState.ENTERED:
        raise EntryDecided("该纸质信息表已确认或已退回录入。")
    require_another(clerk, entry.entered_by)
    require_reasoned(reason, is_approved=is_confirmed)
    return replace(
        entry,
        state=EntryState.CONFIRMED if is_confirmed else EntryState.REJECTED,
        decided_by=clerk.opter_id,
        decided_name=clerk.opter_name,
        decided_at=at,
        reason=reason,
        row_version=entry.row_version + 1,
    )


def statement_of(entry: PaperEntry) -> PaperSheet:
    """What the agency signs of a confirmed entry; raises ``ValueError`` for one that is not."""
    if entry.decided_by is None or entry.decided_at is None:
        raise ValueError("only a confirmed entry is stated")
    people = TwoPeople(entered_by=entry.entered_by, confirmed_by=entry.decided_by, confirmed_at=entry.decided_at)
    return PaperSheet(
        sheet=entry.sheet,
        paper_number=entry.paper_number,
        scan_digest=entry.scan_digest,
        received_on=entry.received_on,
        payer_account=entry.payer_account,
        people=people,
    )
