"""The draft of a sheet, made from the records and open to a clerk's correction."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from outbound.domain.case import Case
from shared.agency.known_person import HeldRecord
from shared.contracts.codes import AcctDisposition, Gend
from shared.contracts.info_sheet import SheetAttachment, SheetRow
from shared.months import month_of
from shared.sheet_rules import DraftRules, IssuingArea, draft_rows

AreaOf = Callable[[str], IssuingArea | None]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a clerk checks and may correct. ``attachment`` is the record of N16 as it stood when the draft was made."""

    rlts_traf_id: str
    gend: Gend
    tel: str
    rows: tuple[SheetRow, ...]
    attachment: SheetAttachment
    is_corrected: bool = False

    @property
    def balc(self) -> int:
        """The account's balance in fen when the draft was made, 0 without an account."""
        return self.attachment.account.balc if self.attachment.account else 0

    def expected_amount(self, case: Case) -> int:
        """What the sheet would say if the account were frozen at the drafted balance, in fen."""
        is_transferred = case.has_account and case.acct_disposition is AcctDisposition.TRANSFER
        return self.balc if is_transferred else 0

    def with_present_relations(self, held: HeldRecord | None) -> "Draft":
        """The draft with the relations as they are now: in hospital, open claims and arrears count at sealing."""
        if held is None:
            return self
        return replace(self, attachment=self.attachment.model_copy(update={"relations": held.record.relations}))


def make_draft(case: Case, held: HeldRecord | None, *, area: AreaOf, tel: str, today: date, rules: DraftRules) -> Draft:
    """The draft from what the agency holds of the person; without a record it is empty and a clerk must fill it."""
    if held is None:
        empty = SheetAttachment(psn_no=case.psn_no)
        return Draft(case.rlts_traf_id, Gend.UNSTATED, tel, (), empty)
    contributions = held.contributions()
    codes = {case.admdvs, *(paid.poolarea_no for paid in contributions if paid.poolarea_no)}
    names = {code: found.name for code in codes if (found := area(code)) is not None}
    rows = draft_rows(contributions, admdvs=case.admdvs, agency_names=names, this_month=month_of(today), rules=rules)
    record = held.record
    attachment = SheetAttachment(
        psn_no=record.psn_no,
        brdy=record.brdy,
        relations=record.relations,
        contributions=contributions,
        account=record.account,
    )
    return Draft(case.rlts_traf_id, record.gend, tel, rows, attachment)
