"""What a command or message comes to: the case as it becomes, and all that must be kept or sent with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from outbound.domain.case import Actor, Case, CaseState
from outbound.domain.errors import CommandNotAllowed
from shared.agency.core import NewTask, TaskKind
from shared.clock import local_date
from shared.contracts.events.event import Event
from shared.contracts.party import PLATFORM, Party, Role


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a case's history. ``name`` is stable; a refused command has the same state twice."""

    name: str
    from_state: CaseState | None
    to_state: CaseState
    at: datetime
    actor: Actor
    sheet_version: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """An event and the party it goes to, from this case's outbound agency."""

    recipient: Party
    event: Event


@dataclass(frozen=True, slots=True)
class Decision:
    """The case as it becomes, with history, tasks for the core and letters, in this order of happening."""

    case: Case
    steps: tuple[Step, ...] = ()
    tasks: tuple[NewTask, ...] = ()
    letters: tuple[Letter, ...] = ()

    def then(self, later: "Decision") -> "Decision":
        """This decision followed by another one that was made on its outcome, as one."""
        return Decision(later.case, self.steps + later.steps, self.tasks + later.tasks, self.letters + later.letters)


def decide(
    case: Case,
    name: str,
    to_state: CaseState,
    at: datetime,
    actor: Actor,
    *,
    reason: str | None = None,
    tasks: Sequence[NewTask] = (),
    letters: Sequence[Letter] = (),
    **changes: Any,
) -> Decision:
    """``case`` moved to ``to_state`` with ``changes`` and its next row version, and the step written down."""
    step = Step(name, case.state, to_state, at, actor, case.sheet_version, reason)
    moved = replace(case, state=to_state, row_version=case.row_version + 1, updated_at=at, **changes)
    return Decision(moved, (step,), tuple(tasks), tuple(letters))


def note(case: Case, name: str, at: datetime, actor: Actor, *, reason: str | None = None) -> Decision:
    """A line of history and nothing else: what was refused, absorbed or failed leaves a trace."""
    return Decision(case, (Step(name, case.state, case.state, at, actor, case.sheet_version, reason),))


def require(case: Case, command: str, *allowed: CaseState) -> None:
    """Raise ``CommandNotAllowed`` unless the case is in one of the states that allow ``command``."""
    if case.state not in allowed:
        raise CommandNotAllowed("办件当前状态不允许此操作", code=f"{command}-not-allowed")


def task(case: Case, kind: TaskKind, step: str, effective_date: date, amount: int | None = None) -> NewTask:
    """A task for this case's person and relation; ``step`` tells apart the same kind within the case."""
    return NewTask(
        kind=kind,
        admdvs=case.admdvs,
        rlts_traf_id=case.rlts_traf_id,
        step=step,
        psn_no=case.psn_no,
        psn_insu_rlts_id=case.psn_insu_rlts_id,
        effective_date=effective_date,
        amount=amount,
        trafin_admdvs=case.trafin_admdvs if kind is TaskKind.TERMINATE_RELATION else None,
    )


def unfreeze(case: Case, at: datetime) -> tuple[NewTask, ...]:
    """What undoes the freeze of the present approval, if there is an account that could be frozen.

    Once a version was accepted its amount is owed, and the account stays frozen until that is settled.
    """
    if not case.has_account or case.owed_amount is not None:
        return ()
    return (task(case, TaskKind.UNFREEZE_ACCOUNT, str(case.approval_no), local_date(at)),)


def to_platform(event: Event) -> Letter:
    """A letter to the platform."""
    return Letter(PLATFORM, event)


def to_ledger(case: Case, event: Event) -> Letter:
    """A letter to the agency's own ledger."""
    return Letter(Party(Role.LEDGER, case.admdvs), event)
