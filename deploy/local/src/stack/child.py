"""One supervised process: started with its output in a file, stopped within a bound."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from stack.errors import NotReady, ProcessEnded


class Child:
    """A process under a name.

    It gets a session of its own, so that Ctrl-C reaches only the launcher, which then stops its children in
    order. Its process id stands in ``<log>.pid`` while it runs, so that a later launcher finds what a killed
    one left behind.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.log = log
        self.env = dict(env) if env is not None else None
        self._cwd = cwd
        self._pid_file = log.with_suffix(".pid")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id while it runs, else ``None``."""
        return self._process.pid if self._process is not None and self.is_running else None

    @property
    def is_running(self) -> bool:
        """Whether the process has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def returncode(self) -> int | None:
        """How the last run ended (negative: by that signal); ``None`` while it runs or before the first start."""
        return self._process.poll() if self._process is not None else None

    def start(self) -> None:
        """Start it; output is appended to ``log``. A process that already runs is left alone."""
        if self.is_running:
            return
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.env,
                cwd=self._cwd,
                start_new_session=True,
            )
        self._pid_file.write_text(f"{self._process.pid} {self.command[0]}\n")

    def check(self) -> None:
        """Raise ``ProcessEnded`` when it is not running any more."""
        if self._process is not None and self._process.poll() is not None:
            raise ProcessEnded(self.name, self._process.returncode, self.log)

    def stop(self, *, within_seconds: float) -> int | None:
        """SIGTERM, and SIGKILL when it has not ended in time; gives the return code, ``None`` if never started."""
        if self._process is None:
            return None
        if self.is_running:
            self._process.terminate()
        try:
            self._process.wait(within_seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        self._pid_file.unlink(missing_ok=True)
        return self._process.returncode

    def kill(self) -> None:
        """SIGKILL to its whole session, and wait until it is gone."""
        if self._process is None:
            return
        if self.is_running:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._pid_file.unlink(missing_ok=True)

    def wait(self, *, within_seconds: float) -> int:
        """Wait until it ends by itself and give the return code; raises ``NotReady`` when it takes longer."""
        if self._process is None:
            raise NotReady(f"{self.name} was never started")
        try:
            return self._process.wait(within_seconds)
        except subprocess.TimeoutExpired as late:
            raise NotReady(f"{self.name} did not end within {within_seconds:g} s") from late


def end_leftovers(folder: Path, *, within_seconds: float = 10) -> list[int]:
    """End the processes that a killed launcher left behind, by the pid files of ``folder``; gives their ids.

    A process id may have been given to another program since, so only a process with the same program is ended.
    """
    ended = []
    for pid_file in sorted(folder.glob("*.pid")):
        pid_text, _, program = pid_file.read_text().strip().partition(" ")
        if pid_text.isdigit() and program and _runs(int(pid_text), program):
            os.killpg(int(pid_text), signal.SIGTERM)
            _wait_gone(int(pid_text), program, within_seconds)
            ended.append(int(pid_text))
        pid_file.unlink(missing_ok=True)
    return ended


def _runs(pid: int, program: str) -> bool:
    try:
        return bool(psutil.Process(pid).cmdline()[:1] == [program])
    except psutil.NoSuchProcess:
        return False


def _wait_gone(pid: int, program: str, within_seconds: float) -> None:
    deadline = time.monotonic() + within_seconds
    while _runs(pid, program):
        if time.monotonic() > deadline:
            os.killpg(pid, signal.SIGKILL)
            return
        time.sleep(0.05)
