"""The ledger of Jinan and Beijing, driven through its API, with everybody's keys; messages come as signed records."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import text

from ledger.app import build_app
from ledger.consumers import handlers
from ledger.context import LedgerContext
from ledger.settings import LedgerSettings
from shared.case_number import new_case_number
from shared.contracts.events import BalancePayable, Event
from shared.contracts.party import Party
from shared.database import Database
from shared.messaging import envelope
from shared.messaging.applying import Applier
from shared.messaging.exchange import Exchange
from shared.messaging.intake import Intake
from shared.messaging.record import Record
from shared.money import format_yuan
from shared.registry import repository
from shared.registry.copy import RegistryCopy
from shared.registry.repository import StoredSnapshot
from shared.registry.snapshot import sign_snapshot
from shared.signing.countersign import countersign
from shared.signing.seal import open_sheet, seal_sheet
from shared.web.development_issuer.app import create_issuer
from shared.web.development_issuer.clients import Clients
from shared.web.development_issuer.signing_key import SigningKey
from shared.web.health import Health
from shared.web.jwks import KeySet
from shared.web.tokens import TokenVerifier
from tests.clocks import AdvancingClock
from tests.integration.ledger.areas import (
    BEIJING,
    BEIJING_OUT,
    EVERYBODY,
    JINAN,
    JINAN_IN,
    ROOT,
    info_sheet,
    snapshot,
    verification_keys,
)

ALL_SCOPES = "ledger:read ledger:work ledger:check statements:write operations:read events:read"


def chosen(*orders: Mapping[str, Any]) -> dict[str, Any]:
    """Orders put together, each in the version that was shown."""
    return {"orders": [{"order_id": order["id"], "version": order["version"]} for order in orders]}


class Bank:
    """The service with its database; the test is the broker, the banks and the clerks."""

    def __init__(self, database: Database, clock: AdvancingClock) -> None:
        self.database, self.clock = database, clock
        self._key = SigningKey(
            ec.generate_private_key(ec.SECP256R1()), issuer="https://issuer.test", audience="transfer"
        )
        issuer = create_issuer(self._key, Clients([]), clock, lifetime=timedelta(hours=1))
        self._issuer = httpx.AsyncClient(transport=httpx.ASGITransport(issuer))
        self.registry = RegistryCopy(
            database, self._issuer, ROOT.public_key, platform_url="http://127.0.0.1:9", clock=clock
        )
        self.settings = LedgerSettings(
            database_url="postgresql://unused",
            agencies=(JINAN, BEIJING),
            auth_issuer="https://issuer.test",
            auth_audience="transfer",
            auth_jwks_url="https://issuer.test/jwks",
            max_statement_bytes=4 * 2**20,
        )
        served = [Party.parse(f"ledger.{area}") for area in self.settings.agencies]
        obeyed = handlers(self.registry, EVERYBODY, clock)
        self._intake = Intake(
            database, Applier(obeyed), served=served, signers=EVERYBODY, keys=self.registry, clock=clock
        )
        keys = KeySet("https://issuer.test/jwks", self._issuer, clock)
        context = LedgerContext(
            settings=self.settings,
            database=database,
            clock=clock,
            tokens=TokenVerifier(keys, issuer="https://issuer.test", audience="transfer", clock=clock),
            health=Health({}),
            signers=EVERYBODY,
            registry=self.registry,
            exchange=Exchange.build(
                "ledger",
                self.settings,
                served=served,
                database=database,
                signers=EVERYBODY,
                keys=self.registry,
                handlers=obeyed,
                clock=clock,
            ),
        )
        self._app = httpx.AsyncClient(transport=httpx.ASGITransport(build_app(context)), base_url="http://ledger")
        self._sequences: dict[tuple[str, Party, Party], int] = defaultdict(int)
        self._random = Random(7)

    async def start(self) -> None:
        """With the registry in the database."""
        async with self.database.transaction() as connection:
            stored = StoredSnapshot(1, None, sign_snapshot(snapshot(), ROOT), self.clock.now())
            await repository.save(connection, stored)
        await self.registry.load()

    async def close(self) -> None:
        await self._app.aclose()
        await self._issuer.aclose()
        await self.database.dispose()

    def case(self) -> str:
        """A fresh case number."""
        return new_case_number(self._random)

    # The clerks

    async def call(
        self,
        method: str,
        path: str,
        *,
        area: str = JINAN,
        clerk: str = "zhang",
        scope: str = ALL_SCOPES,
        headers: dict[str, str] | None = None,
        **request: Any,
    ) -> httpx.Response:
        """A call as a clerk of ``area``, with a fresh Idempotency-Key unless one is given."""
        claims = {"sub": clerk, "admdvs": area, "scope": scope}
        token = self._key.mint(claims, now=self.clock.now(), lifetime=timedelta(hours=1))
        sent = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex} | (headers or {})
        return await self._app.request(method, f"/v1{path}", headers=sent, **request)

    async def get(self, path: str, **request: Any) -> Any:
        """The JSON of a call that has to succeed."""
        answer = await self.call("GET", path, **request)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def upload(self, content: bytes, *, area: str = JINAN, **request: Any) -> httpx.Response:
        """A statement, of the type that its first bytes show."""
        media_type = "application/xml" if content.lstrip()[:1] == b"<" else "text/csv"
        headers = {"Content-Type": media_type} | request.pop("headers", {})
        return await self.call("POST", "/statements", area=area, content=content, headers=headers, **request)

    async def book(self, content: bytes, *, area: str = JINAN) -> dict[str, Any]:
        """The report of a statement that has to be taken."""
        answer = await self.upload(content, area=area)
        assert answer.status_code == 202, answer.text
        report: dict[str, Any] = answer.json()
        return report

    async def release(self, *cases: str, area: str = BEIJING) -> None:
        """Two clerks release the ready orders of ``cases``."""
        orders = [order for case in cases for order in await self.orders(case, area=area) if order["state"] == "ready"]
        made = await self.call("POST", "/payment-batches", area=area, clerk="zhang", json=chosen(*orders))
        assert made.status_code == 201, made.text
        approved = await self.approve(made, area=area)
        assert approved.status_code == 200, approved.text

    async def approve(
        self, made: httpx.Response, *, area: str = BEIJING, clerk: str = "li", decision: str = "approve"
    ) -> httpx.Response:
        """Another clerk's word on a batch."""
        body = {"decision": decision} | ({"reason": "金额待核"} if decision == "reject" else {})
        headers = {"If-Match": made.headers["ETag"]}
        path = f"/payment-batches/{made.json()['id']}/approval"
        return await self.call("POST", path, area=area, clerk=clerk, json=body, headers=headers)

    async def reclassify(self, line_id: str, line_class: str, version: int, *, reason: str = "核对为其他业务") -> int:
        """Two clerks of Jinan change a line's class: the status of the approval, or of the refused proposal."""
        body, headers = {"line_class": line_class, "reason": reason}, {"If-Match": f'"{version}"'}
        path = f"/statement-lines/{line_id}/reclassification"
        proposed = await self.call("POST", path, json=body, headers=headers)
        return proposed.status_code if proposed.status_code != 201 else (await self.agree(proposed)).status_code

    async def agree(
        self, proposed: httpx.Response, *, area: str = JINAN, clerk: str = "li", decision: str = "approve"
    ) -> httpx.Response:
        """Another clerk's word on an adjustment."""
        body = {"decision": decision} | ({"reason": "未核清"} if decision == "reject" else {})
        path, headers = f"/adjustments/{proposed.json()['id']}/approval", {"If-Match": proposed.headers["ETag"]}
        return await self.call("POST", path, area=area, clerk=clerk, json=body, headers=headers)

    async def let_go(self, alert: dict[str, Any], *, area: str = BEIJING) -> None:
        """Two clerks find that what an alert holds may go on."""
        path, headers = f"/alerts/{alert['id']}/release", {"If-Match": f'"{alert["version"]}"'}
        proposed = await self.call("POST", path, area=area, json={"reason": "已电话核实"}, headers=headers)
        assert proposed.status_code == 201, proposed.text
        assert (await self.agree(proposed, area=area)).status_code == 200

    async def orders(self, case: str, *, area: str = BEIJING) -> list[dict[str, Any]]:
        """The orders of a case, newest first."""
        items: list[dict[str, Any]] = (await self.get(f"/payment-orders?rlts_traf_id={case}", area=area))["items"]
        return items

    async def obligations(self, case: str, *, area: str = JINAN) -> list[dict[str, Any]]:
        """The obligations of a case, newest first."""
        items: list[dict[str, Any]] = (await self.get(f"/obligations?rlts_traf_id={case}", area=area))["items"]
        return items

    async def reasons(self, *, area: str = JINAN) -> list[str]:
        """Why what waits waits, oldest first."""
        page = await self.get("/suspense?limit=500", area=area)
        return [item["suspense"]["reason"] for item in page["items"]]

    async def balance(self, title: str, *, area: str = JINAN, at: date | None = None) -> str:
        """The balance of a title, over all its accounts."""
        total = 0
        for account in await self.get("/accounts", area=area):
            if account["title"] == title:
                query = f"?at={at}" if at else ""
                found = await self.get(f"/accounts/{account['id']}/balance{query}", area=area)
                total += int(found["balance"].replace(".", ""))
        return format_yuan(total)

    # The agencies

    async def payable(self, case: str, fen: int, *, to: str = "both", **changes: Any) -> None:
        """The sealed sheet over ``fen`` from Beijing to Jinan makes both ledgers payer and payee, or one of them."""
        event = await self.payable_event(case, fen, **changes)
        if to in ("both", "payer"):
            await self.receive(event, case, f"outbound.{BEIJING}", f"ledger.{BEIJING}")
        if to in ("both", "payee"):
            await self.receive(event, case, f"inbound.{JINAN}", f"ledger.{JINAN}")

    async def payable_event(
        self, case: str, fen: int, *, name: str = "张三", version: int = 1, obligation_no: str = "1", **changes: Any
    ) -> BalancePayable:
        """What an agency tells its ledger."""
        sheet = info_sheet(case, fen, name, version)
        sealed = await seal_sheet(sheet, EVERYBODY, Party.parse(f"outbound.{BEIJING}"))
        now = self.clock.now()
        arrival = await countersign(open_sheet(sealed.text, verification_keys(), now), EVERYBODY, now)
        values = {
            "obligation_no": obligation_no,
            "sheet_version": version,
            "trafout_admdvs": BEIJING,
            "trafin_admdvs": JINAN,
            "psn_name": name,
            "amount": fen,
            "sealed_sheet": sealed.text,
            "arrival": arrival,
            "payer_bankacct": BEIJING_OUT,
            "payee_bankacct": JINAN_IN,
        }
        return BalancePayable(**(values | changes))

    async def receive(self, event: Event, case: str, sender: str, recipient: str) -> None:
        """The next message from one party to another in ``case``."""
        self.clock.advance(milliseconds=1)
        source, target = Party.parse(sender), Party.parse(recipient)
        lane = (case, source, target)
        self._sequences[lane] += 1
        value = envelope.write(
            uuid4(),
            event,
            sender=source,
            recipient=target,
            time=self.clock.now(),
            rlts_traf_id=case,
            sequence=self._sequences[lane],
        )
        await self._intake.take([Record(target.topic, case, value, EVERYBODY.sign_detached(source, value))])

    # What came of it

    async def sent(self, kind: type[Event], *, to: str | None = None) -> list[dict[str, Any]]:
        """The data of messages sent, in order."""
        async with self.database.connection() as connection:
            rows = await connection.execute(
                text("SELECT recipient, value FROM message_log WHERE type = :type ORDER BY message_id"),
                {"type": kind.ce_type()},
            )
            return [envelope.read(bytes(row.value)).data for row in rows if to is None or row.recipient == to]

    async def quarantined(self) -> list[str]:
        """The reasons of what could not be applied."""
        async with self.database.connection() as connection:
            return list(await connection.scalars(text("SELECT reason FROM quarantine WHERE state = 'open'")))

    async def count(self, table: str) -> int:
        """Rows of a table."""
        async with self.database.connection() as connection:
            return int(await connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)  # noqa: S608
