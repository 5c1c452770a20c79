"""A generated statement through the API: every line becomes what its answer says, and none is matched wrongly."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from bench.known import files
from bench.known.comparison import Comparison, Outcome, compare
from bench.known.world import World
from ledger.tables import obligation
from shared.person_name import normalise_name
from tests.integration.ledger.bank import BEIJING, BEIJING_OUT, JINAN, JINAN_IN, Bank

LINES, SEED = 1500, 3
WORLD = World(JINAN, JINAN_IN, {BEIJING_OUT: BEIJING}, date(2026, 2, 2), 20)
OUTCOMES = text(
    """
    SELECT CASE WHEN c.id IS NOT NULL THEN 'matched' WHEN s.line_id IS NOT NULL THEN 'suspense' ELSE 'other' END
               AS outcome, o.rlts_traf_id, s.reason, l.line_class
    FROM statement_line l
    LEFT JOIN claim c ON c.line_id = l.id
    LEFT JOIN obligation o ON o.id = c.obligation_id
    LEFT JOIN suspense s ON s.line_id = l.id AND s.settled_on IS NULL
    ORDER BY l.entry_no
    """
)


async def _expect(bank: Bank, folder: Path) -> None:
    """The generated records as obligations."""
    now: datetime = bank.clock.now()
    shared = {"admdvs": JINAN, "side": "payee", "sheet_version": 1, "reason": "balance", "trafin_admdvs": JINAN}
    shared |= {"direction": "pay", "payee_bankacct": JINAN_IN, "sheet_digest": "0", "known_at": now}
    rows = []
    for line in (folder / files.DUES).read_text(encoding="utf-8").splitlines():
        due = json.loads(line)
        amount = {"amount_fen": due["amount_fen"], "due_fen": due["amount_fen"]}
        own = {name: due[name] for name in ("rlts_traf_id", "obligation_no", "psn_name", "payer_bankacct", "state")}
        own |= {"trafout_admdvs": due["payer_admdvs"], "match_name": normalise_name(due["psn_name"])}
        rows.append(shared | own | amount | {"known_on": date.fromisoformat(due["known_on"])})
    async with bank.database.transaction() as connection:
        await connection.execute(insert(obligation), rows)


async def _compared(bank: Bank, folder: Path) -> Comparison:
    async with bank.database.connection() as connection:
        outcomes = [Outcome(**row._mapping) for row in await connection.execute(OUTCOMES)]
    with (folder / files.ANSWERS).open(encoding="utf-8") as file:
        answers = list(files.read_answers(file))
    assert len({answer.kind for answer in answers}) > 12
    return compare(answers, outcomes)


@pytest.mark.parametrize("name", [files.CSV, files.CAMT])
async def test_every_line_becomes_what_its_answer_says(bank: Bank, tmp_path: Path, name: str) -> None:
    files.write_all(WORLD, LINES, SEED, tmp_path)
    await _expect(bank, tmp_path)
    await bank.book((tmp_path / name).read_bytes())
    found = await _compared(bank, tmp_path)
    assert (found.lines, found.wrong_matches) == (LINES, 0)
    assert found.differences == []
    assert 0.95 < found.share_matched < 0.99
