"""Bodies and answers of the routers for the core system."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from shared.agency.core import BackPaymentReport, CoreAnswer, CoreTask, Outcome, TaskKind, TaskState
from shared.agency.known_person import HeldRecord
from shared.agency.repository.imports import ImportState, LineError
from shared.agency.repository.persons import UpsertOutcome
from shared.contracts.facts import Code, PersonRecord
from shared.contracts.info_sheet import SheetRow
from shared.contracts.model import Document
from shared.money import Fen, NonNegativeFen

MAX_COUNT = 10**12


class PersonKept(BaseModel):
    """What became of one pushed record; ``ignored_older`` means that a newer one is held."""

    psn_no: str
    outcome: UpsertOutcome


class TakenOverPeriod(BaseModel):
    """A period that an earlier transfer brought here."""

    rlts_traf_id: str
    row: SheetRow


class PersonShown(BaseModel):
    """A person as we hold them, with our own holds laid over what the core pushed."""

    record: PersonRecord
    taken_over: list[TakenOverPeriod]
    facts_as_of: datetime | None

    @classmethod
    def of(cls, held: HeldRecord) -> "PersonShown":
        """The answer for a held record."""
        periods = [TakenOverPeriod(rlts_traf_id=each.rlts_traf_id, row=each.row) for each in held.taken_over]
        return cls(record=held.record, taken_over=periods, facts_as_of=held.facts_as_of)


class ImportLineError(BaseModel):
    """What is wrong with one line (from 1)."""

    line: int
    pointer: str
    code: str
    message: str


class ImportReport(BaseModel):
    """How far an import has come; ``errors`` holds the first ones only, ``failed`` counts all failed lines."""

    import_id: str
    state: str
    lines_done: int
    created: int
    updated: int
    unchanged: int
    ignored_older: int
    failed: int
    started_at: datetime
    finished_at: datetime | None
    errors: list[ImportLineError]

    @classmethod
    def of(cls, state: ImportState, errors: list[LineError]) -> "ImportReport":
        """The report of an import."""
        return cls(
            import_id=state.import_id,
            state=state.state,
            lines_done=state.lines_done,
            created=state.created,
            updated=state.updated,
            unchanged=state.unchanged,
            ignored_older=state.ignored_older,
            failed=state.failed,
            started_at=state.started_at,
            finished_at=state.finished_at,
            errors=[
                ImportLineError(
                    line=each.line, pointer=each.error.pointer, code=each.error.code, message=each.error.message
                )
                for each in errors
            ],
        )


class SchemeControl(Document):
    """One scheme's sums: how many relations, how many distinct paid-for months over all people."""

    insutype: Code
    relations: Annotated[int, Field(ge=0, le=MAX_COUNT)]
    months: Annotated[int, Field(ge=0, le=MAX_COUNT)]


class FactsControl(Document):
    """The core's own sums over everything that it has pushed, as of ``as_of``."""

    as_of: AwareDatetime
    persons: Annotated[int, Field(ge=0, le=MAX_COUNT)]
    balc: NonNegativeFen
    schemes: Annotated[tuple[SchemeControl, ...], Field(max_length=50)] = ()


class ControlDifference(BaseModel):
    """A sum that does not agree."""

    what: str
    insutype: str | None
    stated: str
    held: str


class ControlAnswer(BaseModel):
    """No difference: the records are complete as of the control's instant."""

    agrees: bool
    differences: list[ControlDifference]


class TaskShown(BaseModel):
    """One task for the core system."""

    task_id: UUID
    position: int
    kind: TaskKind
    state: TaskState
    rlts_traf_id: str
    step: str
    psn_no: str
    psn_insu_rlts_id: str | None
    effective_date: date
    amount: Fen | None
    trafin_admdvs: str | None
    periods: list[SheetRow]

    @classmethod
    def of(cls, task: CoreTask) -> "TaskShown":
        """The answer for a task."""
        return cls(
            task_id=task.task_id,
            position=task.position,
            kind=task.kind,
            state=task.state,
            rlts_traf_id=task.rlts_traf_id,
            step=task.step,
            psn_no=task.psn_no,
            psn_insu_rlts_id=task.psn_insu_rlts_id,
            effective_date=task.effective_date,
            amount=task.amount,
            trafin_admdvs=task.trafin_admdvs,
            periods=list(task.periods),
        )


class FailedTask(TaskShown):
    """A task that the core could not carry out, and why."""

    reason: str | None

    @classmethod
    def because(cls, task: CoreTask, reason: str | None) -> "FailedTask":
        """The answer for a failed task."""
        return cls(**TaskShown.of(task).model_dump(), reason=reason)


class TaskList(BaseModel):
    """Tasks without a final answer. Ask with ``next_after`` until there is none, then from 0 again."""

    items: list[TaskShown]
    next_after: int | None


class BackPaymentReported(Document):
    """An interruption has been paid for: the day (Shanghai), and whether all of it."""

    paid_on: date
    is_in_full: bool


class TaskResult(Document):
    """What came of a task: ``balc`` after the step, and for ``freeze_account`` the balance so fixed (required).

    ``back_payment`` may stand with ``allow_back_payment`` only: the core answers once the person has paid. A core
    that answers at once leaves it out, and pushes the contributions when they come.
    """

    outcome: Outcome
    at: AwareDatetime
    core_ref: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    balc: NonNegativeFen | None = None
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)] | None = None
    back_payment: BackPaymentReported | None = None

    def answer(self, task_id: UUID) -> CoreAnswer:
        """The value that is kept."""
        told = self.back_payment
        report = None if told is None else BackPaymentReport(told.paid_on, told.is_in_full)
        return CoreAnswer(task_id, self.outcome, self.at, self.core_ref, self.balc, self.reason, report)


class ConflictShown(BaseModel):
    """A pushed record that disagreed with our own hold; ours counts."""

    model_config = ConfigDict(from_attributes=True)

    position: int
    psn_no: str
    code: str
    psn_insu_rlts_id: str | None
    rid: str
    noticed_at: datetime
