"""The check-out of the books: every agency's daily report, and the money over all of them."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from demo.banks.files import BankFile
from demo.services import LEDGER, Call
from demo.world import World
from shared.money import format_yuan, parse_yuan
from shared.registry.models import AccountUse
from stack.areas import SeedArea

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DailyReport:
    """One agency's reconciliation of one day as the ledger gives it, both forms."""

    admdvs: str
    on: date
    document: Json
    csv: bytes


@dataclass(frozen=True, slots=True)
class MoneyOverall:
    """Fen over all agencies: what left, what came, how far the bank's lines in suspense differ from what was due."""

    paid: int
    received: int
    differences: int
    in_suspense: int

    @property
    def adds_up(self) -> bool:
        """Paid is received plus what is missing (or less what is too much)."""
        return self.paid == self.received - self.differences


async def read_reports(world: World, days: Iterable[date]) -> list[DailyReport]:
    """The reports of every connected agency for ``days``."""
    agencies = [area.admdvs for area in world.areas.values() if area.is_connected]
    wanted = [(admdvs, on) for admdvs in sorted(agencies) for on in sorted(set(days))]
    return list(await asyncio.gather(*(_read(world, admdvs, on) for admdvs, on in wanted)))


def book_deviations(
    reports: Sequence[DailyReport], files: Sequence[BankFile], areas: Mapping[str, SeedArea]
) -> list[str]:
    """Everything that does not tie: bank with itself, bank with books, suspense with its items, paid with received."""
    found = [f"{each.admdvs} {each.on} 的对账报告不平衡" for each in reports if not each.document["adds_up"]]
    accounts = {(each.on, day["bankacct"]): day for each in reports for day in each.document["accounts"]}
    for file in files:
        statement = file.statement
        closing = format_yuan(statement.closing_fen)
        day = accounts.get((statement.on, statement.account.bankacct))
        if day is None or (day["closing_balance"], day["books_balance"]) != (closing, closing):
            found.append(f"账户 {statement.account.bankacct} {statement.on} 银行期末余额 {closing} 与账面不一致")
    overall = money_overall(reports, areas)
    if not overall.adds_up:
        found.append(f"划出 {format_yuan(overall.paid)} 与到账 {format_yuan(overall.received)} 之差没有对应的差异")
    return found


def money_overall(reports: Sequence[DailyReport], areas: Mapping[str, SeedArea]) -> MoneyOverall:
    """The sums over all agencies and days; what is in suspense is as of the last day read."""
    payers, receivers = _accounts(areas, AccountUse.PAYER), _accounts(areas, AccountUse.RECEIVER)
    days = [day for each in reports for day in each.document["accounts"]]
    last = {each.admdvs: each for each in sorted(reports, key=lambda report: report.on)}
    waiting = [
        item
        for each in last.values()
        for section in each.document["sections"]
        for item in section["items"]
        if item["reason"] is not None and item["kind"] == "receipt"
    ]
    return MoneyOverall(
        paid=sum(parse_yuan(day["debit_total"]) for day in days if day["bankacct"] in payers),
        received=sum(parse_yuan(day["credit_total"]) for day in days if day["bankacct"] in receivers),
        differences=sum(parse_yuan(item["difference"]) for item in waiting if item["difference"]),
        in_suspense=sum(parse_yuan(item["amount"]) for item in waiting),
    )


def _accounts(areas: Mapping[str, SeedArea], use: AccountUse) -> set[str]:
    return {account.bankacct for area in areas.values() for account in area.bank_accounts if account.use is use}


async def _read(world: World, admdvs: str, on: date) -> DailyReport:
    path, token = f"/reconciliations/{admdvs}/{on}", world.callers.agency("bank-desk", admdvs)
    document, csv = await asyncio.gather(
        world.services.json(Call(token, LEDGER, "GET", path)),
        world.services.send(Call(token, LEDGER, "GET", path, params={"format": "csv"})),
    )
    for section in document["sections"]:
        section["items"] += await _rest(world, token, f"{path}/lists/{section['section']}", section["next_cursor"])
    return DailyReport(admdvs, on, document, csv.content)


async def _rest(world: World, token: str, path: str, cursor: str | None) -> list[Json]:
    """What of a list follows the page at whose end ``cursor`` stands."""
    items: list[Json] = []
    while cursor is not None:
        page = await world.services.json(Call(token, LEDGER, "GET", path, params={"cursor": cursor, "limit": "500"}))
        items += page["items"]
        cursor = page["next_cursor"]
    return items
