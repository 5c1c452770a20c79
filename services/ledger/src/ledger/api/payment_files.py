"""Payment files: made from a released batch, handed out once."""

import base64
from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from ledger.api.callers import Checker, Clerk, Context, Viewer, agency_of
from ledger.api.payments import BatchPath
from ledger.context import LedgerContext
from ledger.repository import batches, payment_files
from ledger.repository.payment_files import PaymentFileRow
from ledger.schemas.payment_files import DownloadPermission, PaymentFileShown
from ledger.use_cases.make_payment_files import make_payment_files
from ledger.use_cases.permit_download import permit_download
from ledger.use_cases.take_payment_file import take_payment_file
from shared.errors import NotFound
from shared.web.etags import IfMatch, etag
from shared.web.idempotency import Keyed, act_once, once, remember
from shared.web.routing import Router

PaymentFilePath = Annotated[UUID, Path(description="支付文件编号")]
_BYTES = {"content": {"application/octet-stream": {}}, "description": "文件的原始字节"}

router = Router(tags=["支付"])


@router.post(
    "/payment-batches/{batch_id}/files",
    summary="为放行的批次生成支付文件（每个付款账户一份；未曾下载而失效的重新生成）",
)
async def post_files(caller: Clerk, context: Context, batch_id: BatchPath, keyed: Keyed) -> list[PaymentFileShown]:
    """The batch's files; made by the first call, the same ones ever after.

    A file that nobody has taken, and nobody can take since somebody noted a payment in it as refused, is made anew
    without that.
    """
    admdvs, now = agency_of(caller, context), context.clock.now()
    registry = context.registry.current
    await act_once(
        context.database,
        keyed,
        lambda connection: make_payment_files(
            connection, admdvs, batch_id, registry=registry, by=caller.opter_id, now=now
        ),
        resource_id=batch_id,
        now=now,
    )
    return await _of_batch(context, admdvs, batch_id)


@router.get("/payment-batches/{batch_id}/files", summary="批次的支付文件")
async def get_files(caller: Viewer, context: Context, batch_id: BatchPath) -> list[PaymentFileShown]:
    """Each file with its digest and who took it away."""
    return await _of_batch(context, agency_of(caller, context), batch_id)


@router.get("/payment-files/{file_id}", summary="一个支付文件的情况（不含内容）")
async def get_file(caller: Viewer, context: Context, file_id: PaymentFilePath, response: Response) -> PaymentFileShown:
    """What the file is; ``ETag`` for who permits another download."""
    return await _shown(context, agency_of(caller, context), file_id, response)


@router.post(
    "/payment-files/{file_id}/download",
    summary="下载支付文件（一次；再次下载须另一人批准）",
    response_class=Response,
    responses={200: _BYTES},
)
async def post_download(caller: Clerk, context: Context, file_id: PaymentFilePath, keyed: Keyed) -> Response:
    """The bytes as they were made. A repeat with the same Idempotency-Key is the same download, not another.

    Once the bank has answered for any of it, a repeat is refused too: what it refused may have been paid anew. A
    payment that has been held since two people released it keeps the whole file here.
    """
    admdvs, now = agency_of(caller, context), context.clock.now()
    registry, by = context.registry.current, caller.opter_id
    async with context.database.transaction() as connection:
        is_repeat = await once(connection, keyed, now=now) is not None
        row = await take_payment_file(
            connection, admdvs, file_id, registry=registry, is_repeat=is_repeat, by=by, now=now
        )
        if not is_repeat:
            await remember(connection, keyed, status=200, location=None, resource_id=str(file_id), now=now)
        content = await payment_files.content_of(connection, file_id)
    headers = {
        "Content-Disposition": f'attachment; filename="{row.name}"',
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(row.digest)).decode()}:",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=row.media_type, headers=headers)


@router.post("/payment-files/{file_id}/download-permission", summary="批准另一人再次下载支付文件（复核）")
async def post_permission(
    caller: Checker,
    context: Context,
    file_id: PaymentFilePath,
    body: DownloadPermission,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> PaymentFileShown:
    """One more download, by somebody else than who permits it; only while the bank has answered for none of it."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    await act_once(
        context.database,
        keyed,
        lambda connection: permit_download(
            connection, admdvs, file_id, reason=body.reason, expected=expected, by=caller.opter_id, now=now
        ),
        resource_id=file_id,
        now=now,
    )
    return await _shown(context, admdvs, file_id, response)


async def _of_batch(context: LedgerContext, admdvs: str, batch_id: UUID) -> list[PaymentFileShown]:
    async with context.database.connection() as connection:
        if await batches.by_id(connection, admdvs, batch_id) is None:
            raise NotFound("没有这个支付批次")
        rows = await payment_files.of_batch(connection, admdvs, batch_id)
        downloads = await payment_files.downloads(connection, [row.id for row in rows])
    return [PaymentFileShown.of(row, downloads) for row in rows]


async def _shown(context: LedgerContext, admdvs: str, file_id: UUID, response: Response) -> PaymentFileShown:
    async with context.database.connection() as connection:
        row = _found(await payment_files.by_id(connection, admdvs, file_id))
        shown = PaymentFileShown.of(row, await payment_files.downloads(connection, [file_id]))
    response.headers["ETag"] = etag(shown.version)
    return shown


def _found(row: PaymentFileRow | None) -> PaymentFileRow:
    if row is None:
        raise NotFound("没有这个支付文件")
    return row
