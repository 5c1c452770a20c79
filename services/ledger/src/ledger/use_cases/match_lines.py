"""Match bank lines with the business, both ways round: a new file, or a sheet that came after the money."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository import claims, periods, postings, suspense_items, untold
from ledger.repository.match_payments import match_payments, match_returns
from ledger.repository.match_receipts import MatchScope, match_receipts
from ledger.use_cases import tell, tell_claims
from ledger.use_cases.match_refunds import match_refunds_of_file
from ledger.use_cases.renew_dues import renew_dues
from ledger.use_cases.supersede_settled import supersede_settled
from ledger.use_cases.warn_of_debits import warn_of_debits
from shared.law import law
from shared.signing.signers import Signers

_TOLD_AT_ONCE = 250


@law("N9-2", "S53-2")
async def match_lines(connection: AsyncConnection, scope: MatchScope, *, signers: Signers, now: datetime) -> None:
    """Match, book and tell what ``scope`` covers; the caller holds the agency's matching lock.

    Of a large file only the beginning is told here, the rest by ``tell_next``. Where a payment has come, or
    come back, that a later version had counted otherwise, what is owed changes, and is matched again; so is what
    waits beside what a return to its payer has answered.
    """
    scope = replace(scope, open_from=await periods.first_open_day(connection, scope.admdvs))
    before = await untold.newest(connection)
    # A payment comes before the return that answers it.
    await match_payments(connection, scope, now=now)
    # What came in stands in the books before it is moved on; the account of what went out depends on its match.
    if scope.file_id is not None:
        await postings.book_lines(connection, scope.admdvs, scope.file_id, now=now)
    come_back = await match_returns(connection, scope, now=now)
    overtaken = await match_receipts(connection, scope, now=now)
    await warn_of_debits(connection, scope.admdvs, after=before, now=now)
    beside: list[str] = []
    if scope.file_id is None:
        await tell.tell_cases(connection, scope.admdvs, scope.cases, signers=signers, now=now)
    else:
        refunds = await match_refunds_of_file(connection, scope.admdvs, scope.file_id, now=now)
        if refunds:
            answered = {line for one in refunds for line in (one.bank_line_id, one.returned_line_id)}
            beside = await suspense_items.waiting_beside(connection, scope.admdvs, answered)
            gone = await claims.misnamed(connection, [one.returned_line_id for one in refunds])
            taken_back = tell_claims.of_misnamed(scope.admdvs, gone, tell_claims.CLEARED)
            await tell.send(connection, taken_back, signers=signers, now=now)
        await tell.tell_found(connection, scope.admdvs, _TOLD_AT_ONCE, signers=signers, now=now)
    await supersede_settled(connection, scope.admdvs, now=now)
    changed = await renew_dues(connection, scope.admdvs, overtaken, come_back=come_back, now=now)
    await match_cases(connection, scope.admdvs, {*changed, *beside}, signers=signers, now=now)


async def match_cases(
    connection: AsyncConnection, admdvs: str, cases: Collection[str], *, signers: Signers, now: datetime
) -> None:
    """Match what waits for these cases, if there are any; the caller holds the agency's matching lock."""
    if cases:
        await match_lines(connection, MatchScope(admdvs, sorted(cases)), signers=signers, now=now)
