"""Which of the items that a clerk wants to change may be changed: each is judged by itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.suspense_items import SuspenseItem, require_open
from ledger.repository import suspense_items
from ledger.repository.locks import lock_matching
from shared.errors import DomainError, NotFound
from shared.web.etags import Expected

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item that a clerk wants to change, as he has seen it."""

    line_id: int
    expected: Expected


@dataclass(frozen=True, slots=True)
class Chosen:
    """What may be changed, in order, and why the rest may not."""

    items: Sequence[SuspenseItem]
    refused: Mapping[int, DomainError]

    @property
    def line_ids(self) -> list[int]:
        """Of the items that may be changed."""
        return [item.line_id for item in self.items]

    def narrowed(self, rule: Callable[[SuspenseItem], Made]) -> tuple["Chosen", list[Made]]:
        """The items that ``rule`` lets through, and what it made of each, in order; it raises a ``DomainError``."""
        kept, made, refused = [], [], dict(self.refused)
        for item in self.items:
            try:
                made.append(rule(item))
                kept.append(item)
            except DomainError as error:
                refused[item.line_id] = error
        return Chosen(kept, refused), made

    def require_all(self) -> None:
        """Raise the refusal of an item, if there is one: for who wants all or nothing."""
        for error in self.refused.values():
            raise error


async def choose_items(connection: AsyncConnection, admdvs: str, wanted: Sequence[Wanted]) -> Chosen:
    """Lock the agency's matching and its items, and judge each: known, as it was seen, and open."""
    await lock_matching(connection, [admdvs])
    present = {item.line_id: item for item in await suspense_items.lock(connection, admdvs, _ids(wanted))}
    items, refused = [], {}
    for one in wanted:
        try:
            items.append(_judged(present.get(one.line_id), one.expected))
        except DomainError as error:
            refused[one.line_id] = error
    return Chosen(items, refused)


def _judged(item: SuspenseItem | None, expected: Expected) -> SuspenseItem:
    if item is None:
        raise NotFound("没有这笔挂账款项")
    expected.require(item.version)
    require_open(item)
    return item


def _ids(wanted: Sequence[Wanted]) -> list[int]:
    return [one.line_id for one in wanted]
