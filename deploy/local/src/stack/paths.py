"""Where things stand in the working tree. The local stack always runs from a checkout."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[4]
CACHE = REPOSITORY / ".cache"
STATE = REPOSITORY / ".state"
LOCAL = REPOSITORY / "deploy" / "local"
