"""What a pushed record must satisfy beyond its shape (pure)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from shared.clock import local_date
from shared.contracts.facts import PersonRecord
from shared.errors import FieldError, InvalidInput

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_CLOCK_SKEW = timedelta(hours=1)


def record_problems(record: PersonRecord, now: datetime) -> list[FieldError]:
    """Everything wrong with ``record``; ``now`` in UTC. Certificate numbers are not judged: the core owns them."""
    return [*_time_problems(record, now), *_relation_problems(record), *_contribution_problems(record)]


def require_sound(record: PersonRecord, now: datetime) -> None:
    """Raise ``InvalidInput`` with everything that ``record_problems`` finds, if anything."""
    problems = record_problems(record, now)
    if problems:
        raise InvalidInput("参保记录未通过校验。", errors=problems)


def _time_problems(record: PersonRecord, now: datetime) -> Iterator[FieldError]:
    # A time ahead of ours would make every later, true version of the record look older.
    if not _EARLIEST <= record.updt_time <= now + _CLOCK_SKEW:
        yield FieldError("/updt_time", "updt-time-implausible", "更新时间不合理（早于1990年或晚于当前时间）")
    if record.brdy is not None and record.brdy > local_date(now):
        yield FieldError("/brdy", "brdy-in-future", "出生日期晚于今天")


def _relation_problems(record: PersonRecord) -> Iterator[FieldError]:
    seen: set[str] = set()
    for index, each in enumerate(record.relations):
        if each.psn_insu_rlts_id in seen:
            yield FieldError(f"/relations/{index}/psn_insu_rlts_id", "duplicate-relation", "参保关系编号重复")
        seen.add(each.psn_insu_rlts_id)


def _contribution_problems(record: PersonRecord) -> Iterator[FieldError]:
    for index, each in enumerate(record.contributions):
        if each.accrym_end < each.accrym_begn:
            yield FieldError(f"/contributions/{index}/accrym_end", "end-before-begin", "终止年月早于起始年月")
