"""The inbound service of Jinan with everybody's keys; messages come as signed records, as from the broker."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from inbound.consumers import handlers
from inbound.office import Office
from inbound.settings import InboundSettings
from inbound.use_cases.apply_core_results import apply_core_results
from shared.agency.core_source import CoreSource
from shared.agency.use_cases.execute_core_tasks import execute_core_tasks
from shared.agency.use_cases.keep_persons import keep_persons
from shared.contracts.events import BalanceMatched, Event, SheetRouted, TransferWithdrawn
from shared.contracts.info_sheet import InfoSheet
from shared.contracts.party import PLATFORM, Party
from shared.database import Database
from shared.messaging import envelope
from shared.messaging.applying import Applier
from shared.messaging.intake import Intake
from shared.messaging.record import Record
from shared.registry import repository
from shared.registry.copy import RegistryCopy
from shared.registry.models import RegistrySnapshot
from shared.registry.repository import StoredSnapshot
from shared.registry.snapshot import sign_snapshot
from shared.signing.countersign import countersign
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose
from shared.signing.seal import open_sheet, seal_sheet
from shared.signing.signers import Signers
from tests.clocks import AdvancingClock
from tests.people import person_record
from tests.plain_http import plain_client
from tests.registry import snapshot_keys
from tests.unit.inbound.builders import CASE, IN_AREA, OUT_AREA, accepted_event, info_sheet
from tests.unit.shared.registry.policy.shipped import SHIPPED

ON_PAPER, PAPER_NAME = "410100", "郑州市医疗保障经办机构"
INBOUND = Party.parse(f"inbound.{IN_AREA}")
OUTBOUND = Party.parse(f"outbound.{OUT_AREA}")
LEDGER = Party.parse(f"ledger.{IN_AREA}")
OTHER_LEDGER = Party.parse(f"ledger.{OUT_AREA}")
PARTIES = (PLATFORM, INBOUND, OUTBOUND, LEDGER, OTHER_LEDGER)
ROOT = PrivateKey.generate("ES256")
KEYS = {(party, purpose): PrivateKey.generate("ES256") for party in PARTIES for purpose in Purpose}
EVERYBODY = Signers(KEYS)


def snapshot(version: int = 1) -> RegistrySnapshot:
    """Two areas with keys and accounts."""
    areas = [
        _area(IN_AREA, "济南市医疗保障经办机构", "receiver", (INBOUND, LEDGER)),
        _area(OUT_AREA, "北京市医疗保障经办机构", "payer", (OUTBOUND, OTHER_LEDGER)),
        _area(ON_PAPER, PAPER_NAME, "receiver", ()) | {"state": "not_connected", "bank_accounts": []},
    ]
    platform_keys = snapshot_keys(PLATFORM, KEYS)
    return RegistrySnapshot.model_validate(
        {
            "version": version,
            "issued_at": "2026-01-01T00:00:00Z",
            "areas": areas,
            "platform_keys": platform_keys,
            "policies": SHIPPED,
        }
    )


def _area(admdvs: str, name: str, use: str, parties: tuple[Party, ...]) -> dict[str, Any]:
    account = {
        "bankacct": f"62{admdvs}",
        "acctname": name,
        "bankcode": "102451000018",
        "bank_name": "某某银行",
        "use": use,
        "valid_from": "2020-01-01",
    }
    return {
        "admdvs": admdvs,
        "name": name,
        "province": admdvs[:2] + "0000",
        "city": admdvs,
        "valid_from": "2000-01-01",
        "state": "connected",
        "keys": [key for party in parties for key in snapshot_keys(party, KEYS)],
        "bank_accounts": [account],
    }


def settings(url: str, **changes: Any) -> InboundSettings:
    """Settings of one agency, whose core our own tables are."""
    values = {
        "database_url": url,
        "agencies": (IN_AREA, "370200"),
        "auth_issuer": "https://issuer.test",
        "auth_audience": "transfer",
        "auth_jwks_url": "https://issuer.test/jwks",
    }
    return InboundSettings.model_validate(values | changes)


class InboundService:
    """The service with its database; the test is the broker."""

    def __init__(self, database: Database, clock: AdvancingClock, configured: InboundSettings) -> None:
        self.database, self.clock = database, clock
        self._http = plain_client()
        registry = RegistryCopy(database, self._http, ROOT.public_key, platform_url="http://127.0.0.1:9", clock=clock)
        source = CoreSource.of(configured, self._http, clock)
        self.office = Office(configured, clock, EVERYBODY, registry, source)
        self._intake = Intake(
            database,
            Applier(handlers(self.office)),
            served=(INBOUND,),
            signers=EVERYBODY,
            keys=registry,
            clock=clock,
        )
        self._sequences: dict[tuple[str, Party], int] = defaultdict(int)

    async def start(self) -> None:
        """With the registry's first version in the database."""
        await self.publish(snapshot())

    async def publish(self, held: RegistrySnapshot) -> None:
        """The registry's next version comes."""
        async with self.database.transaction() as connection:
            stored = StoredSnapshot(held.version, None, sign_snapshot(held, ROOT), self.clock.now())
            await repository.save(connection, stored)
        await self.office.registry.load()

    async def close(self) -> None:
        await self._http.aclose()
        await self.database.dispose()

    async def push(self, **changes: Any) -> None:
        """The core pushes a person."""
        async with self.database.transaction() as connection:
            await keep_persons(connection, IN_AREA, [person_record(**changes)], now=self.clock.now())

    def record(self, event: Event, sender: Party = PLATFORM, case: str = CASE) -> Record:
        """The next message of ``sender`` in ``case``, a moment after the last one."""
        self.clock.advance(milliseconds=1)
        self._sequences[(case, sender)] += 1
        value = envelope.write(
            uuid4(),
            event,
            sender=sender,
            recipient=INBOUND,
            time=self.clock.now(),
            rlts_traf_id=case,
            sequence=self._sequences[(case, sender)],
        )
        return Record(INBOUND.topic, case, value, EVERYBODY.sign_detached(sender, value))

    async def take(self, *records: Record) -> None:
        await self._intake.take(list(records))

    async def receive(self, event: Event, sender: Party = PLATFORM, case: str = CASE) -> None:
        await self.take(self.record(event, sender, case))

    async def accept(self, case: str = CASE, **changes: Any) -> None:
        """The platform has accepted the application."""
        await self.receive(accepted_event(case, **changes), case=case)

    async def route(self, sheet: InfoSheet | None = None, **changes: Any) -> SheetRouted:
        """The platform routes a sealed and countersigned sheet."""
        event = await routed(sheet or info_sheet(), self.clock.now(), **changes)
        await self.receive(event, case=(sheet or info_sheet()).rlts_traf_id)
        return event

    async def matched(self, obligation_no: str = "1", amount: int = 123456, sender: Party = LEDGER) -> None:
        """The own ledger has matched the money."""
        event = BalanceMatched(
            obligation_no=obligation_no, amount=amount, receipt_no=f"R{obligation_no}", matched_at=self.clock.now()
        )
        await self.receive(event, sender)

    async def withdrawn(self) -> None:
        await self.receive(TransferWithdrawn(withdrawn_at=self.clock.now(), reason="本人撤销"))

    async def run_core(self) -> None:
        """Our own tables carry out what is open, until nothing is left."""

        async def follow(connection: Any, results: Any) -> None:
            await apply_core_results(connection, results, self.office)

        for _ in range(10):
            done = await execute_core_tasks(
                self.database, self.office.settings.embedded_core_agencies, clock=self.clock, on_results=follow
            )
            if not done:
                return

    async def one(self, query: str, **parameters: Any) -> Any:
        """The first value of the first row."""
        async with self.database.connection() as connection:
            return await connection.scalar(text(query), parameters)

    async def state(self, case: str = CASE) -> str | None:
        found: str | None = await self.one("SELECT state FROM inbound_case WHERE rlts_traf_id = :case", case=case)
        return found

    async def sent(self, event: type[Event]) -> list[tuple[str, dict[str, Any]]]:
        """What was sent: recipient and data, in order."""
        async with self.database.connection() as connection:
            rows = await connection.execute(
                text("SELECT recipient, value FROM message_log WHERE type = :type ORDER BY message_id"),
                {"type": event.ce_type()},
            )
            return [(row.recipient, envelope.read(bytes(row.value)).data) for row in rows]

    async def quarantined(self) -> list[str]:
        async with self.database.connection() as connection:
            return list(await connection.scalars(text("SELECT reason FROM quarantine WHERE state = 'open'")))


async def routed(sheet: InfoSheet, at: datetime, **changes: Any) -> SheetRouted:
    """A sheet sealed by the outbound and countersigned by the platform."""
    sealed = await seal_sheet(sheet, EVERYBODY, OUTBOUND)
    opened = open_sheet(sealed.text, _registry_keys(), at)
    event = SheetRouted(
        sheet_version=sheet.version,
        sealed_sheet=sealed.text,
        arrival=await countersign(opened, EVERYBODY, at),
        acct_disposition=sheet.acct_disposition,
        routed_at=at,
        inbound_due_on=date(2026, 3, 9),
    )
    return event.model_copy(update=changes)


def _registry_keys() -> dict[str, Any]:
    held = snapshot()
    keys = [*held.platform_keys, *(key for area in held.areas for key in area.keys)]
    return {key.kid: key for key in keys}


def with_version(sheet: InfoSheet, version: int) -> InfoSheet:
    return sheet.model_copy(update={"version": version})
