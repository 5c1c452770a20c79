"""Each agency's report of figures leaves once a day, from its hour on, as a message that it has signed."""

from datetime import UTC, datetime, timedelta
from operator import attrgetter
from random import Random

import pytest
from sqlalchemy import text

from ledger.repository.figures import SOURCE
from shared.case_number import new_case_number
from shared.clock import local_date
from shared.contracts.events import FiguresReported
from shared.contracts.events.figures import figures_key
from shared.contracts.party import Party, Role
from shared.database import Database
from shared.figures.report_figures import report_figures
from shared.figures.rotation import range_of
from shared.figures.settings import ReportingSettings
from shared.messaging import envelope
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose
from shared.signing.signers import Signers
from tests.clocks import AdvancingClock, FixedClock
from tests.conftest import NewDatabase

_AGENCIES = ["370100", "510100"]
_FIGURES, _GONE = attrgetter("figures"), attrgetter("gone")
_HOUR = 1
_DAY = datetime(2026, 3, 2, 16 + _HOUR, 30, tzinfo=UTC)
"""Half past one on the 3rd of March in Shanghai."""


_KNOWN = """
    INSERT INTO obligation (admdvs, side, rlts_traf_id, obligation_no, sheet_version, reason, trafout_admdvs,
        trafin_admdvs, psn_name, match_name, amount_fen, direction, due_fen, payer_bankacct, payee_bankacct,
        sheet_digest, state, known_on, known_at, settled_on, origin)
    SELECT '370100', 'payee', number, '1', 1, 'balance', '510100', '370100', '张三', '张三', 100, 'pay', 100, '1', '2',
           'abc', 'cancelled', '2025-01-02', '2025-01-02', '2025-01-02', 'electronic'
    FROM unnest(CAST(:numbers AS text[])) AS number
"""


def _settings(**changes: object) -> ReportingSettings:
    given: dict[str, object] = dict.fromkeys(("auth_issuer", "auth_audience", "auth_jwks_url"), "http://nobody.example")
    given |= {"database_url": "postgresql://nobody", "agencies": _AGENCIES, "figures_hour": _HOUR}
    return ReportingSettings.model_validate(given | changes)


@pytest.mark.law("S53-2")
async def test_what_nobody_touched_is_told_when_it_says_something_else_or_is_gone(new_database: NewDatabase) -> None:
    fresh = await new_database("ledger")
    database, owner = Database(fresh.app_url), Database(fresh.owner_url)
    signers = Signers({(Party(Role.LEDGER, "370100"), Purpose.MESSAGE): PrivateKey.generate("ES256")})
    settings, clock = _settings(agencies=["370100"]), AdvancingClock(_DAY)
    random = Random(5)
    # None of them is in the range of one of the days, which begin with one character each.
    numbers = sorted(number for number in (new_case_number(random) for _ in range(40)) if number[0] in "FGHJKLMN")[:7]
    others = {range_of(local_date(_DAY) + timedelta(days=day), 32).low for day in range(1, 6)}
    assert len(numbers) == 7
    assert not others & set("FGHJKLMN")

    async def told(change: str | None = None) -> tuple[list[str], list[str], list[bool]]:
        async with owner.transaction() as connection:
            await connection.execute(text("DELETE FROM message_log"))
            if change:
                await connection.execute(text(change), {"numbers": numbers})
        clock.advance(days=1)
        while await report_figures(database, SOURCE, settings, signers=signers, clock=clock, most_cases=2):
            pass
        async with database.connection() as connection:
            rows = await connection.execute(text("SELECT value FROM message_log"))
            found = [FiguresReported.model_validate(envelope.read(row.value).data) for row in rows]
        parts = sorted(found, key=attrgetter("part"))
        assert [part.part for part in parts] == [*range(1, len(parts) + 1)]
        figures, gone = ([one.rlts_traf_id for part in parts for one in of(part)] for of in (_FIGURES, _GONE))
        return figures, gone, [part.is_last for part in parts]

    assert await told(_KNOWN) == (numbers, [], [False, False, False, True])
    assert await told() == ([], [], [True])
    changed = f"UPDATE obligation SET amount_fen = 101 WHERE rlts_traf_id = '{numbers[5]}'"  # noqa: S608 - our own
    assert await told(changed) == ([numbers[5]], [], [True])
    lost = f"DELETE FROM obligation WHERE rlts_traf_id IN ('{numbers[1]}', '{numbers[6]}')"  # noqa: S608 - our own
    assert await told(lost) == ([], [numbers[1], numbers[6]], [True])
    assert await told() == ([], [], [True])
    await database.dispose()
    await owner.dispose()


@pytest.mark.law("S53-2")
async def test_once_a_day_from_its_hour_on_signed(new_database: NewDatabase) -> None:
    database = Database((await new_database("ledger")).app_url)
    senders = [Party(Role.LEDGER, code) for code in _AGENCIES]
    keys = {(sender, Purpose.MESSAGE): PrivateKey.generate("ES256") for sender in senders}
    settings = _settings()
    counted = []
    for when in (-timedelta(hours=1), timedelta(), timedelta(hours=20), timedelta(days=1)):
        clock = FixedClock(_DAY + when)
        while await report_figures(database, SOURCE, settings, signers=Signers(keys), clock=clock):
            pass
        async with database.connection() as connection:
            rows = (
                await connection.execute(text("SELECT * FROM message_log ORDER BY right(rlts_traf_id, 8), sender"))
            ).all()
        counted.append(len(rows))
    assert counted == [0, 2, 2, 4]
    for row, sender in zip(rows, senders * 2, strict=True):
        event = FiguresReported.model_validate(envelope.read(row.value).data)
        assert (row.sender, row.rlts_traf_id) == (str(sender), figures_key(sender, event.reported_on))
        assert (event.part, event.is_last, event.figures) == (1, True, ())
        assert row.signature
    await database.dispose()
