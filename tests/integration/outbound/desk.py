"""The outbound service of Jinan with everybody's keys; messages come as signed records, as from the broker."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import text

from outbound.app import build_app
from outbound.consumers import handlers
from outbound.context import OutboundContext
from outbound.office import Office
from outbound.settings import OutboundSettings
from outbound.use_cases.issue_sheets import issue_sheets
from shared.agency.core_source import CoreSource
from shared.agency.use_cases.execute_core_tasks import execute_core_tasks
from shared.agency.use_cases.keep_persons import keep_persons
from shared.contracts.events import EVENTS, Event, SheetAccepted, TransferAccepted
from shared.contracts.info_sheet import InfoSheet
from shared.contracts.party import PLATFORM, Party
from shared.database import Database
from shared.messaging import envelope
from shared.messaging.applying import Applier
from shared.messaging.exchange import Exchange
from shared.messaging.intake import Intake
from shared.messaging.record import Record
from shared.registry import repository
from shared.registry.copy import RegistryCopy
from shared.registry.policy.region_file import RegionFile
from shared.registry.repository import StoredSnapshot
from shared.registry.snapshot import sign_snapshot
from shared.signing.countersign import countersign
from shared.signing.seal import open_sheet
from shared.web.development_issuer.app import create_issuer
from shared.web.development_issuer.clients import Clients
from shared.web.development_issuer.signing_key import SigningKey
from shared.web.health import Health
from shared.web.jwks import KeySet
from shared.web.ndjson import NDJSON
from shared.web.tokens import TokenVerifier
from tests.clocks import AdvancingClock
from tests.integration.outbound.parties import EVERYBODY, IN_AREA, OUT_AREA, OUTBOUND, ROOT, snapshot
from tests.people import LI_LEI, person_record, relation
from tests.plain_http import plain_client
from tests.unit.shared.registry.policy.shipped import SHIPPED

CASE = "ABCDEFGHJKMN2345"
SUSPENDED = relation(psn_insu_stas="2", paus_insu_date="2026-02-28")
CLERK = {"sub": "u1", "name": "王经办", "scope": "cases:read cases:work sheets:read core:work records:write"}
CHECKER = {"sub": "u2", "name": "赵复核", "scope": "cases:read cases:check"}
BOTH = {"sub": "u3", "name": "孙全能", "scope": "cases:read cases:work cases:check"}
GATEWAY = {"sub": "gateway", "scope": "platform", "admdvs": "*"}


def settings(url: str, **changes: Any) -> OutboundSettings:
    """Settings of two agencies, whose core our own tables are."""
    values = {
        "database_url": url,
        "agencies": (OUT_AREA, "370200"),
        "auth_issuer": "https://issuer.test",
        "auth_audience": "transfer",
        "auth_jwks_url": "https://issuer.test/jwks",
        "kafka_bootstrap_servers": "127.0.0.1:9",
    }
    return OutboundSettings.model_validate(values | changes)


def accepted_event(now: datetime, **changes: Any) -> TransferAccepted:
    """The platform has accepted the transfer of 李雷's 310 relation from Jinan to Nanjing."""
    application = {
        "psn_name": "李雷",
        "psn_cert_type": "01",
        "certno": LI_LEI,
        "trafout_admdvs": OUT_AREA,
        "trafin_admdvs": IN_AREA,
        "trafout_insutype": "310",
        "trafin_insutype": "310",
    }
    facts = {"facts_as_of": now, "psn_no": "P1", "relations": [changes.pop("relation", SUSPENDED)]}
    side = {"rlts_traf_id": CASE, "side": "outbound", "admdvs": OUT_AREA}
    values = {
        "lodged": {"application": application, "opt_chnl": "platform"},
        "trafout_admdvs": OUT_AREA,
        "trafin_admdvs": IN_AREA,
        "accepted_at": now,
        "outbound_facts": {**side, "facts": facts},
        "inbound_facts": {**side, "side": "inbound", "admdvs": IN_AREA, "facts": {"facts_as_of": now}},
        "acct_disposition": "transfer",
        "outbound_due_on": date(2026, 3, 16),
        "inbound_days": 5,
        "total_due_on": None,
    }
    return TransferAccepted.model_validate(values | changes)


class Desk:
    """The service with its database and API; the test is the broker, the platform and the ledger."""

    def __init__(self, database: Database, clock: AdvancingClock, configured: OutboundSettings, folder: Path) -> None:
        self.database, self.clock = database, clock
        self._http = plain_client()
        registry = RegistryCopy(database, self._http, ROOT.public_key, platform_url="http://127.0.0.1:9", clock=clock)
        source = CoreSource.of(configured, self._http, clock)
        self.office = Office(configured, database, EVERYBODY, registry, clock, source)
        self._issuer_key = SigningKey.load_or_make(
            folder / "issuer.pem", issuer="https://issuer.test", audience="transfer"
        )
        issuer = create_issuer(self._issuer_key, Clients([]), clock, lifetime=timedelta(hours=1))
        self._issuer = httpx.AsyncClient(transport=httpx.ASGITransport(issuer))
        tokens = TokenVerifier(
            KeySet("https://issuer.test/jwks", self._issuer, clock),
            issuer="https://issuer.test",
            audience="transfer",
            clock=clock,
        )
        applies = handlers(self.office)
        self.intake = Intake(
            database, Applier(applies), served=(OUTBOUND,), signers=EVERYBODY, keys=registry, clock=clock
        )
        exchange = Exchange.build(
            "outbound",
            configured,
            served=(OUTBOUND,),
            database=database,
            signers=EVERYBODY,
            keys=registry,
            handlers=applies,
            clock=clock,
        )
        self.context = OutboundContext(self.office, exchange, tokens, Health({}))
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(build_app(self.context)), base_url="http://outbound.test"
        )
        self._sequences: dict[tuple[str, Party], int] = defaultdict(int)

    async def start(self, *, accounts: tuple[str, ...] = ("payer", "receiver"), **person: Any) -> None:
        """With the registry and the person's record in the database."""
        await self.publish(accounts)
        await self.push(**({"relations": [SUSPENDED]} | person))

    async def publish(
        self, accounts: tuple[str, ...], version: int = 1, policies: Sequence[RegionFile] = SHIPPED
    ) -> None:
        """The registry is at ``version``."""
        changed = snapshot(accounts).model_copy(update={"version": version, "policies": tuple(policies)})
        async with self.database.transaction() as connection:
            await repository.save(
                connection, StoredSnapshot(version, None, sign_snapshot(changed, ROOT), self.clock.now())
            )
        await self.office.registry_copy.load()

    async def push(self, **changes: Any) -> None:
        """The core pushes a person."""
        async with self.database.transaction() as connection:
            await keep_persons(connection, OUT_AREA, [person_record(**changes)], now=self.clock.now())

    async def close(self) -> None:
        for client in (self._client, self._issuer, self._http):
            await client.aclose()
        await self.database.dispose()

    def record(self, event: Event, sender: Party = PLATFORM, case: str = CASE) -> Record:
        """The next message of ``sender`` in ``case``."""
        self._sequences[(case, sender)] += 1
        value = envelope.write(
            uuid4(),
            event,
            sender=sender,
            recipient=OUTBOUND,
            time=self.clock.now(),
            rlts_traf_id=case,
            sequence=self._sequences[(case, sender)],
        )
        return Record(OUTBOUND.topic, case, value, EVERYBODY.sign_detached(sender, value))

    async def receive(self, event: Event, sender: Party = PLATFORM, case: str = CASE) -> None:
        """A message comes from the broker and is taken in."""
        await self.intake.take([self.record(event, sender, case)])

    async def accept(self, case: str = CASE, **changes: Any) -> None:
        """The platform has accepted the application."""
        await self.receive(accepted_event(self.clock.now(), **changes), case=case)

    async def core(self) -> None:
        """The embedded core does all it can."""
        while await execute_core_tasks(
            self.database,
            self.office.settings.embedded_core_agencies,
            clock=self.clock,
            on_results=self.context.on_core_results,
        ):
            pass

    async def seal(self) -> int:
        """One round of sealing."""
        return await issue_sheets(self.office)

    async def call(
        self,
        method: str,
        path: str,
        claims: dict[str, Any],
        body: object = None,
        version: int | str | None = None,
        known: str | None = None,
        key: str | None = None,
    ) -> httpx.Response:
        """Call the API as somebody of Jinan, unless the claims say otherwise."""
        token = self._issuer_key.mint({"admdvs": OUT_AREA} | claims, now=self.clock.now(), lifetime=timedelta(hours=1))
        headers = {"Authorization": f"Bearer {token}"}
        if version is not None:
            headers["If-Match"] = version if version == "*" else f'"{version}"'
        if key is not None:
            headers["Idempotency-Key"] = key
        if known is not None:
            headers["If-None-Match"] = known
        return await self._client.request(method, f"/v1{path}", headers=headers, json=body)

    async def bring_in(self, path: str, claims: dict[str, Any], content: bytes, key: str) -> httpx.Response:
        """Send NDJSON as somebody of Jinan."""
        token = self._issuer_key.mint({"admdvs": OUT_AREA} | claims, now=self.clock.now(), lifetime=timedelta(hours=1))
        headers = {"Authorization": f"Bearer {token}", "Content-Type": NDJSON, "Idempotency-Key": key}
        return await self._client.post(f"/v1{path}", headers=headers, content=content)

    async def case(self, case: str = CASE) -> dict[str, Any]:
        """The case as a clerk sees it."""
        answer = await self.call("GET", f"/cases/{case}", CLERK)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def state(self, case: str = CASE) -> str:
        return str((await self.case(case))["state"])

    async def submit(self, claims: dict[str, Any] = CLERK, case: str = CASE) -> httpx.Response:
        version = (await self.case(case))["row_version"]
        return await self.call("POST", f"/cases/{case}/submission", claims, version=version)

    async def review(
        self, decision: str = "approve", claims: dict[str, Any] = CHECKER, case: str = CASE, **more: str
    ) -> httpx.Response:
        version = (await self.case(case))["row_version"]
        body = {"decision": decision, **more}
        return await self.call("POST", f"/cases/{case}/review", claims, body, version=version)

    async def approve(self, case: str = CASE) -> None:
        """Two clerks hand the sheet on, and the core freezes the account."""
        for answer in (await self.submit(case=case), await self.review(case=case)):
            assert answer.status_code == 200, answer.text
        await self.core()

    async def issue(self, case: str = CASE) -> None:
        """From a fresh acceptance to an issued sheet."""
        await self.accept(case)
        await self.core()
        await self.approve(case)
        await self.seal()

    async def accept_sheet(self, version: int = 1, case: str = CASE) -> None:
        """The platform verifies and countersigns the version that was sent to it."""
        issued = [event for event in await self.letters("platform", case) if event["sheet_version"] == version]
        opened = open_sheet(issued[-1]["sealed_sheet"], self.office.registry.keys, self.clock.now())
        arrival = await countersign(opened, EVERYBODY, self.clock.now())
        await self.receive(SheetAccepted(sheet_version=version, arrival=arrival), case=case)

    async def sheet(self, version: int = 1, case: str = CASE) -> InfoSheet:
        """A sealed version, verified and opened."""
        answer = await self.call("GET", f"/cases/{case}/sheets/{version}", CLERK)
        assert answer.status_code == 200, answer.text
        return open_sheet(answer.text, self.office.registry.keys, self.clock.now()).sheet

    async def letters(self, recipient: str, case: str = CASE) -> list[dict[str, Any]]:
        """The data of the events written to a party about a case, oldest first, with their ``type``."""
        query = "SELECT type, value FROM message_log WHERE recipient = :to AND rlts_traf_id = :case ORDER BY sequence"
        found = []
        async with self.database.connection() as connection:
            for row in await connection.execute(text(query), {"to": recipient, "case": case}):
                event = envelope.read(bytes(row.value))
                found.append({"type": EVENTS[row.type].__name__, **event.data})
        return found

    async def rows(self, query: str, **values: Any) -> list[Any]:
        """What a query finds."""
        async with self.database.connection() as connection:
            return list((await connection.execute(text(query), values)).all())

    async def holds(self) -> dict[str, int]:
        """How many active holds, freezes and ends there are."""
        [row] = await self.rows(
            "SELECT (SELECT count(*) FROM relation_hold WHERE released_at IS NULL) AS held,"
            " (SELECT count(*) FROM account_freeze WHERE released_at IS NULL) AS frozen,"
            " (SELECT count(*) FROM relation_end) AS ended"
        )
        return {"held": row.held, "frozen": row.frozen, "ended": row.ended}
