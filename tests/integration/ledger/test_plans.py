"""Every list that clerks look at, and the report, has an index for each large table that it reads."""

import re
from collections.abc import Set
from uuid import uuid4

from sqlalchemy import text

from bench.ledger.made_lines import FILLED
from bench.ledger.questions import questions
from bench.plans import plan_of, statements
from ledger.repository import adjustments
from ledger.repository.statements import waiting_cases_of_file
from shared.database import Database
from tests.databases import FreshDatabase
from tests.integration.ledger.areas import JINAN
from tests.integration.ledger.bank import Bank

_NODE = re.compile(rf"(?:Seq Scan|Index (?:Only )?Scan(?: Backward)? using (\w+)) on ({'|'.join(FILLED)})\b")
_PARTIAL = text("SELECT CAST(CAST(indexrelid AS regclass) AS text) FROM pg_index WHERE indpred IS NOT NULL")


async def test_no_list_reads_a_large_table_from_end_to_end(bank: Bank) -> None:
    """Where no index serves a condition, PostgreSQL reads the whole table even when it is told to avoid that."""
    found = {}
    for name, question in questions(1000).items():
        with statements(bank.database) as sent:
            async with bank.database.connection() as connection:
                await question(connection, JINAN)
        async with bank.database.transaction() as connection:
            partial = set(await connection.scalars(_PARTIAL))
            for way in ("enable_seqscan", "enable_hashjoin", "enable_mergejoin"):
                await connection.execute(text(f"SET LOCAL {way} = off"))
            plans = [await plan_of(connection, each) for each in sent]
        whole = {table for plan in plans for table in _read_whole(plan, partial)}
        if whole:
            found[name] = whole
    assert found == {}


_ADJUSTMENTS = (
    """
    INSERT INTO alert (admdvs, kind, subject, data, raised_at)
    SELECT '110000', 'bank_answer', n, '{}', now() FROM generate_series(1, 5000) n
    """,
    """
    INSERT INTO adjustment (id, admdvs, kind, alert_id, reason, state, proposed_by, proposed_at)
    SELECT gen_random_uuid(), '370100', 'release', id, '无', 'proposed', 'zhang', now() FROM alert
    """,
    "ANALYZE adjustment",
)


async def test_adjustments_are_found_by_either_line(bank: Bank, fresh: FreshDatabase) -> None:
    """However many are open: the second line of a set-off is looked up like the first."""
    owner = Database(fresh.owner_url, pool_size=1)
    async with owner.transaction() as connection:
        for statement in _ADJUSTMENTS:
            await connection.execute(text(statement))
    await owner.dispose()
    with statements(bank.database) as sent:
        async with bank.database.connection() as connection:
            await adjustments.open_lines(connection, [7, 8])
            await adjustments.page(connection, JINAN, state=None, line_id=7, after=None, limit=50)
    async with bank.database.connection() as connection:
        plans = [await plan_of(connection, each) for each in sent]
    by_index = re.compile(r"on (?:adjustment|ix_adjustment_(?:other_)?line|uq_adjustment_open_line)\b[^>]*?Index Cond")
    assert [len(by_index.findall(plan)) for plan in plans] == [2, 2], plans


_WAITING = """
    INSERT INTO suspense (line_id, admdvs, kind, reason, owner, amount_fen, booked_on, opened_at, rlts_traf_id)
    SELECT n, '370100', 'receipt', 'amount_differs', 'finance', 1, DATE '2026-03-02', now(), 'C' || n
    FROM generate_series(1, 5000) n
"""


async def test_what_waits_for_a_case_is_looked_up_by_its_number(bank: Bank, fresh: FreshDatabase) -> None:
    """Also while the statistics are of a day when nothing waited: the first large file of an agency."""
    owner = Database(fresh.owner_url, pool_size=1)
    async with owner.transaction() as connection:
        await connection.execute(text("ANALYZE suspense"))
        await connection.execute(text("ALTER TABLE suspense DROP CONSTRAINT fk_suspense_line_id"))
        await connection.execute(text(_WAITING))
    await owner.dispose()
    with statements(bank.database) as sent:
        async with bank.database.connection() as connection:
            assert await waiting_cases_of_file(connection, uuid4()) == []
    async with bank.database.connection() as connection:
        plans = [await plan_of(connection, each) for each in sent]
    assert ["using ix_suspense_open_case" in plan for plan in plans] == [True], plans


def _read_whole(plan: str, partial: Set[str]) -> set[str]:
    """The large tables that a node reads without a condition on an index; a partial index is small while empty."""
    whole = set()
    for node in plan.split("->"):
        scan = _NODE.search(node)
        if scan and "Index Cond" not in node and scan[1] not in partial:
            whole.add(scan[2])
    return whole
