"""Each agency's report of figures leaves once a day, from its hour on, as a message that it has signed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from ledger.repository.figures import SOURCE
from shared.contracts.events import FiguresReported
from shared.contracts.events.figures import figures_key
from shared.contracts.party import Party, Role
from shared.database import Database
from shared.figures.report_figures import report_figures
from shared.figures.settings import ReportingSettings
from shared.messaging import envelope
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose
from shared.signing.signers import Signers
from tests.clocks import FixedClock
from tests.conftest import NewDatabase

_AGENCIES = ["370100", "510100"]
_HOUR = 1
_DAY = datetime(2026, 3, 2, 16 + _HOUR, 30, tzinfo=UTC)
"""Half past one on the 3rd of March in Shanghai."""


@pytest.mark.law("S53-2")
async def test_once_a_day_from_its_hour_on_signed(new_database: NewDatabase) -> None:
    database = Database((await new_database("ledger")).app_url)
    senders = [Party(Role.LEDGER, code) for code in _AGENCIES]
    keys = {(sender, Purpose.MESSAGE): PrivateKey.generate("ES256") for sender in senders}
    given: dict[str, object] = dict.fromkeys(("auth_issuer", "auth_audience", "auth_jwks_url"), "http://nobody.example")
    given |= {"database_url": "postgresql://nobody", "agencies": _AGENCIES, "figures_hour": _HOUR}
    settings = ReportingSettings.model_validate(given)
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
