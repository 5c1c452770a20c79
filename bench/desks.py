"""The clerks' desks: work lists are read again and again, and what lies there is done, singly or in bulk."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bench.ground import Ground
from bench.plan import Mode
from demo.banks.movement import Payment
from demo.services import INBOUND, LEDGER, OUTBOUND, Call, Json
from shared.money import parse_yuan
from shared.web.etags import etag

_LOOK_SECONDS = {Mode.SINGLE: 0.3, Mode.BULK: 1.0}
_PAGE = {Mode.SINGLE: 50, Mode.BULK: 500}
_APPROVAL: Json = {"decision": "approve"}
_MEMO = "已核对差异，与参保人确认无误"

Work = Callable[[Sequence[Json]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Desk:
    """One agency's clerk and checker in all three services."""

    ground: Ground
    admdvs: str
    mode: Mode

    async def work(self) -> None:
        """Work in all three services until the run is over."""
        await asyncio.gather(
            self._keep(OUTBOUND, "/cases", "drafting", self._issue),
            self._keep(INBOUND, "/cases", "received", self._accept),
            self._keep(LEDGER, "/payment-orders", "ready", self._pay),
        )

    async def _keep(self, service: str, path: str, state: str, work: Work) -> None:
        while not self.ground.is_over.is_set():
            found, _ = await self.ground.call(
                self._call("clerk", service, "GET", path, params={"state": state, "limit": str(_PAGE[self.mode])})
            )
            ours = [line for line in found["items"] if line["rlts_traf_id"] in self.ground.cases]
            if not ours:
                await _rest(self.ground.is_over, _LOOK_SECONDS[self.mode])
            elif self.mode is Mode.BULK:
                await work(ours)
            else:
                await asyncio.gather(*(work([line]) for line in ours))

    async def _issue(self, lines: Sequence[Json]) -> None:
        """经办 and 复核 of drafts."""
        if self.mode is Mode.BULK:
            await self._in_bulk(OUTBOUND, [_item(line) for line in lines])
        else:
            await self._singly(OUTBOUND, lines[0], None)

    async def _accept(self, lines: Sequence[Json]) -> None:
        """经办 and 复核 of sheets that came in."""
        if self.mode is Mode.BULK:
            await self._in_bulk(INBOUND, [_item(line) | _taken(line) for line in lines])
        else:
            await self._singly(INBOUND, lines[0], _taken(lines[0]))

    async def _singly(self, service: str, line: Json, submission: Json | None) -> None:
        path, seen = f"/cases/{line['rlts_traf_id']}", etag(line["row_version"])
        submitting = self._call("clerk", service, "POST", f"{path}/submission", json=submission, seen=seen)
        _, seen = await self.ground.call(submitting)
        await self.ground.call(self._call("checker", service, "POST", f"{path}/review", json=_APPROVAL, seen=seen))

    async def _in_bulk(self, service: str, items: Sequence[Json]) -> None:
        submitting = self._call("clerk", service, "POST", "/submissions", json={"items": items})
        answer, _ = await self.ground.call(submitting)
        done = [_item(each) | _APPROVAL for each in answer["items"] if each["row_version"] is not None]
        if done:
            await self.ground.call(self._call("checker", service, "POST", "/reviews", json={"items": done}))

    async def _pay(self, orders: Sequence[Json]) -> None:
        """Two people release the orders in one batch; the banks carry them out later."""
        chosen = [{"order_id": order["id"], "version": order["version"]} for order in orders]
        first = chosen[0]["order_id"]
        batch, seen = await self.ground.call(
            self._call("clerk", LEDGER, "POST", "/payment-batches", json={"orders": chosen}, key=f"propose-{first}")
        )
        approving = self._call(
            "checker",
            LEDGER,
            "POST",
            f"/payment-batches/{batch['id']}/approval",
            json={"decision": "approve"},
            key=f"approve-{first}",
            seen=seen,
        )
        await self.ground.call(approving)
        self.ground.released += [self._payment(order) for order in orders]

    def _payment(self, order: Json) -> Payment:
        wish, amount = self.ground.cases[order["rlts_traf_id"]].application, parse_yuan(order["amount"])
        return Payment(
            rlts_traf_id=order["rlts_traf_id"],
            trafout_admdvs=wish.trafout_admdvs,
            trafin_admdvs=wish.trafin_admdvs,
            amount_fen=amount,
            arriving_fen=amount,
            remittance_note=order["remittance_note"],
            end_to_end_id=order["end_to_end_id"],
        )

    def _call(
        self,
        role: str,
        service: str,
        method: str,
        path: str,
        *,
        json: Json | None = None,
        params: dict[str, str] | None = None,
        key: str | None = None,
        seen: str | None = None,
    ) -> Call:
        token = self.ground.world.callers.agency(role, self.admdvs)
        return Call(token, service, method, path, json=json, params=params, key=key, seen=seen)


def _item(line: Json) -> Json:
    return {name: line[name] for name in ("rlts_traf_id", "row_version")}


def _taken(line: Json) -> Json:
    return {"decision": "accept"} | ({"memo": _MEMO} if line["difference_count"] else {})


async def _rest(is_over: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await is_over.wait()
    except TimeoutError:
        return
