"""Which tests stay together on one test process, and which of them begin first.

Two processes share the suite. A file stays on one of them, so that what its fixtures start is started once. What takes
minutes begins at once, and the many short files at the end even the two out.
"""

from xdist.scheduler import LoadScopeScheduling

# The longest first; all files below the paths are one unit.
_LONG = (
    # One stack at a time: each is a dozen processes.
    ("stack", ("tests/e2e/",)),
    # All four services and a case that has gone all the way, for hundreds of requests to each of them.
    ("schemathesis", ("tests/contract/test_schemathesis.py",)),
    # One broker for all of them.
    ("kafka", ("tests/integration/stack/test_kafka.py", "tests/integration/shared/messaging/test_real_kafka.py")),
)
_NAMES = [name for name, _ in _LONG]


def unit_of(nodeid: str) -> str:
    """What a test is never parted from: a group of long ones, or its file."""
    path = nodeid.partition("::")[0]
    for name, paths in _LONG:
        if path.startswith(paths):
            return name
    return path


def place_of(nodeid: str) -> int:
    """Where its unit comes in the order of all."""
    unit = unit_of(nodeid)
    return _NAMES.index(unit) if unit in _NAMES else len(_NAMES)


class Distribution(LoadScopeScheduling):  # type: ignore[misc] # xdist ships no types
    """xdist's scheduler of scopes, where a scope is a unit of ours."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)
