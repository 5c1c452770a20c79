"""What a waiting line could be for."""

from ledger.api.callers import Context, Viewer, agency_of
from ledger.api.suspense import LinePath
from ledger.schemas.candidates import Candidates, CandidateShown
from ledger.use_cases.find_candidates import MAX_CANDIDATES, find_candidates
from shared.web.routing import Router

router = Router(tags=["人工匹配"])


@router.get("/suspense/{line_id}/candidates", summary="一笔挂账款项可能对应的业务")
async def get_candidates(caller: Viewer, context: Context, line_id: LinePath) -> Candidates:
    """With everything that agrees and differs; a proposal of one is made by a clerk and decided by another."""
    admdvs = agency_of(caller, context)
    async with context.database.connection() as connection:
        found = await find_candidates(connection, admdvs, line_id, context.registry.current)
    items = [CandidateShown.of(candidate) for candidate in found]
    return Candidates(items=items, is_cut_off=len(items) == MAX_CANDIDATES)
