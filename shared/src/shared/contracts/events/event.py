"""What all events have in common."""

from typing import ClassVar

from shared.contracts.model import Message
from shared.contracts.party import Role

Route = tuple[Role, Role]


class Event(Message):
    """The ``data`` of one CloudEvent. ``routes`` lists which role may send it to which."""

    version: ClassVar[int] = 1
    routes: ClassVar[frozenset[Route]] = frozenset()

    @classmethod
    def ce_type(cls) -> str:
        """The CloudEvents ``type``, such as ``cn.hsa.transfer.SheetIssued.v1``."""
        return f"cn.hsa.transfer.{cls.__name__}.v{cls.version}"
