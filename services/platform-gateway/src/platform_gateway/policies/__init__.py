"""The region files that ship with the platform; loaded by the ``migrate`` command."""

from pathlib import Path

_FOLDER = Path(__file__).parent


def shipped_texts() -> list[str]:
    """The files' texts, the nation's first and each region after the one that it inherits from."""
    return [file.read_text(encoding="utf-8") for file in sorted(_FOLDER.glob("*.toml"))]
