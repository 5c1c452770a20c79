"""Change the registry's areas and keys: each change is one new version, checked as a whole and audited."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext, RegistryKeeper
from platform_gateway.repository import agency_keys
from platform_gateway.repository import registry as repository
from platform_gateway.schemas.registry import NewArea, NewKey, Revocation
from shared.contracts.party import PLATFORM
from shared.errors import InvalidInput, NotFound
from shared.signing.key_pair import algorithm_of, kid_of
from shared.web.etags import Expected
from shared.web.idempotency import KeyedRequest, once, remember
from shared.web.principal import Principal
from shared.web.refusals import PreconditionRequired


class RegistryInconsistent(InvalidInput):
    """The registry would contradict itself: a window, key or code twice, or an unknown successor."""

    code = "registry-inconsistent"


async def put_area(
    context: GatewayContext, by: Principal, area: NewArea, expected: Expected | None
) -> tuple[int, bool]:
    """Register or change one area; its row version, and whether it is new.

    A change wants the version that the caller has seen (``expected``). Raises ``RegistryInconsistent``.
    """
    async with context.database.transaction() as connection:
        await repository.lock(connection)
        present = await repository.area_of(connection, area.admdvs)
        if present is not None:
            if expected is None:
                raise PreconditionRequired("修改已登记的统筹区须带 If-Match 请求头。")
            expected.require(present.row_version)
        changed = await _put_areas(context, connection, by, [area])
        if present is not None and not changed:
            return present.row_version, False
        await add_checked_version(
            context, connection, by.subject, what="area", subject=area.admdvs, content=area.model_dump(mode="json")
        )
    return changed[area.admdvs], present is None


async def import_registry(
    context: GatewayContext, by: Principal, areas: Sequence[NewArea], keys: Sequence[NewKey], keyed: KeyedRequest
) -> int:
    """Take areas and keys in as one change; the registry's version then, the same where nothing was new."""
    now = context.clock.now()
    async with context.database.transaction() as connection:
        before = await once(connection, keyed, now=now)
        if before is not None:
            return int(before.resource_id)
        await repository.lock(connection)
        version = await _import(context, connection, by, areas, keys)
        await remember(connection, keyed, status=200, location=None, resource_id=str(version), now=now)
        return version


async def _import(
    context: GatewayContext,
    connection: AsyncConnection,
    by: Principal,
    areas: Sequence[NewArea],
    keys: Sequence[NewKey],
) -> int:
    changed = await _put_areas(context, connection, by, areas)
    added = await _add_keys(connection, keys)
    if not changed and not added:
        return await repository.version(connection)
    content = {
        "areas": [area.model_dump(mode="json") for area in areas],
        "keys": [key.model_dump(mode="json") for key in keys],
    }
    return await add_checked_version(
        context, connection, by.subject, what="import", subject="registry", content=content
    )


async def add_key(context: GatewayContext, by: Principal, key: NewKey, keyed: KeyedRequest) -> str:
    """Register a key; its id. Registering the same key again changes nothing."""
    kid, now = kid_of(key.public_key), context.clock.now()
    async with context.database.transaction() as connection:
        if await once(connection, keyed, now=now) is not None:
            return kid
        await repository.lock(connection)
        if await _add_keys(connection, [key]):
            await add_checked_version(
                context, connection, by.subject, what="key", subject=str(key.owner), content=key.model_dump(mode="json")
            )
        await remember(connection, keyed, status=201, location=None, resource_id=kid, now=now)
    return kid


async def revoke_key(context: GatewayContext, by: Principal, admdvs: str | None, kid: str, word: Revocation) -> None:
    """Revoke a key of an area's services (``None``: the platform's); a revocation is never lifted or put later."""
    now = context.clock.now()
    async with context.database.transaction() as connection:
        await repository.lock(connection)
        keys = {row.kid for row in await agency_keys.of_area(connection, admdvs)}
        if kid not in keys:
            raise NotFound("没有这个密钥。", code="key-not-found")
        if await agency_keys.revoke(connection, kid, admdvs, word.revoked_at or now, word.reason):
            await add_checked_version(
                context, connection, by.subject, what="revocation", subject=kid, content=word.model_dump(mode="json")
            )


async def _put_areas(
    context: GatewayContext, connection: AsyncConnection, by: Principal, areas: Sequence[NewArea]
) -> Mapping[str, int]:
    codes = [area.admdvs for area in areas]
    if len(set(codes)) != len(codes):
        raise RegistryInconsistent("同一统筹区代码出现了两次。")
    rows = [
        {
            "admdvs": area.admdvs,
            "document": area.model_dump(mode="json", exclude={"admdvs"}),
            "updated_at": context.clock.now(),
            "updated_by": by.subject,
        }
        for area in areas
    ]
    return await repository.put_areas(connection, rows)


async def _add_keys(connection: AsyncConnection, keys: Sequence[NewKey]) -> frozenset[str]:
    """The ids of those that were new. One key never plays two parts: it would not say who signed, or as what."""
    rows = [_key_row(key) for key in keys]
    added = await agency_keys.add(connection, rows)
    wanted = {(row["kid"], row["owner"], row["purpose"]) for row in rows}
    if await agency_keys.parts_played(connection, {row["kid"] for row in rows}) != wanted:
        raise RegistryInconsistent("同一密钥不能登记给两个所有者或两种用途。")
    return added


def _key_row(key: NewKey) -> dict[str, Any]:
    return {
        "kid": kid_of(key.public_key),
        "owner": str(key.owner),
        "admdvs": None if key.owner == PLATFORM else key.owner.admdvs,
        "purpose": key.purpose.value,
        "algorithm": algorithm_of(key.public_key),
        "public_key": key.public_key,
        "valid_from": key.valid_from,
        "valid_to": key.valid_to,
    }


async def add_checked_version(
    keeper: RegistryKeeper, connection: AsyncConnection, by: str, *, what: str, subject: str, content: Any
) -> int:
    """Write the audit line of a change made in this transaction; raises ``RegistryInconsistent``."""
    version = await repository.add_version(
        connection, made_at=keeper.clock.now(), made_by=by, what=what, subject=subject, content=content
    )
    try:
        await keeper.registry.snapshot_in(connection)
    except ValidationError as error:
        raise RegistryInconsistent("登记内容自相矛盾：" + "；".join(_messages(error))) from error
    return version


def _messages(error: ValidationError) -> list[str]:
    return [str(found.get("ctx", {}).get("error", found["msg"])) for found in error.errors(include_input=False)][:5]
