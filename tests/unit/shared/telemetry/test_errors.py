"""A log line says where an error arose, and quotes nobody."""

import json
import logging
import sys

import pytest
import structlog
from asyncpg.exceptions import UniqueViolationError
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import IntegrityError

from shared.errors import Conflict
from shared.telemetry.errors import format_error, words_of
from shared.telemetry.logs import configure_logging

NAME = "王小明"


class Person(BaseModel):
    age: int


def refused_row() -> IntegrityError:
    """What SQLAlchemy raises when PostgreSQL names the row that it refuses."""
    driver = UniqueViolationError.new({"S": "ERROR", "C": "23505", "M": "duplicate key", "D": f"Key (x)=({NAME})"})
    driver.constraint_name = "uq_person"
    return IntegrityError("INSERT", None, driver)


def invalid_input() -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        Person.model_validate({"age": NAME})
    return caught.value


def unconvertible() -> ValueError:
    with pytest.raises(ValueError, match=NAME) as caught:
        int(NAME)
    return caught.value


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (refused_row(), "sqlstate 23505 uq_person"),
        (invalid_input(), "Person: int_parsing"),
        (unconvertible(), "(words withheld)"),
        (KeyError(NAME), "(words withheld)"),
        (Conflict("当前状态不允许"), "当前状态不允许"),
        (ConnectionRefusedError(111, "refused"), "[Errno 111] refused"),
    ],
)
def test_words_are_kept_only_where_they_quote_nobody(error: Exception, words: str) -> None:
    assert words_of(error) == words


def test_every_cause_is_named_with_its_place() -> None:
    try:
        try:
            raise refused_row()
        except IntegrityError as error:
            raise KeyError(NAME) from error
    except KeyError as error:
        text = format_error((type(error), error, error.__traceback__))
    assert NAME not in text
    assert text.index("IntegrityError: sqlstate 23505") < text.index("KeyError: (words withheld)")
    assert "test_every_cause_is_named_with_its_place" in text


def test_members_of_a_group_are_named() -> None:
    error = ExceptionGroup("two", [KeyError(NAME), Conflict("不行")])
    text = format_error((type(error), error, None))
    assert "KeyError: (words withheld)" in text
    assert "shared.errors.Conflict: 不行" in text
    assert NAME not in text


def test_no_logger_writes_an_errors_words(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("test")
    structlog.get_logger("ours").error("failed", exc_info=refused_row())
    logging.getLogger("uvicorn.error").error("Exception in ASGI application", exc_info=unconvertible())
    error = KeyError(NAME)
    sys.excepthook(KeyError, error, None)
    written = capsys.readouterr()
    lines = [json.loads(line) for line in written.out.splitlines()]
    assert [line["event"] for line in lines] == ["failed", "Exception in ASGI application", "process_failed"]
    assert all("exception" in line for line in lines)
    assert NAME not in written.out + written.err
