"""A service's process is ready when it says so, and a failed command tells why."""

import sys
from pathlib import Path

import pytest

from stack.errors import NotReady, ProcessEnded
from stack.ports import free_port
from stack.service import Launch

PROGRAM = """
import http.server, os, sys
if sys.argv[1] == "migrate":
    sys.exit("no such database" if "BROKEN" in os.environ else 0)
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(os.environ["READY_STATUS"]))
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Answer).serve_forever()
"""


def launch(folder: Path, **env: str) -> Launch:
    program = folder / "program.py"
    program.write_text(PROGRAM)
    return Launch("ledger", (sys.executable, str(program)), env, folder)


async def test_a_process_is_ready_when_readyz_says_so(tmp_path: Path) -> None:
    process = launch(tmp_path, READY_STATUS="200").process("all", free_port())
    await process.start()
    try:
        assert process.name == "ledger"
        assert process.memory_bytes() > 1_000_000
    finally:
        await process.stop()
    assert process.memory_bytes() == 0


async def test_a_process_that_says_not_ready_is_not_waited_for_without_end(tmp_path: Path) -> None:
    process = launch(tmp_path, READY_STATUS="503").process("api", free_port())
    try:
        with pytest.raises(NotReady, match="ledger-api"):
            await process.start(within_seconds=1)
    finally:
        await process.stop()


async def test_a_killed_process_starts_again_on_its_port(tmp_path: Path) -> None:
    process = launch(tmp_path, READY_STATUS="200").process("all", free_port())
    await process.start()
    process.kill()
    assert not process.child.is_running
    await process.start()
    assert await process.stop() is not None


async def test_a_failed_command_tells_the_end_of_its_log(tmp_path: Path) -> None:
    with pytest.raises(ProcessEnded, match="no such database"):
        await launch(tmp_path, BROKEN="1").run("migrate")
    await launch(tmp_path).run("migrate")
