"""Supervised processes end within their bound, and what a killed launcher left is found."""

import sys
from pathlib import Path

import pytest

from stack.child import Child, end_leftovers
from stack.errors import NotReady, ProcessEnded

STUBBORN = "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PATIENT = "import time; time.sleep(60)"


def python(code: str, folder: Path) -> Child:
    return Child("child", [sys.executable, "-c", code], log=folder / "child.log")


def started(child: Child) -> Child:
    child.start()
    return child


def test_a_process_that_ignores_sigterm_is_killed_in_time(tmp_path: Path) -> None:
    child = started(python(STUBBORN, tmp_path))
    while "up" not in child.log.read_text():
        child.check()
    assert child.stop(within_seconds=0.2) == -9
    assert not child.is_running


def test_an_early_end_is_told_with_the_end_of_the_log(tmp_path: Path) -> None:
    child = started(python("raise SystemExit('no database')", tmp_path))
    assert child.wait(within_seconds=10) == 1
    with pytest.raises(ProcessEnded, match="no database"):
        child.check()


def test_waiting_too_long_is_told(tmp_path: Path) -> None:
    child = started(python(PATIENT, tmp_path))
    try:
        with pytest.raises(NotReady):
            child.wait(within_seconds=0.05)
    finally:
        child.kill()


def test_ends_what_a_killed_launcher_left_behind(tmp_path: Path) -> None:
    child = started(python(PATIENT, tmp_path))
    pid = child.pid
    assert end_leftovers(tmp_path) == [pid]
    assert child.wait(within_seconds=10) != 0
    assert end_leftovers(tmp_path) == []


def test_never_ends_a_stranger_that_got_the_same_process_id(tmp_path: Path) -> None:
    child = started(python(PATIENT, tmp_path))
    try:
        (tmp_path / "child.pid").write_text(f"{child.pid} /usr/bin/some-other-program\n")
        assert end_leftovers(tmp_path) == []
        assert child.is_running
    finally:
        child.kill()
