"""Seal addenda whose money is booked, outside of any transaction, and send them to the platform."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from outbound.domain.addendum import Addendum, AddendumState, document, issue
from outbound.domain.case import SYSTEM, Case
from outbound.office import Office
from outbound.repository.addenda import addenda_of, addenda_to_seal, save_addenda
from outbound.repository.cases import lock_cases, read_cases
from outbound.use_cases.save_decisions import save_decisions
from shared.contracts.codes import Origin
from shared.registry.models import AccountUse
from shared.signing.addendum import seal_addendum
from shared.signing.errors import NoSigningKey

_START = ("", 0)


class AddendumSealing:
    """The turns of the worker, round and round: one that cannot be sealed yet never keeps others waiting."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._after = _START

    async def turn(self) -> int:
        """Work through the next ``seal_batch`` addenda; how many were sealed."""
        limit = self._office.settings.seal_batch
        async with self._office.database.connection() as connection:
            waiting = await addenda_to_seal(connection, after=self._after, limit=limit)
            cases = await read_cases(connection, [each.rlts_traf_id for each in waiting]) if waiting else {}
        last = waiting[-1] if len(waiting) == limit else None
        self._after = _START if last is None else (last.rlts_traf_id, last.addendum_no)
        return await _issue(self._office, waiting, cases)


async def _issue(office: Office, waiting: Sequence[Addendum], cases: Mapping[str, Case]) -> int:
    """Seal one of each case at a time, so that their sequence is kept; how many were sealed."""
    first = {each.rlts_traf_id: each for each in reversed(waiting)}
    sealed = [done for number, each in first.items() if (done := await _seal(office, cases[number], each)) is not None]
    if sealed:
        await _commit(office, sealed)
    return len(sealed)


async def _seal(office: Office, case: Case, addendum: Addendum) -> Addendum | None:
    """The addendum with its seal; ``None`` while an account or the key is missing, and it waits."""
    registry, today = office.registry, office.today()
    payer = registry.bank_account(case.admdvs, AccountUse.PAYER, today)
    payee = registry.bank_account(case.trafin_admdvs, AccountUse.RECEIVER, today)
    agency = registry.area(case.admdvs)
    # The account of an area that takes part on paper is named where the addendum is sent.
    if payer is None or agency is None or (payee is None and case.origin is not Origin.PAPER):
        return None
    try:
        text = await seal_addendum(document(case, addendum, agency.name, today), office.signers)
    except NoSigningKey:
        return None
    return replace(
        addendum,
        state=AddendumState.ISSUED,
        sealed_addendum=text,
        payer_bankacct=payer.bankacct,
        payee_bankacct=payee.bankacct if payee else None,
    )


async def _commit(office: Office, sealed: list[Addendum]) -> None:
    now = office.now()
    async with office.database.transaction() as connection:
        cases = await lock_cases(connection, [each.rlts_traf_id for each in sealed])
        present = await addenda_of(connection, cases)
        valid = [each for each in sealed if present[each.rlts_traf_id, each.addendum_no].state is AddendumState.BOOKED]
        await save_addenda(connection, valid)
        decisions = [issue(cases[each.rlts_traf_id], each, SYSTEM, now) for each in valid]
        await save_decisions(connection, decisions, signers=office.signers, now=now)
