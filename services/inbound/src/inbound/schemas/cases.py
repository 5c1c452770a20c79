"""Cases as clerks see them."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from inbound.domain.case import CaseState, DecisionKind, InboundCase
from inbound.domain.received_sheet import ReceivedSheet
from inbound.domain.sheet_difference import Difference
from inbound.domain.transitions import STATE_NAMES
from inbound.schemas.benefits import BenefitsVersionShown
from inbound.schemas.years import YearsVersionShown
from shared.contracts.codes import AcctDisposition, Origin
from shared.contracts.events.relation import ReturnReason
from shared.contracts.facts import PersonRecord
from shared.contracts.info_sheet import InfoSheet, SheetChange, SheetFinding
from shared.money import Fen
from shared.sheet_rules import changes_by_version


class CaseLine(BaseModel):
    """A case in the work list. ``sheet_amount`` is what the present sheet really transfers."""

    rlts_traf_id: str
    trafin_admdvs: str
    trafout_admdvs: str
    trafin_insutype: str
    trafout_insutype: str
    psn_name: str
    trafin_psn_no: str | None
    state: CaseState
    state_name: str
    row_version: int
    acct_disposition: AcctDisposition
    accepted_at: datetime
    sheet_version: int
    sheet_amount: Fen
    addenda_amount: Fen
    error_count: int
    difference_count: int
    received_at: datetime | None
    inbound_due_on: date | None
    total_due_on: date | None
    is_due_provisional: bool
    is_due_soon: bool
    is_overdue: bool
    decision: DecisionKind | None
    reasons: tuple[ReturnReason, ...]
    memo: str | None
    submitted_by: str | None
    submitted_name: str | None
    submitted_at: datetime | None
    reviewed_by: str | None
    reviewed_name: str | None
    reviewed_at: datetime | None
    is_automatic: bool
    completed_at: datetime | None
    corrected_at: datetime | None
    core_failure: str | None
    origin: Origin

    @classmethod
    def of(cls, case: InboundCase, today: date) -> "CaseLine":
        """The line of a case, late or not on ``today`` (Shanghai)."""
        values = {each.name: getattr(case, each.name) for each in fields(case) if each.name in cls.model_fields}
        return cls(
            state_name=STATE_NAMES[case.state],
            row_version=case.version,
            is_due_soon=case.is_due_soon(today),
            is_overdue=case.is_overdue(today),
            **values,
        )


class SheetVersionLine(BaseModel):
    """One version of the sheet that came, and what it changed against the one before it."""

    sheet_version: int
    sheet_digest: str
    received_at: datetime
    changes: list[SheetChange]

    @classmethod
    def of_all(cls, sheets: Sequence[ReceivedSheet]) -> list["SheetVersionLine"]:
        """A line for each version, in the order given."""
        changes = changes_by_version(each.sheet for each in sheets)
        return [
            cls(
                sheet_version=each.sheet_version,
                sheet_digest=each.sheet_digest,
                received_at=each.received_at,
                changes=changes[each.sheet_version],
            )
            for each in sheets
        ]


class MoneyShown(BaseModel):
    """One matched obligation and its credit."""

    model_config = ConfigDict(from_attributes=True)

    obligation_no: str
    amount: Fen
    receipt_no: str
    matched_at: datetime
    opened_at: datetime | None
    credited_on: date | None
    core_ref: str | None
    core_failure: str | None


class HistoryShown(BaseModel):
    """One step of a case: who, when, why, and the message that caused it."""

    model_config = ConfigDict(from_attributes=True)

    what: str
    from_state: str | None
    to_state: str
    sheet_version: int
    opter_id: str
    opter_name: str
    reason: str | None
    message_id: UUID | None
    occurred_at: datetime


class SideBySide(BaseModel):
    """The present sheet and our own record, with what differs; ``findings`` hold the sheet's warnings too."""

    sheet: InfoSheet
    own_record: PersonRecord | None
    findings: tuple[SheetFinding, ...]
    differences: tuple[Difference, ...]

    @classmethod
    def of(cls, received: ReceivedSheet, own_record: PersonRecord | None) -> "SideBySide":
        """The comparison as it was made when the sheet came, beside our record as it is now."""
        return cls(
            sheet=received.sheet,
            own_record=own_record,
            findings=received.findings,
            differences=received.differences,
        )


class CaseShown(BaseModel):
    """A case with everything a clerk decides on; every version of benefits and years, the newest first."""

    case: CaseLine
    comparison: SideBySide | None
    sheet_versions: list[SheetVersionLine]
    money: list[MoneyShown]
    benefits: list[BenefitsVersionShown]
    years: list[YearsVersionShown]
    history: list[HistoryShown]
