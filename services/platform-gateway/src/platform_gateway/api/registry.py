"""The registry: signed as a whole for everybody's copy, and area by area for those who keep it."""

from typing import Annotated

from fastapi import Header, Response

from platform_gateway.api.callers import AreaPath, Context, RegistryReader, RegistryWriter
from platform_gateway.context import GatewayContext
from platform_gateway.repository import accounts, agency_keys
from platform_gateway.repository import registry as repository
from platform_gateway.schemas.registry import (
    AccountShown,
    AgencyShown,
    AreaDocument,
    KeyShown,
    NewArea,
    NewKey,
    RegistryImport,
    RegistryVersionShown,
    Revocation,
)
from platform_gateway.use_cases.change_registry import add_key, import_registry, put_area, revoke_key
from shared.contracts.party import PLATFORM
from shared.errors import InvalidInput, NotFound
from shared.registry.snapshot import MEDIA_TYPE
from shared.web.etags import IfNoneMatch, etag, if_match
from shared.web.idempotency import Keyed
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router

router = Router(tags=["登记库"])

OptionalIfMatch = Annotated[
    str | None, Header(alias="If-Match", max_length=1000, description="修改已登记的统筹区时必填：读取时得到的 ETag")
]


@router.get(
    "/registry",
    summary="由平台根密钥签名的登记库快照",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}, 304: {"description": "版本没有变化"}},
)
async def get_registry(caller: RegistryReader, context: Context, known: IfNoneMatch) -> Response:
    """One version, always the same bytes; its number is the ETag."""
    registry = await context.registry.fresh()
    if known.has(registry.version):
        return Response(status_code=304, headers={"ETag": etag(registry.version)})
    version, text = await context.registry.signed()
    return Response(text.encode(), media_type=MEDIA_TYPE, headers={"ETag": etag(version)})


@router.post("/registry/imports", summary="批量登记统筹区和密钥")
async def post_import(
    document: RegistryImport, caller: RegistryWriter, context: Context, keyed: Keyed
) -> RegistryVersionShown:
    """All of it or nothing, as one change; the same content again makes no other version."""
    version = await import_registry(context, caller, document.areas, document.keys, keyed)
    return RegistryVersionShown(version=version)


@router.get("/agencies", summary="统筹区列表")
async def list_agencies(caller: RegistryReader, context: Context, paging: Paging) -> Page[NewArea]:
    """By code."""
    (after,) = paging.after(str) or ("",)
    async with context.database.connection() as connection:
        rows = await repository.areas(connection, str(after), paging.limit + 1)
    return page_of(
        rows,
        paging.limit,
        lambda row: (row.admdvs,),
        lambda row: NewArea.model_validate({**row.document, "admdvs": row.admdvs}),
    )


@router.get("/agencies/{admdvs}", summary="一个统筹区及其密钥和银行账户")
async def get_agency(admdvs: AreaPath, caller: RegistryReader, context: Context, response: Response) -> AgencyShown:
    """With old keys and accounts, which old sheets and orders need."""
    async with context.database.connection() as connection:
        row = await repository.area_of(connection, admdvs)
        if row is None:
            raise NotFound("没有登记这个统筹区。", code="agency-not-found")
        keys = await agency_keys.of_area(connection, admdvs)
        held = await accounts.of_area(connection, admdvs)
    response.headers["ETag"] = etag(row.row_version)
    return AgencyShown.model_validate(
        {
            **row.document,
            "admdvs": admdvs,
            "keys": [KeyShown.model_validate(key) for key in keys],
            "bank_accounts": [AccountShown.model_validate(account) for account in held],
        }
    )


@router.put("/agencies/{admdvs}", summary="登记或修改统筹区", responses={201: {"model": RegistryVersionShown}})
async def put_agency(
    admdvs: AreaPath,
    document: AreaDocument,
    caller: RegistryWriter,
    context: Context,
    response: Response,
    match: OptionalIfMatch = None,
) -> RegistryVersionShown:
    """A new area needs no If-Match, a change does."""
    area = NewArea.model_validate({**document.model_dump(), "admdvs": admdvs})
    expected = None if match is None else await if_match(match)
    row_version, is_new = await put_area(context, caller, area, expected)
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(row_version)
    return RegistryVersionShown(version=await _version(context))


@router.post("/agencies/{admdvs}/keys", summary="登记机构的验签公钥", status_code=201)
async def post_key(admdvs: AreaPath, key: NewKey, caller: RegistryWriter, context: Context, keyed: Keyed) -> KeyShown:
    """The key's own id makes this idempotent: the same key again changes nothing."""
    if key.owner.admdvs != admdvs:
        raise InvalidInput("密钥的所有者不是该统筹区的机构。", code="key-owner-differs")
    return await _added(context, caller, key, admdvs, keyed)


@router.post("/agencies/{admdvs}/keys/{kid}/revocation", summary="撤销机构的密钥", status_code=204)
async def post_revocation(
    admdvs: AreaPath, kid: str, word: Revocation, caller: RegistryWriter, context: Context
) -> None:
    """From an instant on; never lifted or put later."""
    await revoke_key(context, caller, admdvs, kid, word)


@router.post("/platform-keys", summary="登记平台自己的验签公钥", status_code=201)
async def post_platform_key(key: NewKey, caller: RegistryWriter, context: Context, keyed: Keyed) -> KeyShown:
    """As for an agency's."""
    if key.owner != PLATFORM:
        raise InvalidInput("密钥的所有者不是平台。", code="key-owner-differs")
    return await _added(context, caller, key, None, keyed)


@router.post("/platform-keys/{kid}/revocation", summary="撤销平台自己的密钥", status_code=204)
async def post_platform_revocation(kid: str, word: Revocation, caller: RegistryWriter, context: Context) -> None:
    """As for an agency's."""
    await revoke_key(context, caller, None, kid, word)


async def _added(
    context: GatewayContext, caller: RegistryWriter, key: NewKey, admdvs: str | None, keyed: Keyed
) -> KeyShown:
    kid = await add_key(context, caller, key, keyed)
    async with context.database.connection() as connection:
        rows = await agency_keys.of_area(connection, admdvs)
    return next(KeyShown.model_validate(row) for row in rows if row.kid == kid)


async def _version(context: GatewayContext) -> int:
    async with context.database.connection() as connection:
        return await repository.version(connection)
