"""No certificate number, name or telephone number in any output, whatever goes wrong."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.integration.bad_input.noisy_run import SECRETS

MODULE = "tests.integration.bad_input.noisy_run"


@pytest.fixture(scope="module")
def output() -> str:
    """Standard output and standard error of the run."""
    done = subprocess.run([sys.executable, "-m", MODULE], capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-3000:]
    return done.stdout + done.stderr


@pytest.mark.parametrize("secret", SECRETS)
def test_no_personal_data_in_any_output(output: str, secret: str) -> None:
    escaped = json.dumps(secret)[1:-1]
    found = [line for line in output.splitlines() if secret in line or escaped in line]
    assert not found, found[0][:2000]


@pytest.mark.parametrize(
    "event", ["request", "request_failed", "message_rejected", "message_quarantined", "batch_done_again"]
)
def test_the_run_was_noisy_enough(output: str, event: str) -> None:
    assert event in {line.get("event") for line in lines(output)}


def test_every_line_about_a_case_says_which_and_in_which_trace(output: str) -> None:
    about = [
        line for line in lines(output) if str(line.get("route", "")).startswith(("/transfers/{", "/v1/transfers/{"))
    ]
    assert about
    assert all({"rlts_traf_id", "trace_id"} <= set(line) for line in about)


def test_probes_leave_no_line(output: str) -> None:
    assert not [line for line in lines(output) if (line.get("route"), line.get("status")) == ("unknown", 200)]


def lines(output: str) -> Iterator[dict[str, object]]:
    """The lines that are log lines."""
    for line in output.splitlines():
        if line.startswith('{"'):
            yield json.loads(line)
