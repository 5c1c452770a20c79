"""What a local stack is made of."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stack.areas import REGISTRY

Command = Callable[[str], Sequence[str]]


def module_command(package: str) -> Sequence[str]:
    """``python -m <package>``; the role or verb comes behind."""
    return (sys.executable, "-m", package)


@dataclass(frozen=True)
class Options:
    """Choices for one stack.

    ``state``: where all of its data, keys, logs and tokens stand; a folder that was used before is gone on with.
    ``kafka``: ``embedded``, ``real``, or ``host:port`` of one that runs already.
    ``database_url``: the server to use instead of the embedded one (libpq URL of somebody who may create
    databases). ``is_split``: api and worker as processes of their own. ``command``: how a package is started,
    for launchers of tests. ``env``: settings by package, ``"*"`` for all. ``registry``: the folder of areas, or
    ``None`` to load none.
    """

    state: Path
    kafka: str = "embedded"
    database_url: str | None = None
    is_split: bool = False
    command: Command = module_command
    env: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    registry: Path | None = REGISTRY

    def settings_of(self, package: str) -> dict[str, str]:
        """The extra settings of one package."""
        return {**self.env.get("*", {}), **self.env.get(package, {})}
