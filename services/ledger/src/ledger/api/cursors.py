"""Keyset cursors of the ledger's lists."""

from datetime import UTC, date, datetime
from uuid import UUID

from shared.web.paging import PageRequest, invalid_cursor


def after_id(paging: PageRequest) -> int | None:
    """The last row's number."""
    key = paging.after(int)
    return None if key is None else int(key[0])


def after_uuid(paging: PageRequest) -> UUID | None:
    """The last row's id."""
    key = paging.after(str)
    if key is None:
        return None
    try:
        return UUID(str(key[0]))
    except ValueError:
        raise invalid_cursor() from None


def after_instant(paging: PageRequest) -> tuple[datetime, UUID] | None:
    """The last row's instant and id."""
    key = paging.after(str, str)
    if key is None:
        return None
    try:
        instant = datetime.fromisoformat(str(key[0]))
        if instant.tzinfo is None:
            raise ValueError("naive instant")
        return instant.astimezone(UTC), UUID(str(key[1]))
    except (ValueError, OverflowError):
        raise invalid_cursor() from None


def after_day(paging: PageRequest) -> tuple[date, int]:
    """The last row's day and number; the beginning of time without a cursor."""
    key = paging.after(str, int)
    if key is None:
        return date.min, 0
    try:
        return date.fromisoformat(str(key[0])), int(key[1])
    except ValueError:
        raise invalid_cursor() from None


def after_voucher(paging: PageRequest) -> tuple[date, str, int] | None:
    """The last voucher's booking day, fund and number."""
    key = paging.after(str, str, int)
    if key is None:
        return None
    try:
        return date.fromisoformat(str(key[0])), str(key[1]), int(key[2])
    except ValueError:
        raise invalid_cursor() from None
