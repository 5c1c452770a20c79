"""Generated statements through the API: every line becomes what its answer says, and none is matched wrongly."""

from datetime import date
from pathlib import Path

import pytest

from bench.known import files
from bench.known.comparison import Comparison, compare
from bench.known.files import Written
from bench.known.maker import KINDS
from bench.known.outcomes import outcomes
from bench.known.records import keep_records
from bench.known.world import Account, Form, Other, World
from tests.integration.ledger.bank import BEIJING, BEIJING_IN, BEIJING_OUT, JINAN, JINAN_IN, JINAN_OUT, Bank

LINES, SEED = 2000, 3
WORLD = World(
    JINAN,
    {Account.INCOME: JINAN_IN, Account.EXPENDITURE: JINAN_OUT},
    (Other(BEIJING, BEIJING_OUT, BEIJING_IN),),
    date(2026, 2, 2),
    20,
)


async def _compared(bank: Bank, written: Written) -> Comparison:
    async with bank.database.transaction() as connection:
        return await compare(files.read_answers(written), outcomes(connection, WORLD))


@pytest.mark.parametrize("form", Form)
async def test_every_line_becomes_what_its_answer_says(bank: Bank, tmp_path: Path, form: Form) -> None:
    written = files.write_all(WORLD, form, LINES, SEED, tmp_path)
    kinds = {answer.kind for answer in files.read_answers(written)}
    assert kinds >= {kind.__name__ for kind in KINDS[form]}
    async with bank.database.transaction() as connection:
        await keep_records(connection, WORLD, written.dues, now=bank.clock.now())
    for path in written.files:
        await bank.book(path.read_bytes())
    found = await _compared(bank, written)
    assert (found.lines, found.wrong_matches) == (LINES, 0)
    assert found.differences == []
    assert 0.95 < found.share_matched < 0.99
