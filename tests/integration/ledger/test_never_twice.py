"""However clerks, statements and the bank's reports cross: an obligation is paid once, and no debit is lost or doubled.

``DOUBLE_PAYMENT_ROUNDS`` (20) and ``DOUBLE_PAYMENT_SEED`` (2026) change how long it runs and what happens.
"""

import asyncio
import io
import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.parsers import pain002
from ledger.parsers.file_kind import FileKind
from ledger.parsers.statement_file import open_statement_file
from ledger.use_cases.choose_orders import WantedOrder
from ledger.use_cases.decide_batch import decide_batch
from ledger.use_cases.import_statement import import_statement
from ledger.use_cases.import_status_report import NewReport, import_status_report
from ledger.use_cases.make_payment_files import make_payment_files
from ledger.use_cases.new_file import NewFile
from ledger.use_cases.propose_batch import propose_batch
from ledger.use_cases.reissue_order import reissue_order
from ledger.use_cases.reject_order import reject_order
from ledger.use_cases.withdraw_rejection import withdraw_rejection
from shared.errors import DomainError
from shared.web.etags import WHICHEVER
from tests.integration.ledger.areas import BEIJING, BEIJING_OUT, EVERYBODY
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.payer_days import OPENING, Days
from tests.unit.ledger.files import camt
from tests.unit.ledger.status_reports import Told
from tests.unit.ledger.status_reports import pain002 as write_pain002

ROUNDS = int(os.environ.get("DOUBLE_PAYMENT_ROUNDS", "20"))
SEED = int(os.environ.get("DOUBLE_PAYMENT_SEED", "2026"))
FEN, ACTORS, STEPS = 100, 5, 4
_PROVING = ("paid anew", "told RJCT", "debited", "late or double debits", "come back", "returned and paid anew")

_STANDS = text(
    """
    SELECT (SELECT count(*) FROM claim c WHERE c.obligation_id = b.id AND c.kind = 'payment'
             AND c.undone_on IS NULL) AS payments,
           (SELECT count(*) FROM claim c WHERE c.obligation_id = b.id AND c.kind = 'return'
             AND c.undone_on IS NULL) AS returns,
           (SELECT coalesce(sum(CASE c.kind WHEN 'return' THEN -amount_fen ELSE amount_fen END), 0) FROM claim c
             WHERE c.obligation_id = b.id AND c.undone_on IS NULL) AS claimed_fen,
           (SELECT count(*) FROM payment_order o WHERE o.obligation_id = b.id
             AND o.state NOT IN ('cancelled', 'rejected', 'returned')) AS live,
           (SELECT count(*) FROM payment_order o WHERE o.obligation_id = b.id AND o.state = 'paid') AS paid,
           (SELECT count(*) FROM payment_order o WHERE o.obligation_id = b.id) AS orders,
           (SELECT count(*) FROM payment_order o JOIN payment_order f ON f.id = o.reissue_of
             WHERE o.obligation_id = b.id AND o.state <> 'cancelled' AND f.state NOT IN ('rejected', 'returned'))
               AS beside,
           (SELECT count(*) FROM statement_line l WHERE l.rlts_traf_id = b.rlts_traf_id AND l.direction = 'D')
               AS debits,
           (SELECT count(*) FROM statement_line l WHERE l.rlts_traf_id = b.rlts_traf_id AND l.direction = 'C')
               AS come_back,
           (SELECT count(*) FROM suspense s WHERE s.rlts_traf_id = b.rlts_traf_id AND s.settled_on IS NULL
             AND s.kind = 'payment') AS waiting,
           (SELECT count(*) FROM suspense s WHERE s.rlts_traf_id = b.rlts_traf_id AND s.settled_on IS NULL
             AND s.kind = 'return') AS unlinked,
           (SELECT count(*) FILTER (WHERE m.type LIKE '%BalancePaid.%')
                   - count(*) FILTER (WHERE m.type LIKE '%BalanceReturned.%') FROM message_log m
             WHERE m.rlts_traf_id = b.rlts_traf_id AND m.recipient LIKE 'outbound.%') AS off_the_account,
           (SELECT count(*) FROM suspense s WHERE s.rlts_traf_id = b.rlts_traf_id AND s.settled_on IS NULL
             AND s.kind = 'payment' AND s.reason IN ('already_settled', 'paid_after_rejection')
             AND NOT EXISTS (SELECT FROM alert a WHERE a.kind = 'debited_twice' AND a.subject = s.line_id::text))
               AS unnoticed,
           b.state
    FROM obligation b WHERE b.rlts_traf_id = :case
    """
)


class Soup:
    """One obligation, and everything that can happen to it, in any order and at once."""

    def __init__(self, bank: Bank, case: str, random: Random, days: Days, seen: Counter[str]) -> None:
        self._bank, self._case, self._random, self._days, self._seen = bank, case, random, days, seen
        self._actions: list[Callable[[str], Awaitable[None]]] = [
            *(self._propose, self._propose, self._propose, self._approve, self._approve, self._approve, self._write),
            *(self._reissue, self._reissue, self._reissue, self._report, self._report, self._state, self._reject),
            *(self._withdraw, self._come_back, self._come_back),
        ]

    async def stir(self) -> None:
        """Let everybody act at once; what the rules refuse is refused, and nothing else goes wrong."""
        plans = [self._random.choices(self._actions, k=STEPS) for _ in range(ACTORS)]
        await asyncio.gather(*(self._act(f"clerk{number}", plan) for number, plan in enumerate(plans)))

    async def refuse(self) -> None:
        """The bank refuses the only order."""
        [(_, reference, _)] = await self._orders()
        await self._told("bank", reference, "RJCT")

    async def pay(self, *, comes_back: bool) -> None:
        """The bank pays the only order, and may give the money back."""
        [(_, reference, _)] = await self._orders()
        await self._shown("debited", -FEN, reference)
        if comes_back:
            await self._shown("come back", FEN, reference)

    async def finish(self) -> None:
        """Two clerks pay what is still owed, as far as the rules let them, and the bank carries it out."""
        for action, clerk in ((self._reissue, "zhang"), (self._propose, "zhang"), (self._approve, "li")):
            await self._act(clerk, [action])
        for _, reference, _ in await self._orders("released"):
            await self._shown("debited", -FEN, reference)

    async def _act(self, clerk: str, plan: list[Callable[[str], Awaitable[None]]]) -> None:
        for action in plan:
            try:
                await action(clerk)
            except DomainError as error:
                self._seen[error.code] += 1

    async def _propose(self, clerk: str) -> None:
        if orders := await self._orders("ready"):
            wanted = [WantedOrder(orders[0][0], WHICHEVER)]
            async with self._changing("proposed") as connection:
                await propose_batch(connection, BEIJING, wanted, by=clerk, now=self._bank.clock.now())

    async def _approve(self, clerk: str) -> None:
        if orders := await self._orders("proposed"):
            async with self._changing("released") as connection:
                await decide_batch(
                    connection,
                    BEIJING,
                    orders[0][2],
                    is_approved=True,
                    reason=None,
                    expected=WHICHEVER,
                    by=clerk,
                    now=self._bank.clock.now(),
                )

    async def _write(self, clerk: str) -> None:
        if orders := await self._orders("released"):
            registry, now = self._bank.registry.current, self._bank.clock.now()
            async with self._changing("written") as connection:
                await make_payment_files(connection, BEIJING, orders[0][2], registry=registry, by=clerk, now=now)

    async def _report(self, clerk: str) -> None:
        """The bank refuses, or says that it has paid, any of the orders."""
        _, reference, _ = self._random.choice(await self._orders())
        await self._told(clerk, reference, self._random.choice(("RJCT", "RJCT", "ACSC", "ACSP")))

    async def _told(self, clerk: str, reference: str, status: str) -> None:
        content = write_pain002([Told(reference, status)], message_id=f"R{self._days.number()}")
        told = pain002.read(io.BytesIO(content))
        new = NewReport(BEIJING, f"{hash(content):x}", len(content), clerk, told)
        async with self._changing(f"told {status}") as connection:
            await import_status_report(connection, new, signers=EVERYBODY, now=self._bank.clock.now())

    async def _reject(self, clerk: str) -> None:
        if orders := await self._orders("released"):
            async with self._changing("noted as refused") as connection:
                await reject_order(
                    connection,
                    BEIJING,
                    orders[0][0],
                    reason="户名不符",
                    code=None,
                    expected=WHICHEVER,
                    signers=EVERYBODY,
                    by=clerk,
                    now=self._bank.clock.now(),
                )

    async def _withdraw(self, clerk: str) -> None:
        if orders := await self._orders("rejected"):
            order_id = self._random.choice(orders)[0]
            async with self._changing("rejection taken back") as connection:
                await withdraw_rejection(
                    connection,
                    BEIJING,
                    order_id,
                    reason="银行确认已付",
                    expected=WHICHEVER,
                    signers=EVERYBODY,
                    by=clerk,
                    now=self._bank.clock.now(),
                )

    async def _reissue(self, clerk: str) -> None:
        """Of what was refused, or has come back."""
        if orders := [*await self._orders("rejected"), *await self._orders("returned")]:
            async with self._changing("paid anew") as connection:
                await reissue_order(
                    connection,
                    BEIJING,
                    self._random.choice(orders)[0],
                    reason="重新支付",
                    expected=WHICHEVER,
                    registry=self._bank.registry.current,
                    by=clerk,
                    now=self._bank.clock.now(),
                )

    async def _state(self, clerk: str) -> None:
        """The bank's statement takes money out, naming one of the orders or the case alone."""
        await self._shown("debited", -FEN, await self._any_reference())

    async def _come_back(self, clerk: str) -> None:
        """The bank's statement gives money back, as often as it likes, naming one of the orders or the case alone."""
        await self._shown("come back", FEN, await self._any_reference())

    async def _any_reference(self) -> str | None:
        _, reference, _ = self._random.choice(await self._orders())
        return self._random.choice((reference, None))

    async def _shown(self, what: str, fen: int, reference: str | None) -> None:
        async with self._changing(what) as connection:
            content = self._days.statement(fen, f"{self._case} 张三", reference)
            opened = open_statement_file(io.BytesIO(content), FileKind.XML)
            new = NewFile(BEIJING, f"{hash(content):x}", len(content), "bank", opened)
            registry, now = self._bank.registry.current, self._bank.clock.now()
            await import_statement(connection, new, registry=registry, signers=EVERYBODY, now=now)

    async def _orders(self, state: str | None = None) -> list[tuple[UUID, str, UUID]]:
        query = "SELECT id, end_to_end_id, batch_id FROM payment_order WHERE rlts_traf_id = :case"
        query += "" if state is None else " AND state = :state"
        async with self._bank.database.connection() as connection:
            rows = await connection.execute(text(query + " ORDER BY attempt"), {"case": self._case, "state": state})
            return [(row[0], row[1], row[2]) for row in rows]

    @asynccontextmanager
    async def _changing(self, what: str) -> AsyncIterator[AsyncConnection]:
        async with self._bank.database.transaction() as connection:
            yield connection
        self._seen[what] += 1


@pytest.mark.law("N8", "S53-2")
async def test_obligation_is_never_paid_twice(bank: Bank) -> None:
    print(f"DOUBLE_PAYMENT_ROUNDS={ROUNDS} DOUBLE_PAYMENT_SEED={SEED}")
    random, days, seen = Random(SEED), Days(), Counter[str]()
    await bank.book(camt(BEIJING_OUT, [], opening=OPENING), area=BEIJING)
    bank.clock.advance(days=ROUNDS * (ACTORS * STEPS + 3))
    paid = waiting = unlinked = 0
    for number in range(ROUNDS):
        case = bank.case()
        await bank.payable(case, FEN, to="payer")
        # Every way to begin in turn: what the actors draw depends on who comes first.
        soup, begins = Soup(bank, case, random, days, seen), number % 10 / 10
        if begins < 0.8:
            await bank.release(case)
        if begins < 0.3:
            await soup.refuse()
        elif begins < 0.6:
            await soup.pay(comes_back=begins < 0.5)
        if 0.35 < begins < 0.5:
            await soup.finish()
        await soup.stir()
        await soup.finish()
        async with bank.database.connection() as connection:
            stands = (await connection.execute(_STANDS, {"case": case})).one()
        told = f"round {number} of seed {SEED}: {stands}"
        assert stands.payments - stands.returns == stands.paid <= 1, told
        assert stands.off_the_account == stands.paid, told
        assert stands.claimed_fen == FEN * stands.paid, told
        assert (stands.state == "paid") == (stands.paid == 1), told
        assert stands.live <= 1, told
        assert stands.beside == 0, told
        assert stands.debits == stands.payments + stands.waiting, told
        assert stands.come_back == stands.returns + stands.unlinked, told
        assert stands.unnoticed == 0, told
        paid, waiting, unlinked = paid + stands.paid, waiting + stands.waiting, unlinked + stands.unlinked
        seen["returned and paid anew"] += stands.payments > 1
        seen["late or double debits"] += stands.waiting
    print(paid, dict(sorted(seen.items())))
    assert await bank.balance("transfer_expenditure", area=BEIJING) == f"{paid * FEN // 100}.00"
    assert await bank.balance("temporary_payments", area=BEIJING) == f"{waiting * FEN // 100}.00"
    assert await bank.balance("temporary_receipts", area=BEIJING) == f"{unlinked * FEN // 100}.00"
    report = await bank.get(f"/reconciliations/{BEIJING}/{days.today}", area=BEIJING)
    assert report["adds_up"]
    # Else it would have proved nothing.
    assert min(seen[what] for what in _PROVING) > 0
    assert paid > 0
