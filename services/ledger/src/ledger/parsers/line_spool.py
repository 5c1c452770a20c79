"""Lines that were read, on disk until the whole file is judged: a file is read once, and never held in memory."""

import pickle
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ledger.domain.statement import Line

_IN_MEMORY = 1024 * 1024
_CHUNK = 1000


class LineSpool:
    """Keeps lines group by group in a temporary file, which goes with it."""

    def __init__(self, folder: Path | None = None) -> None:
        place = None if folder is None else str(folder)
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=place)  # noqa: SIM115  # closed with us
        weakref.finalize(self, self._file.close)
        self._folder = folder
        self._group = 0
        self._starts: dict[int, int] = {}
        self._pending: list[Any] = []

    def another(self) -> "LineSpool":
        """An empty one in the same folder."""
        return LineSpool(self._folder)

    def add(self, line: Line) -> None:
        """Keep the next line of the group at hand."""
        # A plain tuple: pickle names the class of any other with each.
        self._pending.append(tuple(line))
        if len(self._pending) == _CHUNK:
            self._flush()

    def end_group(self) -> None:
        """What follows is of the next group."""
        self._flush()
        self._group += 1

    def lines(self) -> Iterator[tuple[int, Line]]:
        """Every line with the index of its group, in order; nothing is added any more."""
        self._flush()
        for group, chunk in self._chunks(0):
            for values in chunk:
                yield group, Line._make(values)

    def lines_of(self, group: int) -> Iterator[Line]:
        """The lines of one group, in order, without a look at the others; nothing is added any more."""
        self._flush()
        if group not in self._starts:
            return
        for found, chunk in self._chunks(self._starts[group]):
            if found != group:
                return
            yield from map(Line._make, chunk)

    def _chunks(self, place: int) -> Iterator[tuple[int, list[Any]]]:
        while True:
            self._file.seek(place)
            try:
                group, chunk = pickle.load(self._file)  # noqa: S301  # nobody else writes there
            except EOFError:
                return
            place = self._file.tell()
            yield group, chunk

    def _flush(self) -> None:
        if self._pending:
            self._starts.setdefault(self._group, self._file.tell())
            pickle.dump((self._group, self._pending), self._file, protocol=pickle.HIGHEST_PROTOCOL)
            self._pending = []
