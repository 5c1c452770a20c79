"""One ledger for many scenarios, one bank day after the other."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from shared.contracts.addendum import SheetAddendum
from shared.contracts.events import AddendumPayable, BalanceCredited
from shared.money import format_yuan
from shared.money_cn import to_capital
from shared.signing.addendum import countersign_addendum, open_addendum, seal_addendum
from tests.integration.ledger.areas import (
    BEIJING,
    BEIJING_IN,
    BEIJING_OUT,
    EVERYBODY,
    JINAN,
    JINAN_IN,
    JINAN_OUT,
    verification_keys,
)
from tests.integration.ledger.bank import Bank
from tests.unit.ledger.files import Move, camt

AREAS = (JINAN, BEIJING)
AREA = {JINAN_IN: JINAN, JINAN_OUT: JINAN, BEIJING_IN: BEIJING, BEIJING_OUT: BEIJING}


class Town:
    """One ledger for all scenarios; each statement opens where the account's last one closed."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self._closing: dict[str, int] = defaultdict(lambda: 1_000_000)

    @property
    def today(self) -> date:
        return self.bank.clock.now().date()

    async def show(self, account: str, *moves: Move, value_on: date | None = None) -> list[str]:
        """The next day's statement of an account; the ids of its lines."""
        self.bank.clock.advance(days=1)
        dated = [replace(move, on=self.today) for move in moves]
        opening = self._closing[account]
        self._closing[account] += sum(move.fen for move in moves)
        content = camt(account, dated, opening=opening, day=self.today, statement_no=f"{self.today}")
        if value_on is not None:
            told, meant = (f"<ValDt><Dt>{day}</Dt>".encode() for day in (self.today, value_on))
            content = content.replace(told, meant)
        report = await self.bank.book(content, area=AREA[account])
        page = await self.bank.get(f"/statements/{report['id']}/lines", area=AREA[account])
        return [line["id"] for line in page["items"]]

    async def agreed(self, case: str, fen: int, **changes: Any) -> None:
        """A sheet over ``fen``, paid, received and credited."""
        await self.bank.payable(case, fen, **changes)
        await self.bank.release(case)
        await self.show(BEIJING_OUT, Move(-fen, f"{case} 张三", JINAN_IN, e2e=f"{case}-1"))
        await self.show(JINAN_IN, Move(fen, f"{case} 张三", BEIJING_OUT, e2e=f"{case}-1"))
        await self.hear(case, BalanceCredited(obligation_no="1", amount=fen, credited_on=self.today))

    async def add(self, case: str, fen: int) -> None:
        """An addendum over ``fen``, number 901, known to both ledgers."""
        addendum = SheetAddendum.model_validate(
            {
                "rlts_traf_id": case,
                "addendum_no": 1,
                "sheet_version": 1,
                "trafout_admdvs": BEIJING,
                "trafin_admdvs": JINAN,
                "psn_name": "张三",
                "cause": "interest",
                "reason": "结息",
                "amount": format_yuan(fen),
                "amount_cn": to_capital(fen),
                "opter_name": "王经办",
                "agency_name": "北京",
                "issued_on": self.today,
            }
        )
        now = self.bank.clock.now()
        sealed = await seal_addendum(addendum, EVERYBODY)
        arrival = await countersign_addendum(open_addendum(sealed, verification_keys(), now), EVERYBODY, now)
        event = AddendumPayable(
            obligation_no="901",
            addendum_no=1,
            trafout_admdvs=BEIJING,
            trafin_admdvs=JINAN,
            psn_name="张三",
            amount=fen,
            sealed_addendum=sealed,
            arrival=arrival,
            payer_bankacct=BEIJING_OUT,
            payee_bankacct=JINAN_IN,
        )
        await self.bank.receive(event, case, f"outbound.{BEIJING}", f"ledger.{BEIJING}")
        await self.hear(case, event)

    async def hear(self, case: str, event: Any) -> None:
        """Jinan's inbound tells its ledger."""
        await self.bank.receive(event, case, f"inbound.{JINAN}", f"ledger.{JINAN}")

    async def states(self, case: str, area: str = JINAN) -> list[str]:
        """Of the obligations of a case, newest first."""
        return [one["state"] for one in await self.bank.obligations(case, area=area)]

    async def sections(self, day: date) -> dict[str, list[str]]:
        """The cases in each list of Jinan's report of a day."""
        report = await self.bank.get(f"/reconciliations/{JINAN}/{day}")
        return {one["section"]: [item["rlts_traf_id"] for item in one["items"]] for one in report["sections"]}

    async def ties(self) -> bool:
        """Bank and books of both agencies, today and on the days before."""
        days = [self.today - timedelta(days=back) for back in range(3)]
        reports = [await self.bank.get(f"/reconciliations/{area}/{day}", area=area) for area in AREAS for day in days]
        return all(report["adds_up"] for report in reports)
