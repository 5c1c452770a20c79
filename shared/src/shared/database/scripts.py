"""Where the migration scripts of a package are, and which revisions they make.

Read from their text: every process asks at its start, and Alembic would cost each of them 8 MB for it.
"""

import re
from importlib.util import find_spec
from pathlib import Path

_REVISION = re.compile(r"^revision\b[^=\n]*=\s*[\"']([^\"']+)[\"']", re.MULTILINE)
_DOWN_REVISION = re.compile(r"^down_revision\b[^=\n]*=\s*[\"']([^\"']+)[\"']", re.MULTILINE)


class ScriptsMissing(RuntimeError):
    """The package has no migration scripts, neither packaged nor beside its sources."""


def script_location(package: str | Path) -> Path:
    """Where the scripts of ``package`` are: inside the installed package, or ``../../migrations`` in a source tree.

    A path is the folder itself.
    """
    if isinstance(package, Path):
        return package
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ScriptsMissing(f"package {package} is not installed")
    home = Path(spec.origin).parent
    for candidate in (home / "migrations", home.parent.parent / "migrations"):
        if (candidate / "env.py").is_file():
            return candidate
    raise ScriptsMissing(f"package {package} has no migrations/env.py")


def head_revision(package: str | Path) -> str:
    """The newest revision that the scripts of ``package`` (or of a folder of scripts) lead to."""
    heads = known_revisions(package) - _named(package, _DOWN_REVISION)
    if len(heads) != 1:
        raise ScriptsMissing(f"{package} has {sorted(heads) or 'no migration'} as its newest")
    return heads.pop()


def known_revisions(package: str | Path) -> set[str]:
    """Every revision that the scripts know."""
    return _named(package, _REVISION)


def _named(package: str | Path, pattern: re.Pattern[str]) -> set[str]:
    files = (script_location(package) / "versions").glob("*.py")
    return {found for file in files for found in pattern.findall(file.read_text(encoding="utf-8"))}
