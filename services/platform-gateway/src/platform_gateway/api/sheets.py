"""The sealed sheets of a case: the bytes, their arrival, and what a corrected version changed."""

from typing import Annotated

from fastapi import Path, Response

from platform_gateway.api.callers import CaseNumberPath, Context, SheetReader
from platform_gateway.api.visible_case import visible_case
from platform_gateway.context import GatewayContext
from platform_gateway.repository import addenda
from platform_gateway.repository import sheets as sheet_rows
from platform_gateway.schemas.sheets import SheetChanges
from platform_gateway.visibility import Viewer
from shared.errors import NotFound
from shared.sheet_rules import sheet_changes
from shared.signing.seal import read_sheet
from shared.telemetry.trace import bind_case
from shared.web.routing import Router

JOSE = "application/jose+json"
Version = Annotated[int, Path(ge=1, le=999)]

router = Router(tags=["信息表"])


@router.get(
    "/transfers/{rlts_traf_id}/sheets/{version}",
    summary="信息表原件（签章文件）",
    response_class=Response,
    responses={200: {"content": {JOSE: {}}}},
)
async def get_sheet(rlts_traf_id: CaseNumberPath, version: Version, caller: SheetReader, context: Context) -> Response:
    """The sealed bytes exactly as signed."""
    row = await _sheet(context, Viewer(caller), rlts_traf_id, version)
    return Response(row.sealed_sheet.encode(), media_type=JOSE)


@router.get(
    "/transfers/{rlts_traf_id}/sheets/{version}/arrival",
    summary="信息表的平台到达凭证",
    response_class=Response,
    responses={200: {"content": {JOSE: {}}}},
)
async def get_arrival(
    rlts_traf_id: CaseNumberPath, version: Version, caller: SheetReader, context: Context
) -> Response:
    """The platform's countersignature over digest and arrival."""
    row = await _sheet(context, Viewer(caller), rlts_traf_id, version)
    if not row.arrival:
        raise NotFound("纸质信息表没有平台到达凭证，以录入声明为准。", code="arrival-not-found")
    return Response(row.arrival.encode(), media_type=JOSE)


@router.get("/transfers/{rlts_traf_id}/sheets/{version}/changes", summary="这一版信息表更正了什么")
async def get_changes(
    rlts_traf_id: CaseNumberPath, version: Version, caller: SheetReader, context: Context
) -> SheetChanges:
    """Row, box, before and after, against the accepted version before it; nothing for the first."""
    row = await _sheet(context, Viewer(caller), rlts_traf_id, version)
    async with context.database.connection() as connection:
        before = await sheet_rows.read_before(connection, rlts_traf_id, version)
    if before is None:
        return SheetChanges(sheet_version=version, compared_with=None, changes=[])
    changes = sheet_changes(read_sheet(before.sealed_sheet), read_sheet(row.sealed_sheet))
    return SheetChanges(sheet_version=version, compared_with=before.sheet_version, changes=changes)


@router.get(
    "/transfers/{rlts_traf_id}/addenda/{addendum_no}",
    summary="信息表补充单原件（签章文件）",
    response_class=Response,
    responses={200: {"content": {JOSE: {}}}},
)
async def get_addendum(
    rlts_traf_id: CaseNumberPath, addendum_no: Annotated[int, Path(ge=1, le=99)], caller: SheetReader, context: Context
) -> Response:
    """The sealed bytes exactly as signed."""
    bind_case(rlts_traf_id)
    await visible_case(context, Viewer(caller), rlts_traf_id)
    async with context.database.connection() as connection:
        row = await addenda.read(connection, rlts_traf_id, addendum_no)
    if row is None:
        raise NotFound("该办件没有这一号补充单。", code="addendum-not-found")
    return Response(row.sealed_addendum.encode(), media_type=JOSE)


async def _sheet(context: GatewayContext, viewer: Viewer, rlts_traf_id: str, version: int) -> sheet_rows.SheetRow:
    bind_case(rlts_traf_id)
    await visible_case(context, viewer, rlts_traf_id)
    async with context.database.connection() as connection:
        row = await sheet_rows.read(connection, rlts_traf_id, version)
    if row is None:
        raise NotFound("该办件没有这一版信息表。", code="sheet-not-found")
    return row
