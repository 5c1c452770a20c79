"""One payment for many people, matched by the list of its payer."""

import anyio
from fastapi import Request, Response

from ledger.api.announced import ROW_KINDS, announced_kind
from ledger.api.callers import Clerk, Context, agency_of
from ledger.api.proposals import create
from ledger.api.spool import spooled
from ledger.api.suspense import LinePath
from ledger.parsers.remittance_list import read_list
from ledger.schemas.proposals import ProposalShown
from ledger.use_cases.propose_by_list import propose_by_list
from shared.web.etags import IfMatch
from shared.web.idempotency import Keyed
from shared.web.routing import Router, streamed

_MAX_BYTES = 2 * 2**20

router = Router(tags=["人工匹配"])


@router.post(
    "/suspense/{line_id}/remittance-list", status_code=201, summary="按汇款清单提出匹配（经办）：一笔款项对多人"
)
@streamed(*ROW_KINDS, limit=lambda context: _MAX_BYTES)
async def post_list(
    caller: Clerk,
    context: Context,
    line_id: LinePath,
    request: Request,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> ProposalShown:
    """A list (CSV or Excel) of case number, name and amount, which adds up to the line; every row at fault is named."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    async with spooled(request, context.settings.spool_dir) as body:
        rows = await anyio.to_thread.run_sync(read_list, body.file, announced_kind(request))
        over, digest = keyed.over(body.digest), body.digest.hex()
    return await create(
        context,
        admdvs,
        over,
        lambda connection: propose_by_list(
            connection,
            admdvs,
            line_id,
            rows,
            digest=digest,
            expected=expected,
            registry=context.registry.current,
            by=caller.opter_id,
            now=now,
        ),
        response,
    )
