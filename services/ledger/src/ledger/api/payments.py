"""Payment orders, and the batches in which two people release them."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from ledger.api.callers import Checker, Clerk, Context, Viewer, agency_of
from ledger.api.cursors import after_instant
from ledger.domain.orders import OrderState
from ledger.repository import batches, orders
from ledger.repository.batches import BatchRow
from ledger.repository.orders import OrderRow
from ledger.schemas.payments import BatchDecision, BatchLine, BatchShown, NewBatch, OrderShown
from ledger.use_cases.decide_batch import decide_batch
from ledger.use_cases.propose_batch import propose_batch
from shared.contracts.codes import CaseNumber
from shared.database import Database
from shared.errors import NotFound
from shared.web.etags import IfMatch, etag
from shared.web.idempotency import Keyed, act_once
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router

BatchPath = Annotated[UUID, Path(description="支付批次编号")]

router = Router(tags=["支付"])


@router.get("/payment-orders", summary="支付单")
async def get_orders(
    caller: Viewer,
    context: Context,
    paging: Paging,
    state: OrderState | None = None,
    rlts_traf_id: Annotated[CaseNumber | None, Query()] = None,
) -> Page[OrderShown]:
    """The agency's payment orders, newest first."""
    admdvs, after = agency_of(caller, context), after_instant(paging)
    async with context.database.connection() as connection:
        rows = await orders.orders_page(
            connection, admdvs, state=state, rlts_traf_id=rlts_traf_id, after=after, limit=paging.limit
        )
    return page_of(rows, paging.limit, _order_key, OrderShown.of)


@router.post("/payment-batches", status_code=201, summary="提交一批支付单（经办）")
async def post_batch(caller: Clerk, context: Context, body: NewBatch, keyed: Keyed, response: Response) -> BatchShown:
    """The first person's step: a batch that waits for another person."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    batch_id = await act_once(
        context.database,
        keyed,
        lambda connection: propose_batch(connection, admdvs, body.wanted(), by=caller.opter_id, now=now),
        status=201,
        location="/v1/payment-batches",
        now=now,
    )
    response.headers["Location"] = f"/v1/payment-batches/{batch_id}"
    return await _shown(context.database, admdvs, UUID(batch_id), response)


@router.get("/payment-batches", summary="支付批次")
async def get_batches(
    caller: Viewer,
    context: Context,
    paging: Paging,
    state: Annotated[str | None, Query(pattern=r"^(proposed|released|rejected)$")] = None,
) -> Page[BatchLine]:
    """The agency's batches, newest first."""
    admdvs, after = agency_of(caller, context), after_instant(paging)
    async with context.database.connection() as connection:
        rows = await batches.page(connection, admdvs, state=state, after=after, limit=paging.limit)
    return page_of(rows, paging.limit, _batch_key, BatchLine.of)


@router.get("/payment-batches/{batch_id}", summary="一个支付批次")
async def get_batch(caller: Viewer, context: Context, batch_id: BatchPath, response: Response) -> BatchShown:
    """The batch with its orders; ``ETag`` for the second person."""
    return await _shown(context.database, agency_of(caller, context), batch_id, response)


@router.post("/payment-batches/{batch_id}/approval", summary="复核支付批次（放行或退回）")
async def post_approval(
    caller: Checker,
    context: Context,
    batch_id: BatchPath,
    body: BatchDecision,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> BatchShown:
    """The second person's step: release the payments, or send the batch back with a reason."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    await act_once(
        context.database,
        keyed,
        lambda connection: decide_batch(
            connection,
            admdvs,
            batch_id,
            is_approved=body.decision == "approve",
            reason=body.reason,
            expected=expected,
            by=caller.opter_id,
            now=now,
        ),
        resource_id=batch_id,
        now=now,
    )
    return await _shown(context.database, admdvs, batch_id, response)


async def _shown(database: Database, admdvs: str, batch_id: UUID, response: Response) -> BatchShown:
    async with database.connection() as connection:
        batch = await batches.by_id(connection, admdvs, batch_id)
        if batch is None:
            raise NotFound("没有这个支付批次")
        held = await batches.orders_proposed_in(connection, batch_id)
    response.headers["ETag"] = etag(batch.version)
    return BatchShown.with_orders(batch, held)


def _order_key(row: OrderRow) -> tuple[str, str]:
    return row.created_at.isoformat(), str(row.id)


def _batch_key(row: BatchRow) -> tuple[str, str]:
    return row.proposed_at.isoformat(), str(row.id)
