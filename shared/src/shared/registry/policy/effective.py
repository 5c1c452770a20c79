"""The policy of an area on a day: the nation's, its province's and its own, merged."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from shared.errors import InvalidInput, Unavailable
from shared.registry.policy.layers import Layer, Origin, layer_of, merge, nested
from shared.registry.policy.readings import READINGS, ReadingChoice
from shared.registry.policy.region_file import RegionFile
from shared.registry.policy.section import NATION
from shared.registry.policy.sections import Sections

DIGEST_LENGTH = 12
"""How much of a file's digest a policy's version names."""

_MAX_LINE = 10
_InForce = tuple[tuple[str, date | None], ...]
"""Region and the first day of its version that is in force, from the nation down; ``None``: none is yet."""


class PolicyMissing(Unavailable):
    """No policy has been loaded, so nothing can be decided."""


class PolicyNotInForce(InvalidInput):
    """The day lies before the nation's first version."""

    code = "policy-not-in-force"


@dataclass(frozen=True)
class EffectivePolicy:
    """What holds in an area on a day. ``version`` names every file's version and digest, from the nation down.

    A file of which no version is in force yet is named too (``370100@-#…``): a decision stands on that as well.
    """

    sections: Sections
    version: str
    layer: Layer

    @cached_property
    def origins(self) -> Mapping[str, Origin]:
        """The origin of each value that a region has set, by its dotted path."""
        return {".".join(path): value.origin for path, value in self.layer.items()}

    def reading(self, name: str) -> ReadingChoice:
        """What a reading of the catalogue means here, and whether a region has set it; raises ``KeyError``."""
        reading = READINGS[name]
        value = self.sections.readings.get(name)
        # A meaning that only a newer version of this system knows cannot be followed here.
        if value is None or value not in reading.meanings:
            return ReadingChoice(name, reading.default, is_set=False, origin=None)
        return ReadingChoice(name, value, is_set=True, origin=self.origins[f"readings.{name}"])


class PolicyBook:
    """All region files of one registry version."""

    def __init__(self, files: Sequence[RegionFile]) -> None:
        self.files = {file.region: file for file in files}
        self._digests = {file.region: file.digest[:DIGEST_LENGTH] for file in files}
        self.names = frozenset(self._digests.items())
        self._merged = lru_cache(maxsize=1024)(self._merge)

    def effective(self, regions: Sequence[str], on: date) -> EffectivePolicy:
        """The policy of the first of ``regions`` that has a file, over its ancestors', on a day (Shanghai).

        Raises ``PolicyMissing`` without the nation's file and ``PolicyNotInForce`` before its first version.
        """
        in_force = self._in_force(next((region for region in regions if region in self.files), NATION), on)
        if in_force[0][1] is None:
            raise PolicyNotInForce(f"{on}尚无施行的政策。")
        return self._merged(in_force)

    def with_file(self, file: RegionFile) -> "PolicyBook":
        """The same book with one file put in or replaced."""
        return PolicyBook([*(each for each in self.files.values() if each.region != file.region), file])

    def ancestors(self, region: str) -> list[str]:
        """``region`` and whom it inherits from, the nation first; raises ``PolicyMissing``."""
        line: list[str] = []
        following: str | None = region
        while following is not None:
            if following not in self.files or len(line) == _MAX_LINE:
                raise PolicyMissing(f"尚未载入地区政策（{following}）")
            line.insert(0, following)
            following = self.files[following].inherits
        return line

    def changes(self, region: str) -> list[date]:
        """The days on which the policy of ``region`` changes, from the nation's first version on."""
        first = self.files[NATION].versions[0].valid_from
        versions = (version for each in self.ancestors(region) for version in self.files[each].versions)
        return sorted({max(first, version.valid_from) for version in versions})

    def layer(self, region: str, on: date) -> Layer:
        """The values of ``region`` with all that it inherits, on a day."""
        return self._layer(self._in_force(region, on))

    def _in_force(self, region: str, on: date) -> _InForce:
        files = [self.files[each] for each in self.ancestors(region)]
        versions = ((file.region, file.in_force(on)) for file in files)
        return tuple((region, version.valid_from if version else None) for region, version in versions)

    def _layer(self, in_force: _InForce) -> Layer:
        merged: Layer = {}
        for region, on in in_force:
            file = self.files[region]
            version = None if on is None else file.in_force(on)
            if version is not None:
                merged = merge(merged, layer_of(region, file.name, version))
        return merged

    def _merge(self, in_force: _InForce) -> EffectivePolicy:
        layer = self._layer(in_force)
        names = (f"{region}@{on or '-'}#{self._digests[region]}" for region, on in in_force)
        return EffectivePolicy(read_sections(layer), "+".join(names), layer)


def files_named(version: str) -> frozenset[tuple[str, str]]:
    """Region and beginning of the digest of every file that the version of one or more policies names."""
    parts = version.replace("+", " ").split()
    return frozenset((part[:6], part.rpartition("#")[2]) for part in parts if "#" in part)


def read_sections(layer: Layer, **options: Any) -> Sections:
    """The sections that a merged layer says; raises pydantic's ``ValidationError``.

    Read as JSON and strictly, so that no text passes for a number and no number for a flag.
    """
    return Sections.model_validate_json(json.dumps(nested(layer)), strict=True, **options)
