"""The payer's finance: 经办 puts the order into a batch, 复核 releases it."""

from dataclasses import dataclass

from demo.banks.movement import Payment
from demo.case_run import CaseRun, Json
from demo.services import LEDGER, Call, until
from demo.steps.application import read_transfer
from demo.world import World
from shared.money import parse_yuan

_RELEASED = ("released", "paid")


async def pay(world: World, run: CaseRun) -> Payment | None:
    """Release the case's payment order; gives the payment for the banks, ``None`` where no money travels."""
    transfer = await read_transfer(world, run)
    sheet = transfer["sheets"][-1]
    amount = parse_yuan(sheet["amount"])
    if sheet["acct_disposition"] != "transfer" or not amount:
        return None
    finance = _Finance(world, run, run.scenario.application.trafout_admdvs)
    order = await until(
        finance.work,
        lambda found: found is not None and found["state"] in _RELEASED,
        what=f"{finance.admdvs} 放行支付单",
        within_seconds=world.within_seconds,
    )
    run.paid_fen = amount
    run.step("支付单已由两人放行，等待银行")
    return _payment(run, amount, order or {})


def pay_ahead(run: CaseRun) -> Payment:
    """The money that comes before the sheet: the payer's bank was told by hand, case number and name in the note."""
    amount = run.scenario.outbound.balc if run.scenario.outbound else 0
    note = f"{run.rlts_traf_id} {run.scenario.person.psn_name}"
    return _payment(run, amount, {"remittance_note": note, "end_to_end_id": None})


def _payment(run: CaseRun, amount_fen: int, order: Json) -> Payment:
    course, wish = run.scenario.course, run.scenario.application
    return Payment(
        rlts_traf_id=run.rlts_traf_id,
        trafout_admdvs=wish.trafout_admdvs,
        trafin_admdvs=wish.trafin_admdvs,
        amount_fen=amount_fen,
        arriving_fen=amount_fen + course.arriving_differs_by_fen,
        remittance_note=order["remittance_note"],
        end_to_end_id=order["end_to_end_id"],
        has_arrived=course.money_arrives_first,
    )


@dataclass(frozen=True, slots=True)
class _Finance:
    """The two people of the payer's ledger, and one case's order."""

    world: World
    run: CaseRun
    admdvs: str

    async def work(self) -> Json | None:
        """Do what the order's state asks for; gives the order, ``None`` while there is none."""
        order = await self._order()
        if order is None:
            return None
        if order["state"] == "ready":
            await self._propose(order)
        elif order["state"] == "proposed":
            await self._release(order["batch_id"])
        else:
            return order
        return await self._order()

    async def _order(self) -> Json | None:
        call = self._call("clerk", "GET", "/payment-orders", params={"rlts_traf_id": self.run.rlts_traf_id})
        found = await self.world.services.json(call)
        return next((order for order in found["items"] if order["state"] != "cancelled"), None)

    async def _propose(self, order: Json) -> None:
        self.run.step("转出地财务经办：提交支付批次")
        key = self.run.key(f"batch-{order['id']}")
        chosen = {"orders": [{"order_id": order["id"], "version": order["version"]}]}
        await self.world.services.send(self._call("clerk", "POST", "/payment-batches", json=chosen, key=key))

    async def _release(self, batch_id: str) -> None:
        self.run.step("转出地财务复核：放行支付批次")
        path = f"/payment-batches/{batch_id}"
        shown = await self.world.services.send(self._call("clerk", "GET", path))
        if shown.json()["state"] != "proposed":
            return
        await self.world.services.send(
            self._call(
                "checker",
                "POST",
                f"{path}/approval",
                json={"decision": "approve"},
                key=self.run.key(f"release-{batch_id}"),
                seen=shown.headers["ETag"],
            )
        )

    def _call(
        self,
        role: str,
        method: str,
        path: str,
        *,
        json: Json | None = None,
        params: dict[str, str] | None = None,
        key: str | None = None,
        seen: str | None = None,
    ) -> Call:
        token = self.world.callers.agency(role, self.admdvs)
        return Call(token, LEDGER, method, path, json=json, params=params, key=key, seen=seen)
