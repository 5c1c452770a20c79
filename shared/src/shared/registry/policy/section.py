"""What every section of the policy is."""

from typing import Annotated

from pydantic import Field

from shared.contracts.model import Message

Days = Annotated[int, Field(ge=1, le=366)]
"""Working days."""

NATION = "000000"
"""The region whose file has no parent."""


class Section(Message):
    """One part of an effective policy, frozen.

    A field without a default is one that the nation's file must set; one whose default is ``None`` may stay unset
    everywhere. What a newer platform added is left alone here, and refused where a file is loaded (``checking``).
    """
