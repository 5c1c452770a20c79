"""What is worth a retry, and what is a bug."""

import httpx
import pytest
from aiokafka.errors import KafkaConnectionError
from asyncpg import CannotConnectNowError, ConnectionDoesNotExistError, DeadlockDetectedError, NotNullViolationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.errors import Conflict, Unavailable
from shared.outages import is_outage


def wrapped(error: BaseException) -> DBAPIError:
    return DBAPIError("SELECT 1", None, error)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Unavailable("peer"), True),
        (PoolTimeout(), True),
        (ConnectionRefusedError(), True),
        (TimeoutError(), True),
        (httpx.ReadTimeout("late"), True),
        (CannotConnectNowError(), True),
        (wrapped(ConnectionDoesNotExistError()), True),
        (wrapped(DeadlockDetectedError()), True),
        (wrapped(NotNullViolationError()), False),
        (KafkaConnectionError(), True),
        (Conflict("状态不对"), False),
        (ValueError(), False),
    ],
)
def test_tells_outages_from_bugs(error: BaseException, expected: bool) -> None:
    assert is_outage(error) is expected
