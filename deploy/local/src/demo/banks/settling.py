"""The day at the banks: released payments leave one account, arrive at another, and both statements are uploaded."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from demo.banks.files import BankFile, Form, write_statement
from demo.banks.movement import AccountDays, Line, Payment, account_of
from demo.services import LEDGER, Call
from demo.world import World
from shared.registry.models import AccountUse
from stack.areas import SeedArea

_OPENING_FEN = {AccountUse.PAYER: 80_000_000, AccountUse.RECEIVER: 12_000_000}
_FORMS = {AccountUse.PAYER: Form.CAMT053, AccountUse.RECEIVER: Form.CCB}


class Banks:
    """All banks of the areas. Every upload takes an account's next day, beginning with ``first_day``.

    Files are kept in ``folder`` where one is given; ``files`` lists what was uploaded.
    """

    def __init__(
        self, areas: Mapping[str, SeedArea], *, first_day: date, last_day: date, folder: Path | None = None
    ) -> None:
        self.files: list[BankFile] = []
        self._folder = folder
        self._days = {
            (area.admdvs, use): AccountDays(
                account_of(area, use), opening_fen=opening, first_day=first_day, last_day=last_day
            )
            for area in areas.values()
            if area.is_connected
            for use, opening in _OPENING_FEN.items()
        }
        self._locks = {key: asyncio.Lock() for key in self._days}

    async def settle(self, world: World, payments: Sequence[Payment]) -> None:
        """Carry out ``payments``: a statement for each account that they touch, all uploaded at once.

        One that ``has_arrived`` is only debited. Raises ``NoDayLeft``, or as ``Services.send`` does.
        """
        lines: dict[tuple[str, AccountUse], list[Line]] = {}
        for payment in payments:
            lines.setdefault((payment.trafout_admdvs, AccountUse.PAYER), []).append(self._debit(payment))
            if not payment.has_arrived:
                lines.setdefault((payment.trafin_admdvs, AccountUse.RECEIVER), []).append(self._credit(payment))
        await asyncio.gather(*(self._upload(world, admdvs, use, new) for (admdvs, use), new in lines.items()))

    async def arrive(self, world: World, payment: Payment) -> None:
        """Only the payee's bank tells of ``payment``; the payer's does so later."""
        await self._upload(world, payment.trafin_admdvs, AccountUse.RECEIVER, [self._credit(payment)])

    async def _upload(self, world: World, admdvs: str, use: AccountUse, lines: Sequence[Line]) -> None:
        # Days of one account must reach the ledger in order, so that each opens where the last one closed.
        async with self._locks[admdvs, use]:
            statement = self._days[admdvs, use].tell(lines)
            file = write_statement(statement, _FORMS[use], made_at=world.clock.now(), admdvs=admdvs)
            self._keep(file)
            call = Call(
                world.callers.agency("bank-desk", admdvs),
                LEDGER,
                "POST",
                "/statements",
                content=file.content,
                content_type=file.content_type,
                params={"mapping": file.mapping} if file.mapping else None,
                key=f"statement-{hashlib.sha256(file.content).hexdigest()}",
            )
            await world.services.send(call)

    def _keep(self, file: BankFile) -> None:
        self.files.append(file)
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / file.name).write_bytes(file.content)

    def _debit(self, payment: Payment) -> Line:
        payee = self._days[payment.trafin_admdvs, AccountUse.RECEIVER].account
        return Line(-payment.amount_fen, payee, payment.remittance_note, payment.end_to_end_id)

    def _credit(self, payment: Payment) -> Line:
        payer = self._days[payment.trafout_admdvs, AccountUse.PAYER].account
        return Line(payment.arriving_fen, payer, payment.remittance_note)
