"""What can go wrong in the demo itself; a scenario that comes out otherwise is no error but a deviation."""

from shared.errors import TransferError


class DemoError(TransferError):
    """Root of the demo's errors."""


class ScenarioFaulty(DemoError):
    """A scenario file cannot be read; the message names the file."""


class NotInTime(DemoError):
    """Something that was waited for did not come before its deadline."""


class Unexpected(DemoError):
    """A service refused; ``status`` is HTTP's, ``problem`` the RFC 9457 type, ``codes`` those of its errors."""

    def __init__(self, message: str, *, status: int = 0, problem: str = "", codes: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.problem = problem
        self.codes = codes
