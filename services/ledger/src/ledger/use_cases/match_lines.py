"""Match bank lines with the business, both ways round: a new file, or a sheet that came after the money."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository import periods, postings
from ledger.repository.match_payments import match_payments, match_returns
from ledger.repository.match_receipts import Matched, MatchScope, match_receipts
from ledger.use_cases import tell
from ledger.use_cases.match_refunds import match_refunds_of_file
from shared.signing.signers import Signers


@dataclass(frozen=True, slots=True)
class MatchResult:
    """What was claimed or kept; a payment comes before the return that answers it."""

    payments: list[Matched]
    returns: list[Matched]
    receipts: list[Matched]

    @property
    def matched_lines(self) -> list[int]:
        """Every line that was claimed."""
        rows = (*self.payments, *self.returns, *self.receipts)
        return [row.line_id for row in rows if row.is_matched]


async def match_lines(connection: AsyncConnection, scope: MatchScope, *, signers: Signers, now: datetime) -> None:
    """Match, book and tell what ``scope`` covers; the caller holds the agency's matching lock."""
    scope = replace(scope, open_from=await periods.first_open_day(connection, scope.admdvs))
    result = MatchResult(
        await match_payments(connection, scope, now=now),
        await match_returns(connection, scope, now=now),
        await match_receipts(connection, scope, now=now),
    )
    if scope.file_id is not None:
        await postings.book_lines(connection, scope.admdvs, scope.file_id, now=now)
    await postings.book_claims(connection, scope.admdvs, result.matched_lines, file_id=scope.file_id, now=now)
    if scope.file_id is not None:
        await match_refunds_of_file(connection, scope.admdvs, scope.file_id, now=now)
    outgoing = [
        *tell.of_payments(scope.admdvs, result.payments),
        *tell.of_returns(scope.admdvs, result.returns),
        *tell.of_receipts(scope.admdvs, result.receipts, now=now),
    ]
    await tell.send(connection, outgoing, signers=signers, now=now)
