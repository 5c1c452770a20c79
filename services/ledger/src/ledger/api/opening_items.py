"""Old money items at cut-over: brought in by one person, booked by another."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from starlette.requests import Request

from ledger.api.callers import Checker, Clerk, Context, Reader, agency_of
from ledger.api.cursors import after_uuid
from ledger.api.spool import max_file_bytes
from ledger.context import LedgerContext
from ledger.domain.opening_items import ItemState, OpeningItemUnknown, OpeningKind
from ledger.parsers.opening_rows import OpeningImport
from ledger.repository.opening_items import list_items
from ledger.schemas.opening_items import (
    OpeningCancellation,
    OpeningItemShown,
    OpeningOutcome,
    OpeningOutcomes,
    OpeningVerdicts,
)
from ledger.use_cases.cancel_opening_item import cancel_opening_item
from ledger.use_cases.decide_opening_items import Verdict, decide_opening_items
from ledger.use_cases.import_opening_items import ImportedBy, import_opening_items
from shared.web.etags import IfMatch, etag
from shared.web.line_imports import ImportKey
from shared.web.ndjson import NDJSON
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router, streamed

ItemPath = Annotated[UUID, Path(description="旧账款项编号")]

router = Router(tags=["切换"])


@router.post("/opening-items", summary="切换时逐项导入旧账未结款项（NDJSON）", status_code=201)
@streamed(NDJSON, limit=max_file_bytes)
async def post_items(caller: Clerk, context: Context, key: ImportKey, request: Request) -> OpeningImport:
    """One old item a line, each approved by a second person afterwards; the same file again adds what is missing."""
    by = ImportedBy(agency_of(caller, context), caller.opter_id, key)
    return await import_opening_items(context, by, request.stream())


@router.get("/opening-items", summary="旧账未结款项")
async def get_items(
    caller: Reader,
    context: Context,
    paging: Paging,
    state: ItemState | None = None,
    kind: OpeningKind | None = None,
    is_doubtful: Annotated[bool | None, Query(description="是否疑与电子办件重复")] = None,
) -> Page[OpeningItemShown]:
    """The agency's old items with what became of them, oldest first."""
    admdvs = agency_of(caller, context)
    async with context.database.connection() as connection:
        rows = await list_items(
            connection,
            admdvs,
            state=state,
            kind=kind,
            is_doubtful=is_doubtful,
            after=after_uuid(paging),
            limit=paging.limit,
        )
    return page_of(rows, paging.limit, lambda row: (str(row.item.item_id),), OpeningItemShown.of)


@router.get("/opening-items/{item_id}", summary="一项旧账未结款项")
async def get_item(caller: Reader, context: Context, item_id: ItemPath, response: Response) -> OpeningItemShown:
    """One old item, with cases that look like the same money."""
    return await _shown(context, agency_of(caller, context), item_id, response)


@router.post("/opening-items/approvals", summary="第二人批量批准旧账款项，逐项答复结果")
async def post_approvals(caller: Checker, context: Context, body: OpeningVerdicts) -> OpeningOutcomes:
    """Approved, an item is booked and matched; one that is refused stays as it is, and the others go on."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    verdicts = [Verdict(each.item_id, each.row_version, each.decision == "approve", each.reason) for each in body.items]
    async with context.database.transaction() as connection:
        outcomes = await decide_opening_items(
            connection,
            admdvs,
            verdicts,
            by=caller.opter_id,
            registry=context.registry.current,
            signers=context.signers,
            now=now,
        )
    pairs = zip(body.items, outcomes, strict=True)
    return OpeningOutcomes(items=[OpeningOutcome.of(each.item_id, outcome) for each, outcome in pairs])


@router.post("/opening-items/{item_id}/cancellation", summary="撤销一项旧账款项（与电子办件重复或录入有误）")
async def post_cancellation(
    caller: Checker,
    context: Context,
    item_id: ItemPath,
    body: OpeningCancellation,
    expected: IfMatch,
    response: Response,
) -> OpeningItemShown:
    """Only while its money has not moved; what waited because of it goes on."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    async with context.database.transaction() as connection:
        await cancel_opening_item(
            connection,
            admdvs,
            item_id,
            reason=body.reason,
            expected=expected,
            by=caller.opter_id,
            signers=context.signers,
            now=now,
        )
    return await _shown(context, admdvs, item_id, response)


async def _shown(context: LedgerContext, admdvs: str, item_id: UUID, response: Response) -> OpeningItemShown:
    async with context.database.connection() as connection:
        found = await list_items(connection, admdvs, item_id=item_id)
    if not found:
        raise OpeningItemUnknown("没有这项旧账款项。")
    response.headers["ETag"] = etag(found[0].item.row_version)
    return OpeningItemShown.of(found[0])
