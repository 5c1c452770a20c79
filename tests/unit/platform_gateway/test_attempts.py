"""Guessing is bounded."""

from datetime import UTC, datetime, timedelta

import pytest

from platform_gateway.attempts import Attempts, TooManyAttempts

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_refuses_beyond_the_limit_until_the_window_is_over() -> None:
    attempts = Attempts(2, timedelta(minutes=1))
    attempts.count("a", NOW)
    attempts.count("a", NOW)
    with pytest.raises(TooManyAttempts):
        attempts.count("a", NOW + timedelta(seconds=59))
    attempts.count("b", NOW)
    attempts.count("a", NOW + timedelta(minutes=1))


def test_who_knows_the_answer_is_forgiven() -> None:
    attempts = Attempts(1, timedelta(minutes=1))
    attempts.count("a", NOW)
    attempts.forgive("a")
    attempts.count("a", NOW)
