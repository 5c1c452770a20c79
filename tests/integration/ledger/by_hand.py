"""What two clerks do to match money by hand, and what came of it."""

from typing import Any

import httpx

from shared.contracts.events import BalanceMatched
from tests.integration.ledger.areas import JINAN
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.report_lists import require_lists_add_up
from tests.unit.ledger.files import DAY

Share = tuple[str, str, str] | tuple[str, str, str, str]
"""Case, obligation number, amount; and a line other than the one at hand."""


async def propose(bank: Bank, line: str, *shares: Share, area: str = JINAN, **request: Any) -> httpx.Response:
    """Clerk zhang's proposal for a waiting line, as it is now."""
    item = await bank.get(f"/suspense/{line}", area=area)
    return await propose_at(bank, f"/suspense/{line}/proposals", item["version"], shares, area=area, **request)


async def seen_line(bank: Bank, line: str, *, area: str = JINAN) -> dict[str, int]:
    """A line, as it is now."""
    shown = await bank.call("GET", f"/suspense/{line}", area=area)
    version = shown if shown.status_code == 200 else await bank.call("GET", f"/statement-lines/{line}", area=area)
    return {"line_id": int(line), "version": version.json()["version"]}


async def propose_at(
    bank: Bank, path: str, version: int, shares: tuple[Share, ...], *, area: str = JINAN, **body: Any
) -> httpx.Response:
    names = ("rlts_traf_id", "obligation_no", "amount", "line_id")
    parts: list[dict[str, Any]] = [dict(zip(names, share, strict=False)) for share in shares]
    for part in parts:
        if "line_id" in part:
            part |= await seen_line(bank, part["line_id"], area=area)
    sent = {"reason": "已与付款单位核实", "parts": parts} | body
    return await bank.call("POST", path, area=area, json=sent, headers={"If-Match": f'"{version}"'})


async def decide(
    bank: Bank, made: httpx.Response, decision: str = "approve", *, clerk: str = "li", area: str = JINAN
) -> httpx.Response:
    """Another clerk's word on a proposal."""
    assert made.status_code == 201, made.text
    body = {"decision": decision} | ({"reason": "附言不足以认定"} if decision == "reject" else {})
    path = f"/proposals/{made.json()['id']}/approval"
    headers = {"If-Match": made.headers["ETag"]}
    return await bank.call("POST", path, area=area, clerk=clerk, json=body, headers=headers)


async def match(bank: Bank, line: str, *shares: Share, area: str = JINAN) -> dict[str, Any]:
    """Two clerks match a line by hand."""
    decided = await decide(bank, await propose(bank, line, *shares, area=area), area=area)
    assert decided.status_code == 200, decided.text
    proposal: dict[str, Any] = decided.json()
    return proposal


async def lines(bank: Bank, content: bytes, *, area: str = JINAN) -> list[str]:
    """The ids of the lines of a statement, in its order."""
    report = await bank.book(content, area=area)
    return [line["id"] for line in (await bank.get(f"/statements/{report['id']}/lines", area=area))["items"]]


async def adds_up(bank: Bank, *, area: str = JINAN) -> dict[str, Any]:
    """The report of today, which adds up like those of the days before, and so does the trial balance."""
    today = bank.clock.now().date()
    for day in (DAY, today):
        report: dict[str, Any] = await bank.get(f"/reconciliations/{area}/{day}", area=area)
        assert report["adds_up"], report
    await require_lists_add_up(bank, area, f"/reconciliations/{area}/{today}")
    trial = await bank.get(f"/trial-balance?since={DAY}&until={today}", area=area)
    assert trial["adds_up"], trial
    return report


async def matched(bank: Bank, to: str) -> list[tuple[str, str]]:
    """Obligation number and amount of every match that was told."""
    return [(event["obligation_no"], event["amount"]) for event in await bank.sent(BalanceMatched, to=to)]
