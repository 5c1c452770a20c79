"""What is being done now: a live table on a terminal, one line per step elsewhere."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.table import Table

from demo.case_run import CaseRun


class Progress:
    """Says what happens; ``began`` is when the demo was started (``time.monotonic``)."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.began = time.monotonic()
        self._runs: Sequence[CaseRun] = ()

    @property
    def seconds(self) -> float:
        """How long the demo has been running."""
        return time.monotonic() - self.began

    def say(self, text: str) -> None:
        """Something about the whole."""
        self.console.print(f"[{self.seconds:5.1f} 秒] {text}", markup=False, soft_wrap=True)

    def step(self, run: CaseRun, doing: str) -> None:
        """A step of one scenario; on a terminal the live table shows it."""
        if not self.console.is_terminal:
            self.say(f"{run.scenario.letter:<2} {run.rlts_traf_id:<16} {doing}")

    @contextmanager
    def shown(self, runs: Sequence[CaseRun]) -> Iterator[None]:
        """Show the steps of ``runs`` while the block runs."""
        self._runs = runs
        if not self.console.is_terminal:
            yield
            return
        with Live(get_renderable=self._table, console=self.console, refresh_per_second=8, transient=True):
            yield

    def _table(self) -> Table:
        table = Table(title=f"办理进度（{self.seconds:.1f} 秒）", title_justify="left")
        for name in ("情形", "内容", "办件编号", "正在"):
            table.add_column(name, no_wrap=True)
        for run in self._runs:
            table.add_row(run.scenario.letter, run.scenario.title, run.rlts_traf_id, run.doing)
        return table
