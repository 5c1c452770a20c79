"""What the runtime turns."""

from typing import Protocol


class Loop(Protocol):
    """A background task in steps, so that the runtime can beat, back off and stop between two of them."""

    name: str

    async def turn(self) -> bool:
        """Do one bounded piece of work; says whether there was any. What it raises is tried again after a while."""
        ...

    async def close(self) -> None:
        """Let go of everything held."""
        ...
