"""Codes in a question have to be areas of the registry: no other region's rules answer for them."""

from collections.abc import Mapping

from shared.errors import FieldError, InvalidInput
from shared.registry.registry import Registry


def require_known(registry: Registry, named: Mapping[str, str]) -> None:
    """Returns where each code, by the name of its field, is a pooling area or a county; raises ``InvalidInput``."""
    errors = [
        FieldError(f"/{name}", "area-unknown", "登记库中没有这个地区")
        for name, code in named.items()
        if registry.resolve(code) is None
    ]
    if errors:
        raise InvalidInput("地区代码有误。", code="area-unknown", errors=errors)
