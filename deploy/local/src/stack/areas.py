"""The pooling areas of the local stack, from readable files in ``deploy/local/registry``."""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, ValidationError

from shared.registry.models import Area, AreaState
from stack.errors import StackError
from stack.paths import LOCAL

REGISTRY = LOCAL / "registry"


class SeedArea(Area):
    """One area as its file says it; endpoints and keys are added when the stack runs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    signature_algorithm: Literal["ES256", "SM2-SM3"] = "ES256"

    @property
    def is_connected(self) -> bool:
        """Whether the stack serves this area."""
        return self.state is AreaState.CONNECTED


def read_areas(folder: Path = REGISTRY) -> tuple[SeedArea, ...]:
    """Every area of the folder's ``*.toml``, by code; raises ``StackError`` naming the file that is wrong."""
    return tuple(sorted((_read(path) for path in folder.glob("*.toml")), key=lambda area: area.admdvs))


def _read(path: Path) -> SeedArea:
    try:
        return SeedArea.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise StackError(f"{path}: {error}") from error
