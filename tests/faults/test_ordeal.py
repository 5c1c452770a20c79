"""Fifty cases on real Kafka while processes, topics and the broker come to harm: nothing lost, nothing doubled.

``ROUNDS`` and ``SEED`` come from the environment; the same seed gives the same people, rounds and points.
"""

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random, SystemRandom

import pytest

from demo.books import book_deviations, read_reports
from demo.world import World, connected
from stack.local_stack import LocalStack
from stack.options import Options
from stack.paths import REPOSITORY, STATE
from tests.faults.case_checks import case_deviations
from tests.faults.keeper import Keeper
from tests.faults.message_checks import message_deviations, settled
from tests.faults.money_checks import money_deviations
from tests.faults.ordeal import Ordeal, Say
from tests.faults.plan import DECK, plan
from tests.faults.points import FOLDER_VARIABLE
from tests.faults.stored import Stored
from tests.faults.traffic import Traffic
from tests.faults.upsets import Upsetter
from tests.real_kafka import require_real_kafka

ROUNDS = int(os.environ.get("ROUNDS") or DECK)
CASES = int(os.environ.get("CASES") or 50 * -(-ROUNDS // DECK))
SEED = int(os.environ.get("SEED") or SystemRandom().randrange(1_000_000))

PATIENCE_SECONDS = 240.0
FAULT_SECONDS = 120.0
SETTLE_SECONDS = 240.0
SECONDS_PER_ROUND = 60
PASSED = "passed"

pytestmark = [
    pytest.mark.faults,
    pytest.mark.real_kafka,
    pytest.mark.stack,
    pytest.mark.timeout(300 + SECONDS_PER_ROUND * ROUNDS),
]

IMPATIENT = {
    "RESEND_FIRST_SECONDS": "1",
    "RESEND_LAST_SECONDS": "8",
    "CHECK_LEASE_SECONDS": "30",
    "CHECK_BACKOFF_SECONDS": "0.5",
    "CHECK_BACKOFF_LIMIT_SECONDS": "4",
    "SEAL_RETRY_SECONDS": "2",
}
"""Settings of a system that loses something every few seconds; none of them changes what it does."""

_CERTNO = re.compile(r"(?<![0-9])[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9]{4}[0-9Xx](?![0-9])")


def launched(package: str) -> tuple[str, ...]:
    """The launcher of the tests in place of ``python -m <package>``."""
    return (sys.executable, "-m", "tests.faults.launcher", package)


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Prints at once, whether the test passes or not."""

    def line(text: str) -> None:
        with capsys.disabled():
            print(text, flush=True)

    return line


@pytest.fixture
def state() -> Iterator[Path]:
    """A folder of this run, which stays only when it failed; no test runner takes it away while somebody reads it."""
    require_real_kafka()
    STATE.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="faults-", dir=STATE))
    folder.chmod(0o755)  # the database's own user must get through
    yield folder
    if (folder / PASSED).exists():
        shutil.rmtree(folder)


async def test_nothing_is_lost_or_doubled_whatever_dies(state: Path, say: Say) -> None:
    say(f"\nSEED={SEED} ROUNDS={ROUNDS} CASES={CASES}; logs in {state / 'logs'}")
    traps = state / "traps"
    traps.mkdir()
    path = os.pathsep.join([str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])])
    shared = {**IMPATIENT, FOLDER_VARIABLE: str(traps), "PYTHONPATH": path}
    options = Options(state=state, kafka="real", is_split=True, command=launched, env={"*": shared})
    async with LocalStack(options) as stack:
        say(f"up after {sum(stack.timings.values()):.1f} s")
        async with connected(
            stack.urls, stack.tokens, stack.areas, patience_seconds=PATIENCE_SECONDS, within_seconds=PATIENCE_SECONDS
        ) as world:
            found = await endure(stack, world, traps, say)
    found += certificate_numbers_in(state / "logs")
    assert found == [], "\n".join([f"SEED={SEED} ROUNDS={ROUNDS} CASES={CASES}", *found])
    (state / PASSED).touch()


async def endure(stack: LocalStack, world: World, traps: Path, say: Say) -> list[str]:
    """The rounds, peace, and what is not as it must be then."""
    random = Random(SEED)
    rounds = plan(ROUNDS, random)
    keeper = Keeper(stack)
    traffic = await Traffic.prepare(world, random, cases=CASES, groups=ROUNDS)
    stored = Stored(stack.databases)
    upsetter = Upsetter(stack, stored, random, traffic.start_spare)
    began = time.monotonic()
    async with keeper.at_work():
        ordeal = Ordeal(traps, keeper, traffic, upsetter, say, FAULT_SECONDS)
        try:
            await ordeal.endure(rounds)
            say(f"{len(rounds)} rounds in {time.monotonic() - began:.1f} s, {len(keeper.killed)} processes killed")
            await traffic.finish(within_seconds=SETTLE_SECONDS)
            say(f"the last case was done {time.monotonic() - began:.1f} s after the first began")
            found = await look(stored, world, traffic)
        finally:
            traffic.stop()
            await stored.close()
    name, seconds = keeper.slowest_stop
    say(f"settled and checked after {time.monotonic() - began:.1f} s; slowest stop {seconds:.1f} s {name}")
    return [*keeper.deviations, *found]


async def look(stored: Stored, world: World, traffic: Traffic) -> list[str]:
    """Wait until everything has settled, then look at every case, balance, message and book."""
    await traffic.check()
    files = traffic.banks.files
    found = [
        *(f"{run.scenario.letter} {run.rlts_traf_id}: {text}" for run in traffic.runs for text in run.deviations),
        *await settled(stored, within_seconds=SETTLE_SECONDS),
        *await message_deviations(stored),
        *await case_deviations(stored, traffic.runs),
        *await money_deviations(stored, traffic.runs, files),
    ]
    # What stands open is as of today: the report of a past day goes on saying what was known on it.
    reports = await read_reports(world, {file.statement.on for file in files} | {world.today})
    return [*found, *book_deviations(reports, files, world.areas)]


def certificate_numbers_in(logs: Path) -> list[str]:
    """Whatever went wrong, no log may hold an unmasked certificate number."""
    files = sorted(logs.glob("*.log"))
    return [f"{file.name} holds a certificate number" for file in files if _CERTNO.search(file.read_text())]
