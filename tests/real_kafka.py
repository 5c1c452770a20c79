"""Whether a real Kafka broker can run here, and what a test does when not."""

import os

import pytest

from stack.kafka import unavailable_reason


def require_real_kafka() -> None:
    """Skip where Java or Maven are missing; fail there when ``REQUIRE_REAL_KAFKA=1``."""
    reason = unavailable_reason()
    if reason is None:
        return
    if os.environ.get("REQUIRE_REAL_KAFKA") == "1":
        pytest.fail(f"real Kafka is required: {reason}")
    pytest.skip(f"no real Kafka: {reason}")
