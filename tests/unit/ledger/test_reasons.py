"""A reason that is asked for is one: blanks say nothing, to nobody who looks later."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from pydantic import TypeAdapter, ValidationError

from ledger import schemas
from shared.contracts.model import Document

_SAID = ("reason", "comment", "memo", "note")


def _asked() -> Iterator[tuple[str, str]]:
    for module in pkgutil.iter_modules(schemas.__path__, f"{schemas.__name__}."):
        for name, model in vars(importlib.import_module(module.name)).items():
            if isinstance(model, type) and issubclass(model, Document):
                yield from ((f"{module.name}:{name}", field) for field in _SAID if field in model.model_fields)


@pytest.mark.parametrize(("place", "field"), sorted(_asked()))
def test_blanks_are_no_reason(place: str, field: str) -> None:
    module, _, name = place.partition(":")
    asked = TypeAdapter(vars(importlib.import_module(module))[name].model_fields[field].rebuild_annotation())
    assert asked.validate_python("  已核对 ") == "已核对"
    with pytest.raises(ValidationError):
        asked.validate_python(" \u3000")
