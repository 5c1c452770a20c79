"""What can go wrong while the local stack starts or stops."""

from pathlib import Path

from shared.errors import TransferError


class StackError(TransferError):
    """Root of the errors of the local stack."""


class NotReady(StackError):
    """A process did not become ready before its deadline."""


class ProcessEnded(StackError):
    """A process ended by itself; carries the end of its log, which says why."""

    def __init__(self, name: str, returncode: int, log: Path) -> None:
        super().__init__(f"{name} ended with {returncode}; see {log}\n{_last_lines(log)}")
        self.returncode = returncode


class ToolMissing(StackError):
    """A program that this option needs is not installed."""


class StackInUse(StackError):
    """Another stack runs on the same state folder."""


def _last_lines(log: Path, count: int = 15, window_bytes: int = 16_384) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - window_bytes))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-count:])
