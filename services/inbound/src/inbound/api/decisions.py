"""经办 and 复核, one at a time and many at once, by the same use cases."""

from collections.abc import Sequence

from fastapi import Response

from inbound.api.callers import CasePath, Checker, Worker, clerk_of
from inbound.context import Context
from inbound.schemas.cases import CaseLine
from inbound.schemas.decisions import (
    ItemError,
    ItemResult,
    ItemResults,
    ReviewBody,
    Reviews,
    SubmissionBody,
    Submissions,
)
from inbound.use_cases.outcomes import Outcome
from inbound.use_cases.review_decisions import review_decisions
from inbound.use_cases.submit_decisions import submit_decisions
from shared.agency.api.context import served_agency
from shared.clock import local_date
from shared.errors import DomainError
from shared.web.etags import IfMatch, etag
from shared.web.routing import Router

router = Router(tags=["转入办件"])


@router.post("/cases/{rlts_traf_id}/submission", summary="经办：接收或退回更正")
async def post_submission(
    caller: Worker, context: Context, rlts_traf_id: CasePath, seen: IfMatch, body: SubmissionBody, response: Response
) -> CaseLine:
    """Propose to take the sheet over, or to return it with codes, each with row and box."""
    admdvs = served_agency(caller, context)
    async with context.database.transaction() as connection:
        [outcome] = await submit_decisions(
            connection, admdvs, [body.command(rlts_traf_id, seen.tags)], clerk_of(caller), context.office
        )
    return _shown(outcome, context, response)


@router.post("/cases/{rlts_traf_id}/review", summary="复核：通过或不通过")
async def post_review(
    caller: Checker, context: Context, rlts_traf_id: CasePath, seen: IfMatch, body: ReviewBody, response: Response
) -> CaseLine:
    """Approve what was submitted, or send it back to the 经办 with a reason."""
    admdvs = served_agency(caller, context)
    async with context.database.transaction() as connection:
        [outcome] = await review_decisions(
            connection, admdvs, [body.command(rlts_traf_id, seen.tags)], clerk_of(caller), context.office
        )
    return _shown(outcome, context, response)


@router.post("/submissions", summary="批量经办")
async def post_submissions(caller: Worker, context: Context, body: Submissions) -> ItemResults:
    """Up to 500, each by itself: one that is refused does not hold up the others."""
    admdvs = served_agency(caller, context)
    commands = [item.command(item.rlts_traf_id, frozenset({str(item.row_version)})) for item in body.items]
    async with context.database.transaction() as connection:
        outcomes = await submit_decisions(connection, admdvs, commands, clerk_of(caller), context.office)
    return _results([item.rlts_traf_id for item in body.items], outcomes)


@router.post("/reviews", summary="批量复核")
async def post_reviews(caller: Checker, context: Context, body: Reviews) -> ItemResults:
    """Up to 500, each by itself: one that is refused does not hold up the others."""
    admdvs = served_agency(caller, context)
    commands = [item.command(item.rlts_traf_id, frozenset({str(item.row_version)})) for item in body.items]
    async with context.database.transaction() as connection:
        outcomes = await review_decisions(connection, admdvs, commands, clerk_of(caller), context.office)
    return _results([item.rlts_traf_id for item in body.items], outcomes)


def _shown(outcome: Outcome, context: Context, response: Response) -> CaseLine:
    # Raised only now: the trace of a refused command is committed.
    if isinstance(outcome, DomainError):
        raise outcome
    response.headers["ETag"] = etag(outcome.version)
    return CaseLine.of(outcome, local_date(context.clock.now()))


def _results(ids: Sequence[str], outcomes: Sequence[Outcome]) -> ItemResults:
    return ItemResults(items=[_result(case, outcome) for case, outcome in zip(ids, outcomes, strict=True)])


def _result(rlts_traf_id: str, outcome: Outcome) -> ItemResult:
    if isinstance(outcome, DomainError):
        return ItemResult(rlts_traf_id=rlts_traf_id, error=ItemError(code=outcome.code, message=outcome.message))
    return ItemResult(rlts_traf_id=rlts_traf_id, state=outcome.state, row_version=outcome.version)
