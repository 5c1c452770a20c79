"""Banks' reports on payments (pain.002)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from ledger.domain.bank_answers import OUTCOME_TEXTS, Outcome
from ledger.domain.status_reasons import explain
from ledger.repository.status_reports import ReportLine, ReportRow


class OutcomeTotal(BaseModel):
    """How many lines had one outcome."""

    outcome: Outcome
    text: str
    line_count: int


class StatusReportLine(BaseModel):
    """A report in a list; ``original_message_id`` is the payment file's that it answers."""

    id: UUID
    message_id: str
    original_message_id: str | None
    digest: str
    line_count: int
    received_at: datetime
    received_by: str

    @classmethod
    def of(cls, row: ReportRow) -> "StatusReportLine":
        """As it is answered."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class StatusReportShown(StatusReportLine):
    """A report with what came of it."""

    outcomes: list[OutcomeTotal]

    @classmethod
    def with_outcomes(cls, row: ReportRow, totals: Sequence[tuple[str, int]]) -> "StatusReportShown":
        """As it is answered."""
        outcomes = [
            OutcomeTotal(outcome=Outcome(outcome), text=OUTCOME_TEXTS[Outcome(outcome)], line_count=count)
            for outcome, count in totals
        ]
        return cls(**StatusReportLine.of(row).model_dump(), outcomes=outcomes)


class AnswerShown(BaseModel):
    """One payment of a report, and what came of it; ``reference`` is what the bank names it by."""

    line_no: int
    reference: str | None
    order_id: UUID | None
    status: str
    reason_code: str | None
    reason: str
    outcome: Outcome
    text: str

    @classmethod
    def of(cls, row: ReportLine) -> "AnswerShown":
        """As it is answered."""
        outcome = Outcome(row.outcome)
        return cls(
            line_no=row.line_no,
            reference=row.reference,
            order_id=row.order_id,
            status=row.status,
            reason_code=row.reason_code,
            reason=explain(row.reason_code, row.reason_text) if row.reason_code or row.reason_text else "",
            outcome=outcome,
            text=OUTCOME_TEXTS[outcome],
        )
