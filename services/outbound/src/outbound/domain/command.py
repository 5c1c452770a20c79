"""What clerks ask of cases, and what came of it."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from outbound.domain.case import Case
from outbound.domain.errors import CaseUnknown
from shared.errors import DomainError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Command(Generic[T]):
    """What a clerk asks of one case; ``versions`` are the row versions that they have seen, ``None`` for any."""

    rlts_traf_id: str
    versions: frozenset[str] | None
    ask: T


@dataclass(frozen=True, slots=True)
class Result:
    """The case as it now is, or why the command was refused."""

    rlts_traf_id: str
    case: Case | None = None
    error: DomainError | None = None

    def require(self) -> Case:
        """The case; raises the refusal."""
        if self.case is None:
            raise self.error or CaseUnknown("没有这个办件")
        return self.case
