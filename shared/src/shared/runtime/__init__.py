"""How a service is started, kept turning and stopped."""

from importlib import import_module
from sys import modules

_FOR_CONSOLES = ("pygments", "rich")
_USING_THEM = ("httpx", "structlog")


def _import_without_consoles() -> None:
    """Import two libraries without what they take for consoles wherever they find it: 6 MB that no service has use for.

    Whoever wants it imports it afterwards as ever.
    """
    if any(name in modules for name in (*_FOR_CONSOLES, *_USING_THEM)):
        return
    missing = dict.fromkeys(_FOR_CONSOLES)
    modules.update(missing)  # type: ignore[arg-type]  # importing what stands there as None fails as if not installed
    try:
        for name in _USING_THEM:
            import_module(name)
    finally:
        for name in missing:
            del modules[name]


_import_without_consoles()
