"""The draft of a sheet, made from the records and open to a clerk's correction."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from outbound.domain.case import Case
from shared.agency.known_person import HeldRecord
from shared.contracts.codes import AcctDisposition, Gend
from shared.contracts.facts import Account
from shared.contracts.info_sheet import SheetAttachment, SheetChange, SheetRow
from shared.law import law
from shared.sheet_rules import (
    Drafted,
    DraftRules,
    IssuingArea,
    IssuingAreas,
    attachment_of,
    draft_rows,
    row_changes,
)

AreaOf = Callable[[str], IssuingArea | None]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a clerk checks and may correct.

    ``attachment`` is the record of N16 as it stood when the draft was made, on ``drafted_on`` (Shanghai) from facts
    as of ``facts_as_of`` (UTC). ``present_account`` is the account as it stands when the sheet is sealed, but for
    what has been moved for this very case: the amount of a later version still counts it.
    """

    rlts_traf_id: str
    gend: Gend
    tel: str
    rows: tuple[SheetRow, ...]
    attachment: SheetAttachment
    drafted_on: date
    is_corrected: bool = False
    facts_as_of: datetime | None = None
    present_account: Account | None = None

    @property
    def balc(self) -> int:
        """The account's balance in fen when the draft was made, 0 without an account."""
        return self.attachment.account.balc if self.attachment.account else 0

    def expected_amount(self, case: Case) -> int:
        """What the sheet would say if the account were frozen at the drafted balance, in fen."""
        is_transferred = case.has_account and case.acct_disposition is AcctDisposition.TRANSFER
        return self.balc if is_transferred else 0

    def as_of_now(self, held: HeldRecord | None) -> "Draft":
        """The draft with relations and account as they are: what is open counts at sealing, and so do the entries."""
        if held is None:
            return self
        attachment = self.attachment.model_copy(update={"relations": held.record.relations})
        return replace(self, attachment=attachment, present_account=held.account(leave_out=self.rlts_traf_id))

    def changes_to(self, after: "Draft") -> list[SheetChange]:
        """Every box that ``after`` says otherwise, of those that a clerk may change."""
        changed = [
            SheetChange(box=box, before=old, after=new)
            for box, old, new in (("gend", self.gend, after.gend), ("tel", self.tel, after.tel))
            if old != new
        ]
        return [*changed, *row_changes(self.rows, after.rows)]


@law("N8")
def make_draft(
    case: Case, held: HeldRecord | None, *, areas: IssuingAreas, tel: str, today: date, rules: DraftRules
) -> Draft:
    """The draft from what the agency holds of the person; without a record it is empty and a clerk must fill it."""
    if held is None:
        empty = SheetAttachment(psn_no=case.psn_no)
        return Draft(case.rlts_traf_id, Gend.UNSTATED, tel, (), empty, today)
    attachment = attachment_of(held.record, held.contributions(), held.account())
    rows = drafted_from(attachment, case.admdvs, areas=areas, today=today, rules=rules).rows
    return Draft(case.rlts_traf_id, held.record.gend, tel, rows, attachment, today, facts_as_of=held.facts_as_of)


def drafted_from(
    attachment: SheetAttachment, admdvs: str, *, areas: IssuingAreas, today: date, rules: DraftRules
) -> Drafted:
    """The rows that the payment detail makes, with the records behind each and those that do not count."""
    return draft_rows(attachment.contributions, admdvs=admdvs, areas=areas, today=today, rules=rules)
