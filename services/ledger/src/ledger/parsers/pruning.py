"""Freeing what was read of an XML file, so that its memory hangs on one entry and not on the file."""

from collections.abc import Set
from itertools import islice

from ledger.parsers.errors import BrokenXml
from ledger.parsers.guarded_xml import Element, local_name

_MAX_KEPT = 20_000
"""How many elements the parts may have that wait for the end of what they stand in."""


class Pruner:
    """Frees elements in the order in which they are read; ``kept`` names what beside them stays until their group ends.

    What is kept is bounded, since a damaged file, or one made to do harm, may put anything there.
    """

    def __init__(self, kept: Set[str]) -> None:
        self._names = kept
        self._last: Element | None = None

    def free(self, element: Element) -> None:
        """Empty an element, and drop what stands before it; raises ``BrokenXml`` where what is kept is too large."""
        # lxml forbids removing the element that iterparse stands on.
        element.clear()
        last = self._drop_before(element)
        if last is not None and last is not self._last:
            _require_small(last)
        self._last = last

    def free_group(self, element: Element) -> None:
        """The same where nothing that was read before is needed any more, however far out it stands."""
        self.free(element)
        for ancestor in element.iterancestors():
            self._drop_before(ancestor)

    def _drop_before(self, element: Element) -> Element | None:
        parent, previous = element.getparent(), element.getprevious()
        while parent is not None and previous is not None and local_name(previous) not in self._names:
            before = previous.getprevious()
            parent.remove(previous)
            previous = before
        return previous


def _require_small(last: Element) -> None:
    parts = [last, *last.itersiblings(preceding=True)]
    if sum(1 for part in parts for _ in islice(part.iter(), _MAX_KEPT)) > _MAX_KEPT:
        raise BrokenXml(f"XML 的表头过大（第 {last.sourceline} 行）")
