"""What is told of sealed sheets."""

from pydantic import BaseModel

from shared.contracts.info_sheet import SheetChange


class SheetChanges(BaseModel):
    """What a version changed against ``compared_with``, the accepted version before it; ``None``: it is the first."""

    sheet_version: int
    compared_with: int | None
    changes: list[SheetChange]
