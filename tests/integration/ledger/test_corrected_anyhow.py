"""However a bank corrects its statements and people act on them meanwhile: no fen is lost, doubled or left hanging.

``RESTATEMENT_STEPS`` (12) and ``RESTATEMENT_SEED`` (2026) change how long it runs and what happens.
"""

import asyncio
import os
from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

import httpx
from sqlalchemy import text

from shared.money import format_yuan
from tests.integration.ledger.areas import BEIJING_OUT, JINAN, JINAN_IN
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.report_lists import require_lists_add_up
from tests.integration.ledger.restating import WHY, bring, step
from tests.unit.ledger.files import DAY, Move, camt

STEPS = int(os.environ.get("RESTATEMENT_STEPS", "12"))
SEED = int(os.environ.get("RESTATEMENT_SEED", "2026"))
DAYS = [DAY + timedelta(days=number) for number in range(3)]
OPENING = 1000
# What is kept of an account's days, besides what corrections took back.
_KEPT = text(
    """
    SELECT l.bank_ref, CASE l.direction WHEN 'C' THEN l.amount_fen ELSE -l.amount_fen END AS fen
    FROM statement_line l
    WHERE NOT EXISTS (SELECT FROM restated_line r WHERE l.id IN (r.line_id, r.reversed_by))
    """
)


class Anyhow:
    """A bank that changes its mind, and the people who act on what it told; ``truth`` is what it says now, by day."""

    def __init__(self, bank: Bank, random: Random) -> None:
        self.bank, self.random, self.seen = bank, random, Counter[str]()
        self.cases = [bank.case() for _ in range(4)]
        self.truth: dict[date, list[Move]] = {day: [] for day in DAYS}
        self._made = 0

    def move(self, day: date) -> Move:
        """Another movement, with a serial number of its own."""
        self._made += 1
        case, fen = self.random.choice(self.cases), self.random.choice((50, 50, 100, -7))
        note, other = (f"{case} 张三", BEIJING_OUT) if fen > 0 else ("手续费", None)
        return Move(fen, note, other, on=day, ref=f"R{self._made}")

    def statement(self, day: date, made: int = 0) -> bytes:
        """What the bank says of a day now, in a file that it has just ``made``."""
        opening = OPENING + sum(move.fen for before in DAYS if before < day for move in self.truth[before])
        content = camt(JINAN_IN, self.truth[day], opening=opening, day=day, statement_no=f"{day:%d}")
        return content.replace(b"T18:00:00", f"T{made // 60 % 24:02}:{made % 60:02}:01".encode())

    async def act(self) -> None:
        """Anything that may happen next."""
        name = self.random.choice(("upload", "upload", "propose", "propose", "decide", "decide", "twice", "people"))
        day = self.random.choice(DAYS)
        await {
            "upload": self._upload,
            "propose": self._propose,
            "decide": self._decide,
            "twice": self._twice,
            "people": self._people,
        }[name](day)

    def _change(self, day: date) -> None:
        moves = self.truth[day]
        if moves and self.random.random() < 0.6:
            moves.remove(self.random.choice(moves))
        if self.random.random() < 0.6:
            moves.append(self.move(day))

    async def _upload(self, day: date) -> None:
        """The bank takes a line out, changes it, shows another, or none of these."""
        self._change(day)
        self._made += 1
        self._count("uploaded", await bring(self.bank, self.statement(day, self._made)), 200)

    async def _propose(self, day: date) -> None:
        if seen := await self._one_of("found"):
            self._count("proposed", await step(self.bank, seen, "proposal", WHY), 200)

    async def _decide(self, day: date) -> None:
        """By somebody else, or by who proposed it; sometimes the answer is no."""
        if seen := await self._one_of("proposed"):
            body = self.random.choice(({"decision": "approve"},) * 3 + ({"decision": "reject", "reason": "待核"},))
            answer = await step(self.bank, seen, "approval", body, clerk=self.random.choice(("li", "li", "zhang")))
            self._count(f"decided: {body['decision']}", answer, 200)

    async def _twice(self, day: date) -> None:
        """Two people approve at once, while the same file is uploaded anew."""
        if seen := await self._one_of("proposed"):
            yes = {"decision": "approve"}
            answers = await asyncio.gather(
                step(self.bank, seen, "approval", yes, clerk="li"),
                step(self.bank, seen, "approval", yes, clerk="wang"),
                self._upload(day),
            )
            taken = [answer for answer in answers[:2] if answer.status_code == 200]
            assert len(taken) <= 1, "one correction is carried out once"
            self._count("at once", answers[0] if taken == [answers[0]] else answers[1], 200)

    async def _people(self, day: date) -> None:
        """Somebody proposes something of a line that waits, and somebody else agrees, or not yet."""
        items = (await self.bank.get("/suspense?limit=100"))["items"]
        if not items:
            return
        line = self.random.choice(items)["id"]
        item = await self.bank.get(f"/suspense/{line}")
        what = self.random.choice(("write-off", "return", "proposals"))
        share = {"rlts_traf_id": self.random.choice(self.cases), "obligation_no": "1", "amount": item["left"]}
        body = {"reason": "核对"} | ({"parts": [share]} if what == "proposals" else {})
        headers = {"If-Match": f'"{item["version"]}"'}
        made = await self.bank.call("POST", f"/suspense/{line}/{what}", json=body, headers=headers)
        self._count(what, made, 201)
        if made.status_code == 201 and what != "return" and self.random.random() < 0.7:
            await self._answer("proposals" if what == "proposals" else "adjustments", made.json()["id"], "approve")

    async def settle(self) -> None:
        """People end what is under way, and carry the bank's word through, day after day."""
        for kind in ("proposals", "adjustments"):
            for one in (await self.bank.get(f"/{kind}?state=proposed&limit=100"))["items"]:
                await self._answer(kind, one["id"], "reject")
        for item in (await self.bank.get("/suspense?limit=100"))["items"]:
            seen = await self.bank.get(f"/suspense/{item['id']}")
            headers, path = {"If-Match": f'"{seen["version"]}"'}, f"/suspense/{item['id']}/return/withdrawal"
            await self.bank.call("POST", path, json={"reason": "银行更正"}, headers=headers)
        for one in (await self.bank.get("/statement-restatements?state=proposed&limit=100"))["items"]:
            seen = await self.bank.call("GET", f"/statement-restatements/{one['id']}")
            body = {"decision": "reject", "reason": "重新上传"}
            assert (await step(self.bank, seen, "approval", body, clerk="li")).status_code == 200
        for day in DAYS:
            self._made += 1
            found = await bring(self.bank, self.statement(day, self._made))
            if found.status_code == 409:
                assert "没有不同" in found.json()["detail"], found.text
                continue
            proposed = await step(self.bank, found, "proposal", WHY)
            assert proposed.status_code == 200, proposed.text
            taken = await step(self.bank, proposed, "approval", {"decision": "approve"}, clerk="li")
            assert taken.status_code == 200, taken.text

    async def _answer(self, kind: str, number: str, decision: str) -> None:
        seen = await self.bank.call("GET", f"/{kind}/{number}")
        body, headers = {"decision": decision, "reason": "已核"}, {"If-Match": seen.headers["ETag"]}
        path = f"/{kind}/{number}/approval"
        self._count(
            f"{kind}: {decision}", await self.bank.call("POST", path, clerk="li", json=body, headers=headers), 200
        )

    async def _one_of(self, state: str) -> httpx.Response | None:
        items: list[dict[str, Any]] = (await self.bank.get(f"/statement-restatements?state={state}"))["items"]
        if not items:
            return None
        return await self.bank.call("GET", f"/statement-restatements/{self.random.choice(items)['id']}")

    def _count(self, what: str, answer: httpx.Response, good: int) -> None:
        assert answer.status_code in (good, 403, 409, 412, 422), answer.text
        self.seen[what if answer.status_code == good else f"{what}: refused"] += 1


async def test_what_a_bank_says_last_is_what_the_books_hold_whatever_came_in_between(bank: Bank) -> None:
    bank.clock.advance(days=2)
    anyhow = Anyhow(bank, Random(SEED))
    for case in anyhow.cases:
        await bank.payable(case, 50, to="payee")
    for day in DAYS:
        anyhow.truth[day] = [anyhow.move(day) for _ in range(3)]
        await bank.book(anyhow.statement(day))
    for _ in range(STEPS):
        await anyhow.act()
        trial = await bank.get(f"/trial-balance?since={DAY}&until={DAYS[-1]}")
        assert trial["adds_up"], (SEED, trial)
    await anyhow.settle()
    told = [move for moves in anyhow.truth.values() for move in moves]
    async with bank.database.connection() as connection:
        kept = [(row.bank_ref, row.fen) for row in await connection.execute(_KEPT)]
    assert Counter(kept) == Counter((move.ref, move.fen) for move in told)
    assert await bank.balance("income_deposit") == format_yuan(OPENING + sum(move.fen for move in told))
    assert (await bank.get("/alerts?is_open=true"))["items"] == []
    for day in DAYS:
        report = await bank.get(f"/reconciliations/{JINAN}/{day}")
        assert report["adds_up"], (SEED, day, report)
        await require_lists_add_up(bank, JINAN, f"/reconciliations/{JINAN}/{day}")
    assert await bank.count("restatement WHERE state = 'approved'"), anyhow.seen
