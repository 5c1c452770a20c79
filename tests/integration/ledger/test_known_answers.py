"""Generated statements through the API: every line becomes what its answer says, and none is matched wrongly."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from bench.known import files
from bench.known.comparison import Comparison, compare
from bench.known.files import Written
from bench.known.maker import KINDS
from bench.known.outcomes import outcomes
from bench.known.records import keep_records
from bench.known.world import Account, Form, Other, World
from ledger.use_cases.tell_next import tell_next
from shared.contracts.events import BalanceMatched, BalanceReceived
from tests.integration.ledger.areas import BEIJING, BEIJING_IN, BEIJING_OUT, EVERYBODY, JINAN, JINAN_IN, JINAN_OUT
from tests.integration.ledger.bank import Bank

LINES, SEED = 2000, 3
WORLD = World(
    JINAN,
    {Account.INCOME: JINAN_IN, Account.EXPENDITURE: JINAN_OUT},
    "62010003",
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
    assert found.differences == []
    assert (found.lines, found.wrong_matches) == (LINES, 0)
    assert 0.95 < found.share_matched < 0.99
    told = {matched["receipt_no"] for matched in await bank.sent(BalanceMatched, to=f"inbound.{JINAN}")}
    assert 0 < len(told) < found.matched
    await _tell_the_rest(bank)
    told = {matched["receipt_no"] for matched in await bank.sent(BalanceMatched, to=f"inbound.{JINAN}")}
    async with bank.database.connection() as connection:
        assert set(await connection.scalars(text("SELECT line_id::text FROM claim WHERE kind = 'receipt'"))) == told


async def test_tells_what_a_large_file_matched_before_later_news_of_the_case(bank: Bank, tmp_path: Path) -> None:
    written = files.write_all(WORLD, Form.CSV, LINES, SEED, tmp_path)
    await bank.book(written.files[0].read_bytes())
    last = [line for line in written.lines.read_text(encoding="utf-8").splitlines() if line.startswith("income")][-1]
    case, fen = last.split("\t")[3].split()[0], int(last.split("\t")[1])
    assert await bank.sent(BalanceMatched) == []
    await bank.payable(case, fen, to="payee", name=last.split("\t")[3].split()[1])
    assert await bank.quarantined() == []
    async with bank.database.connection() as connection:
        rows = await connection.execute(
            text("SELECT type FROM message_log WHERE rlts_traf_id = :case ORDER BY recipient, sequence"), {"case": case}
        )
        assert [row.type for row in rows] == [
            BalanceMatched.ce_type(),
            BalanceReceived.ce_type(),
            BalanceMatched.ce_type(),
        ]


async def _tell_the_rest(bank: Bank) -> None:
    for _ in range(LINES):
        async with bank.database.transaction() as connection:
            if not await tell_next(connection, [JINAN], signers=EVERYBODY, now=bank.clock.now()):
                return
    raise AssertionError("there is no end of telling")
