"""What only the agency's core system can do for a case, as values (pure)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from shared.contracts.info_sheet import SheetRow

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


class TaskKind(StrEnum):
    """What the core is asked to carry out; the first six by an outbound, the others by an inbound agency."""

    SUSPEND_RELATION = "suspend_relation"
    RESUME_RELATION = "resume_relation"
    FREEZE_ACCOUNT = "freeze_account"
    UNFREEZE_ACCOUNT = "unfreeze_account"
    DEBIT_ACCOUNT = "debit_account"
    TERMINATE_RELATION = "terminate_relation"
    IMPORT_PERIODS = "import_periods"
    CREDIT_ACCOUNT = "credit_account"
    REVERSE_ENTRY = "reverse_entry"
    ALLOW_BACK_PAYMENT = "allow_back_payment"
    REVOKE_BACK_PAYMENT = "revoke_back_payment"


class TaskState(StrEnum):
    """``open`` until the core answers; ``unknown`` may still become ``done`` or ``failed``."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """What the core answers. ``unknown`` is not an end: it may answer again."""

    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to open; one per (``admdvs``, ``rlts_traf_id``, ``kind``, ``step``), whoever asks again.

    ``step`` tells apart the same kind within one case, such as the sheet version: the periods of a later one
    replace those of an earlier one. ``amount`` in fen for debit and credit; ``reverse_entry`` takes a credit of that
    amount back, or without one the periods of the version in its step, ``import-<version>``;
    ``revoke_back_payment`` takes back whatever ``allow_back_payment`` of the case allowed before it;
    ``trafin_admdvs`` for ``terminate_relation``; ``periods`` for ``import_periods``.
    """

    kind: TaskKind
    admdvs: str
    rlts_traf_id: str
    step: str
    psn_no: str
    psn_insu_rlts_id: str | None
    effective_date: date
    amount: int | None = None
    trafin_admdvs: str | None = None
    periods: tuple[SheetRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreTask(NewTask):
    """A task as it is kept; ``position`` orders the tasks of an agency."""

    task_id: UUID
    position: int
    state: TaskState


@dataclass(frozen=True, slots=True)
class BackPaymentReport:
    """That an interruption has been paid for, on which day (Shanghai), and whether all of it."""

    paid_on: date
    is_in_full: bool


@dataclass(frozen=True, slots=True)
class CoreAnswer:
    """What the core says of a task: ``balc`` in fen (after the step; for a freeze the fixed balance), ``at`` UTC.

    ``back_payment`` may be told with ``allow_back_payment`` done: the core waited for the payment itself.
    """

    task_id: UUID
    outcome: Outcome
    at: datetime
    core_ref: str | None = None
    balc: int | None = None
    reason: str | None = None
    back_payment: BackPaymentReport | None = None


@dataclass(frozen=True, slots=True)
class CoreResult:
    """A task together with its newly recorded answer; what a service's ``on_core_results`` gets."""

    task: CoreTask
    answer: CoreAnswer


OnCoreResults = Callable[["AsyncConnection", Sequence[CoreResult]], Awaitable[None]]
"""The service's reaction, in the transaction that records the results; several results may be of one case."""
