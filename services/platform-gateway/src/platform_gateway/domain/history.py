"""What a case's history says: each transition, each refused command, each thing noted."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from platform_gateway.domain.case import Case
from platform_gateway.domain.states import CaseState, Command, corrected, transition


class Note(StrEnum):
    """What happens to a case without moving its relation."""

    SHEET_REFUSED = "sheet_refused"
    DEADLINE_WARNED = "deadline_warned"
    DEADLINE_OVERDUE = "deadline_overdue"
    DEADLINE_MOVED = "deadline_moved"
    RELATION_ENDED = "relation_ended"
    MONEY_CHANGED = "money_changed"
    CLOSED = "closed"
    BENEFITS_DECIDED = "benefits_decided"
    DUPLICATE_FOUND = "duplicate_found"


@dataclass(frozen=True, slots=True)
class Cause:
    """Who did it, when, why, and the message that brought it, if one did.

    ``actor`` is a party's address, a token's subject or ``timer``; never a name.
    """

    actor: str
    at: datetime
    reason: str | None = None
    message_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of the history. ``is_allowed`` is false for a command that was refused."""

    rlts_traf_id: str
    command: str
    from_state: CaseState | None
    to_state: CaseState
    cause: Cause
    is_allowed: bool = True


def move(case: Case, command: Command, cause: Cause) -> tuple[Case, list[HistoryEntry]]:
    """The case after ``command`` with a line per state passed; raises ``CommandNotAllowed``."""
    path = transition(case.state, command, case.sheet_version)
    entries = [
        HistoryEntry(case.rlts_traf_id, command, before, after, cause)
        for before, after in zip((case.state, *path), path, strict=False)
    ]
    since = case.state_since if path[-1] is case.state else cause.at
    return replace(case, state=path[-1], state_since=since), entries


def correct(case: Case, command: Command, cause: Cause) -> tuple[Case, list[HistoryEntry]]:
    """The completed case after ``command`` on its correction, with a line; raises ``CommandNotAllowed``.

    The relation's track stays where and since when it is.
    """
    after = corrected(case.state, case.correction_state, command)
    entry = HistoryEntry(case.rlts_traf_id, command, case.state, case.state, cause)
    return replace(case, correction_state=after), [entry]


def sheet_taken(case: Case, cause: Cause) -> tuple[Case, list[HistoryEntry]]:
    """The case with its sheet on the way to the inbound; a completed one stays so, its correction is under way.

    Raises ``CommandNotAllowed``.
    """
    if case.state is CaseState.COMPLETED:
        return correct(case, Command.TAKE_CORRECTION, cause)
    issued, taken = move(case, Command.TAKE_SHEET, cause)
    routed, sent = move(issued, Command.ROUTE_SHEET, cause)
    return routed, [*taken, *sent]


def note(case: Case, what: Note, cause: Cause) -> HistoryEntry:
    """A line about something that leaves the relation where it is."""
    return HistoryEntry(case.rlts_traf_id, what, case.state, case.state, cause)


def refused(case: Case, command: Command, cause: Cause) -> HistoryEntry:
    """The trace of a command that the table does not allow."""
    return HistoryEntry(case.rlts_traf_id, command, case.state, case.state, cause, is_allowed=False)
