"""The draft sheet as a clerk sees and corrects it."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from outbound.domain.case import Case
from outbound.domain.draft import Draft
from outbound.repository.drafts import Correction as KeptCorrection
from shared.agency.sheet_trial import LeftOutShown
from shared.contracts.codes import AcctDisposition, Gend
from shared.contracts.info_sheet import SheetAttachment, SheetChange, SheetFinding, SheetRow
from shared.contracts.model import Document
from shared.money import Fen
from shared.sheet_rules import MAX_ROWS, Drafted, RowSource, row_changes

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class CorrectionShown(BaseModel):
    """What a clerk changed, and why."""

    corrected_at: datetime
    sheet_version: int
    opter_id: str
    opter_name: str | None
    reason: str
    before: list[SheetRow]
    after: list[SheetRow]
    changes: list[SheetChange]

    @classmethod
    def of(cls, kept: KeptCorrection) -> "CorrectionShown":
        """The answer for one correction."""
        return cls(
            corrected_at=kept.corrected_at,
            sheet_version=kept.sheet_version,
            opter_id=kept.opter_id,
            opter_name=kept.opter_name,
            reason=kept.reason,
            before=list(kept.before),
            after=list(kept.after),
            changes=kept.changes,
        )


class DraftOrigin(BaseModel):
    """What the draft was made from: ``rows`` as the records alone make them, the records (``rid`` in the attachment)
    behind each, those that do not count, and what clerks have changed since.
    """

    drafted_on: date
    facts_as_of: datetime | None
    rows: list[SheetRow]
    sources: list[RowSource]
    left_out: list[LeftOutShown]
    changes: list[SheetChange]

    @classmethod
    def of(cls, draft: Draft, drafted: Drafted) -> "DraftOrigin":
        """The answer for a draft whose payment detail makes ``drafted``."""
        return cls(
            drafted_on=draft.drafted_on,
            facts_as_of=draft.facts_as_of,
            rows=list(drafted.rows),
            sources=list(drafted.sources),
            left_out=LeftOutShown.all_of(drafted),
            changes=row_changes(drafted.rows, draft.rows),
        )


class DraftShown(BaseModel):
    """The draft. ``expected_amount`` is what the sheet would say today: the balance counts that is frozen later.

    ``changes`` say what differs from the version that the platform accepted last; empty before the first.
    """

    rlts_traf_id: str
    sheet_version: int
    row_version: int
    psn_name: str
    psn_cert_type: str
    certno: str
    gend: Gend
    rows: list[SheetRow]
    tel: str
    acct_disposition: AcctDisposition
    has_account: bool
    expected_amount: Fen
    is_corrected: bool
    attachment: SheetAttachment
    findings: list[SheetFinding]
    corrections: list[CorrectionShown]
    origin: DraftOrigin
    changes: list[SheetChange]

    @classmethod
    def of(
        cls,
        case: Case,
        draft: Draft,
        findings: list[SheetFinding],
        corrections: list[KeptCorrection],
        *,
        origin: DraftOrigin,
        changes: list[SheetChange],
    ) -> "DraftShown":
        """The answer for the draft of ``case``."""
        return cls(
            rlts_traf_id=case.rlts_traf_id,
            sheet_version=case.sheet_version,
            row_version=case.row_version,
            psn_name=case.psn_name,
            psn_cert_type=case.psn_cert_type,
            certno=case.certno,
            gend=draft.gend,
            rows=list(draft.rows),
            tel=draft.tel,
            acct_disposition=case.acct_disposition,
            has_account=case.has_account,
            expected_amount=draft.expected_amount(case),
            is_corrected=draft.is_corrected,
            attachment=draft.attachment,
            findings=findings,
            corrections=[CorrectionShown.of(kept) for kept in corrections],
            origin=origin,
            changes=changes,
        )


class DraftRenewal(Document):
    """Why the draft is made anew from the present records; the reason is kept."""

    reason: Reason


class DraftCorrection(Document):
    """The rows as they should stand, and the reason, which is kept. Head and amount are not a clerk's to change."""

    rows: Annotated[tuple[SheetRow, ...], Field(max_length=MAX_ROWS)]
    reason: Reason
    gend: Gend | None = None
    tel: Annotated[str, StringConstraints(strip_whitespace=True, max_length=30)] | None = None
