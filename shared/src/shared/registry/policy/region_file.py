"""One region's policy file: its versions by effective date, each stating only what the region itself sets."""

import hashlib
import json
from datetime import date, time
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints

from shared.contracts.codes import AreaCode
from shared.contracts.model import Message
from shared.errors import FieldError, InvalidInput
from shared.toml_text import TomlWrong, read_tables

Source = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class PolicyFileUnreadable(InvalidInput):
    """The text is no TOML, or too long."""

    code = "policy-file-unreadable"


class PolicyVersion(Message):
    """What a region sets from ``valid_from`` (Shanghai) until its next version; ``sources`` name the documents.

    Everything else in it is a section: nested tables of values. ``articles`` in any of those tables say which
    articles its values follow; where none do, ``sources`` stand for them.
    """

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, dict[str, Any]]

    valid_from: date
    sources: Annotated[tuple[Source, ...], Field(min_length=1, max_length=50)]

    @property
    def sections(self) -> dict[str, dict[str, Any]]:
        """Section name → its tables, as they stand in the file."""
        return self.__pydantic_extra__


class RegionFile(Message):
    """A region's policy. Only the nation inherits from nobody; versions are listed by their dates."""

    region: AreaCode
    name: Annotated[str, Field(min_length=1, max_length=100)]
    inherits: AreaCode | None = None
    versions: Annotated[tuple[PolicyVersion, ...], Field(min_length=1, max_length=200)]

    @property
    def digest(self) -> str:
        """SHA-256 of the file's content, whatever its layout."""
        content = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()

    def in_force(self, on: date) -> PolicyVersion | None:
        """The version in force on a day (Shanghai), ``None`` before the first."""
        begun = [version for version in self.versions if version.valid_from <= on]
        return begun[-1] if begun else None


def read_toml(text: str) -> dict[str, Any]:
    """The tables of a file as JSON writes them (dates become text), nothing checked yet.

    Raises ``PolicyFileUnreadable``.
    """
    try:
        content = read_tables(text)
    except TomlWrong as error:
        errors = [FieldError("", PolicyFileUnreadable.code, str(error))]
        raise PolicyFileUnreadable("政策文件未载入，现行政策不变。", errors=errors) from error
    read: dict[str, Any] = _as_json(content)
    return read


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_as_json(each) for each in value]
    return value.isoformat() if isinstance(value, date | time) else value
