"""uvicorn inside a test's own process."""

from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn


class EmbeddedServer(uvicorn.Server):
    """uvicorn without its signal handlers: Ctrl-C belongs to pytest."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave every signal to whoever handles it now."""
        yield
