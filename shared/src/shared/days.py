"""Calendar days as documents, calls and bank files name them."""

from datetime import date
from typing import Annotated

from pydantic import Field

FIRST_DAY = date(1949, 10, 1)
"""No entry of ours is older."""

LAST_DAY = date(2199, 12, 31)

# Wide enough for every real entry. Beyond lie days that break arithmetic: the database driver takes the first and the
# last day that Python has for minus and plus infinity.
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]


def is_real(day: date) -> bool:
    """Whether something can have happened, or will happen, on ``day``."""
    return FIRST_DAY <= day <= LAST_DAY
