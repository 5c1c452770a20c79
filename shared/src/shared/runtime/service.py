"""What a service says of itself to be started."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from fastapi import FastAPI

from shared.runtime.loops import Loop
from shared.settings import ServiceSettings
from shared.web.context import WebContext

Settings = TypeVar("Settings", bound=ServiceSettings)
Context = TypeVar("Context", bound=WebContext)
Tool = Callable[[Sequence[str]], int]


@dataclass(frozen=True)
class Service(Generic[Settings, Context]):
    """One service.

    ``package`` names its import package, its migrations and its database role (``<package>_app``).
    ``build_app(None)`` must describe the API without anything running: ``openapi`` and tests use it.
    ``provision_topics`` makes the topics that this deployment reads and writes, and answers their names.
    ``tools`` are further commands by name, for operators: each takes its own arguments and answers the exit status.
    """

    package: str
    settings: type[Settings]
    build_context: Callable[[Settings], AbstractAsyncContextManager[Context]]
    build_app: Callable[[Context | None], FastAPI]
    build_loops: Callable[[Context], Sequence[Loop]]
    provision_topics: Callable[[Settings], Awaitable[Sequence[str]]]
    tools: Mapping[str, Tool] = field(default_factory=dict)
