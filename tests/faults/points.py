"""The named points at which a process is killed, and the traps that a test lays there for it.

A trap is a file: the test writes it, the process that reaches the point for the n-th time renames it and dies. So
the test knows for sure that it was there that the process died, and a process that was started again lives on.
"""

import os
import signal
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

FOLDER_VARIABLE = "FAULTS_DIR"


class Point(StrEnum):
    """Where a process dies."""

    BEFORE_COMMIT = "before-commit"
    AFTER_COMMIT_BEFORE_RESPONSE = "after-commit-before-response"
    AFTER_COMMIT_BEFORE_PUBLISH = "after-commit-before-publish"
    AFTER_COMMIT_BEFORE_RECEIPTS = "after-commit-before-receipts"
    AFTER_PUBLISH_BEFORE_MARK = "after-publish-before-mark"
    BEFORE_OFFSET_COMMIT = "before-offset-commit"


def process_name(package: str, role: str) -> str:
    """The process as the local stack calls it."""
    return f"{package}-{role}"


@dataclass
class Trap:
    """One point of one process; laid by the test, sprung by the process."""

    folder: Path
    process: str
    point: Point
    _reached: int = 0

    def lay(self, nth: int) -> None:
        """Let the process die when it next reaches the point for the ``nth`` time."""
        self._sprung.unlink(missing_ok=True)
        partial = self.folder / f"{self.process}.{self.point}.partial"
        partial.write_text(str(nth))
        os.replace(partial, self._laid)

    @property
    def is_laid(self) -> bool:
        """Whether it waits for the process."""
        return self._laid.exists()

    @property
    def has_sprung(self) -> bool:
        """Whether a process died of it since it was last laid."""
        return self._sprung.exists()

    def reached(self) -> None:
        """The process is at the point: it dies here if the trap says so."""
        if not self.is_laid:
            self._reached = 0
            return
        self._reached += 1
        if self._reached < int(self._laid.read_text()):
            return
        os.replace(self._laid, self._sprung)
        os.kill(os.getpid(), signal.SIGKILL)

    @property
    def _laid(self) -> Path:
        return self.folder / f"{self.process}.{self.point}.laid"

    @property
    def _sprung(self) -> Path:
        return self.folder / f"{self.process}.{self.point}.sprung"
