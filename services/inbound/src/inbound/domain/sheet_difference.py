"""One difference between a sheet and what we hold."""

from shared.contracts.codes import ReturnCode
from shared.contracts.model import Document

_CHECKED = ("N9",)


class Difference(Document):
    """One difference: ``row`` counts from 1, ``proposal`` is the code to return it with, if it comes to that.

    ``stated`` is what the sheet says and ``held`` what our own record says, where there are two values to compare.
    ``is_error``: annex 3 does not allow it, so that the sheet can only be returned.
    """

    code: str
    row: int | None = None
    box: str
    message: str
    proposal: ReturnCode
    is_error: bool = False
    stated: str | None = None
    held: str | None = None
    articles: tuple[str, ...] = ()


def difference(
    code: str,
    box: str,
    message: str,
    proposal: ReturnCode,
    *,
    row: int | None = None,
    stated: str | None = None,
    held: str | None = None,
    articles: tuple[str, ...] = _CHECKED,
) -> Difference:
    """A difference that a clerk may accept with a reason."""
    return Difference(
        code=code, row=row, box=box, message=message, proposal=proposal, stated=stated, held=held, articles=articles
    )
