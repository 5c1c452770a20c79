"""The platform on a real database, with its callers, its agencies' keys and sheets, for scenarios."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from platform_gateway.app import build_app
from platform_gateway.context import GatewayProcess
from shared.clock import local_date
from shared.contracts.codes import AcctDisposition
from shared.contracts.events import EVENTS, Event, SheetIssued
from shared.contracts.info_sheet import InfoSheet
from shared.contracts.party import PLATFORM, Party, Role
from shared.messaging import envelope
from shared.messaging.ids import new_ids
from shared.messaging.intake import Intake
from shared.messaging.record import Record
from shared.money_cn import to_capital
from shared.registry.models import AreaState
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose
from shared.signing.seal import seal_sheet
from shared.signing.signers import Signers
from tests.clocks import AdvancingClock
from tests.integration.platform_gateway.stand_in import Agencies, StandIn

JINAN, QINGDAO, CHENGDU, BEIJING = "370100", "370200", "510100", "110000"
AREAS = {
    JINAN: ("济南市医疗保险事业中心", "370000", "370100"),
    QINGDAO: ("青岛市医疗保险事业中心", "370000", "370200"),
    CHENGDU: ("成都市医疗保障事务中心", "510000", "510100"),
    BEIJING: ("北京市医疗保险事务管理中心", "110000", "110000"),
}
LI_LEI = {"psn_name": "李雷", "psn_cert_type": "01", "certno": "110101199003078494"}
HAN_MEI = {"psn_name": "韩梅", "psn_cert_type": "01", "certno": "11010119900307002X"}
VALID_FROM = datetime(2020, 1, 1, tzinfo=UTC)

CHANNEL = {"sub": "hall", "scope": "transfers:apply transfers:read sheets:read progress:read", "admdvs": "*"}
OPERATOR = {"sub": "op-a", "scope": "registry:read registry:write registry:propose registry:approve", "admdvs": "*"}


def agency(admdvs: str, **claims: Any) -> dict[str, Any]:
    """A clerk's token of an agency."""
    scope = "transfers:apply transfers:read sheets:read registry:read registry:propose events:read"
    return {"sub": f"clerk-{admdvs}", "scope": scope, "admdvs": admdvs} | claims


def application(person: dict[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    """An application from Jinan to Chengdu, 310 to 310."""
    return {
        **(person or LI_LEI),
        "trafout_admdvs": JINAN,
        "trafin_admdvs": CHENGDU,
        "trafout_insutype": "310",
        "trafin_insutype": "310",
    } | changes


class Keys:
    """A seal and a message key for each party."""

    def __init__(self) -> None:
        agencies = [Party(role, code) for code in AREAS for role in (Role.OUTBOUND, Role.INBOUND, Role.LEDGER)]
        self.pairs = {
            (party, purpose): PrivateKey.generate("ES256") for party in (PLATFORM, *agencies) for purpose in Purpose
        }
        self.signers = Signers(self.pairs)
        self.root = PrivateKey.generate("ES256")

    def write(self, folder: Path) -> None:
        """The platform's own keys and the root key, as its process reads them."""
        (folder / "platform").mkdir(parents=True)
        for purpose in Purpose:
            (folder / "platform" / f"{purpose}.pem").write_bytes(self._pem(self.pairs[PLATFORM, purpose]))
        (folder / "root.pem").write_bytes(self._pem(self.root))

    def documents(self) -> list[dict[str, Any]]:
        """The public halves as the registry takes them."""
        return [
            {
                "owner": str(party),
                "purpose": purpose,
                "public_key": key.public_key,
                "valid_from": VALID_FROM.isoformat(),
            }
            for (party, purpose), key in self.pairs.items()
        ]

    @staticmethod
    def _pem(key: PrivateKey) -> bytes:
        return key.pem().encode()


@dataclass
class Gateway:
    """The running platform and everybody around it."""

    process: GatewayProcess
    clock: AdvancingClock
    stand_in: StandIn
    keys: Keys
    http: httpx.AsyncClient = field(init=False)
    _sequences: dict[tuple[str, str], int] = field(default_factory=dict)
    _numbers: Any = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        transport = httpx.ASGITransport(build_app(self.process), raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://platform")

    @property
    def agencies(self) -> Agencies:
        return self.stand_in.agencies

    async def call(self, method: str, path: str, caller: dict[str, Any], **options: Any) -> httpx.Response:
        """Call the API a moment after the last call; a POST gets a fresh Idempotency-Key unless one is given."""
        self.clock.advance(milliseconds=1)
        headers = {"Authorization": f"Bearer {self.stand_in.token(caller, self.clock.now())}"}
        if method == "POST":
            headers["Idempotency-Key"] = f"key-{next(self._numbers)}"
        headers |= options.pop("headers", {})
        return await self.http.request(method, f"/v1{path}", headers=headers, **options)

    async def apply(self, caller: dict[str, Any] | None = None, **changes: Any) -> httpx.Response:
        """Apply for a transfer."""
        headers = changes.pop("headers", {})
        person = changes.pop("person", None)
        body = application(person, **changes)
        return await self.call("POST", "/transfers", caller or CHANNEL, json=body, headers=headers)

    async def accepted(self, **changes: Any) -> str:
        """The number of a case that was accepted."""
        response = await self.apply(**changes)
        assert response.status_code == 201, response.text
        assert response.json()["outcome"] == "accepted", response.text
        return str(response.json()["rlts_traf_id"])

    async def shown(self, number: str, caller: dict[str, Any] | None = None) -> dict[str, Any]:
        """A case as the API shows it."""
        response = await self.call("GET", f"/transfers/{number}", caller or CHANNEL)
        assert response.status_code == 200, response.text
        return dict(response.json())

    async def history(self, number: str) -> list[tuple[str, str, bool]]:
        """Command, new state and whether it was allowed, line by line."""
        response = await self.call("GET", f"/transfers/{number}/history", CHANNEL)
        return [(line["command"], line["to_state"], line["is_allowed"]) for line in response.json()["items"]]

    async def register(self) -> None:
        """Put the areas and keys in place."""
        areas = [
            {
                "admdvs": code,
                "name": name,
                "province": province,
                "city": city,
                "counties": [f"{code[:4]}02"] if code == JINAN else [],
                "valid_from": "2020-01-01",
                "state": AreaState.CONNECTED,
                "windows": [{"optins_no": f"{code}01", "name": "大厅", "address": "某路1号", "tel": "12345"}],
                "endpoints": {side: f"{self.stand_in.url}/{side}" for side in ("outbound", "inbound")},
            }
            for code, (name, province, city) in AREAS.items()
        ]
        body = {"areas": areas, "keys": self.keys.documents()}
        response = await self.call("POST", "/registry/imports", OPERATOR, json=body)
        assert response.status_code == 200, response.text

    async def receive(self, *sent: tuple[Party, str, Event]) -> None:
        """Signed messages of (sender, case, event) reach the platform in one batch."""
        self.clock.advance(milliseconds=1)
        intake: Intake = self.process.exchange.consumer._intake
        await intake.take([self.record(*message) for message in sent])

    def record(self, sender: Party, number: str, event: Event) -> Record:
        """The next message of a sender about a case."""
        lane = (str(sender), number)
        self._sequences[lane] = self._sequences.get(lane, 0) + 1
        (message_id,) = new_ids(self.clock.now(), 1)
        value = envelope.write(
            message_id,
            event,
            sender=sender,
            recipient=PLATFORM,
            time=self.clock.now(),
            rlts_traf_id=number,
            sequence=self._sequences[lane],
        )
        return Record(PLATFORM.topic, number, value, self.keys.signers.sign_detached(sender, value))

    async def sent(self, number: str) -> list[tuple[str, Event]]:
        """What the platform wrote about a case: recipient and event, in order."""
        query = "SELECT recipient, type, value FROM message_log WHERE rlts_traf_id = :number ORDER BY message_id"
        rows = await self.rows(query, number=number)
        return [
            (row["recipient"], EVENTS[row["type"]].model_validate(envelope.read(row["value"]).data)) for row in rows
        ]

    async def rows(self, query: str, **values: Any) -> Sequence[dict[str, Any]]:
        """Rows of the platform's database."""
        async with self.process.database.connection() as connection:
            return [dict(row) for row in (await connection.execute(text(query), values)).mappings()]

    async def quarantined(self) -> list[str]:
        """Reasons of what lies in quarantine."""
        return [row["reason"] for row in await self.rows("SELECT reason FROM quarantine WHERE state = 'open'")]

    async def issue(self, number: str, version: int = 1, *, amount: int = 123456, **changes: Any) -> None:
        """The outbound seals a version and the platform gets it."""
        await self.receive(await self.issued(number, version, amount=amount, **changes))

    async def issued(
        self, number: str, version: int = 1, *, amount: int = 123456, **changes: Any
    ) -> tuple[Party, str, SheetIssued]:
        """A sealed version as the message that brings it."""
        (row,) = await self.rows("SELECT * FROM transfer_case WHERE rlts_traf_id = :number", number=number)
        outbound = Party(Role.OUTBOUND, changes.pop("sealed_by", row["trafout_admdvs"]))
        sheet = self.sheet(row, version, amount, **changes)
        sealed = await seal_sheet(sheet, self.keys.signers, outbound)
        event = SheetIssued(sheet_version=version, sealed_sheet=sealed.text, amount=amount, sealed_at=self.clock.now())
        return Party(Role.OUTBOUND, row["trafout_admdvs"]), number, event

    def sheet(self, row: dict[str, Any], version: int, amount: int, **changes: Any) -> InfoSheet:
        """A sheet for a case that breaks no rule, unless ``changes`` make it."""
        applied = row["lodged"]["application"]
        name = AREAS[row["trafout_admdvs"]][0]
        line = {
            "row_no": 1,
            "accrym_begn": "202401",
            "accrym_end": "202412",
            "row_type": "1",
            "months": 12,
            "agency_name": name,
            "admdvs": row["trafout_admdvs"],
        }
        foot = {
            "acctfund_traf_amt_cn": to_capital(amount),
            "acctfund_traf_amt": amount,
            "opter_name": "经办甲",
            "tel": "0531-12345",
            "agency_name": name,
            "issued_on": local_date(self.clock.now()),
        }
        head = {key: applied[key] for key in ("psn_name", "psn_cert_type", "certno")}
        document = {
            "rlts_traf_id": row["rlts_traf_id"],
            "version": version,
            **{key: row[key] for key in ("trafout_admdvs", "trafin_admdvs", "trafout_insutype", "trafin_insutype")},
            "head": head | {"gend": "9"},
            "rows": [line],
            "foot": foot,
            "acct_disposition": AcctDisposition(row["acct_disposition"]),
            "has_account": row["acct_disposition"] != "none",
            "attachment": {"psn_no": "P1"},
        }
        return InfoSheet.model_validate(document | changes)

    async def receipted(self, number: str) -> None:
        """The outbound has receipted everything that was sent to it about a case."""
        receipt = UUID(int=next(self._numbers) + 1)
        async with self.process.database.transaction() as connection:
            await connection.execute(
                text(
                    "INSERT INTO message_receipt (message_id, receipt_id, recorded_at) SELECT message_id, :receipt, :at"
                    " FROM message_log WHERE rlts_traf_id = :number AND recipient LIKE 'outbound.%'"
                    " ON CONFLICT DO NOTHING"
                ),
                {"receipt": receipt, "at": self.clock.now(), "number": number},
            )
