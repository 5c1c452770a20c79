"""``Idempotency-Key`` on every POST that creates: the same key and body get the same resource, once.

In a use case, inside its transaction::

    replay = await once(connection, keyed, now=now)
    if replay is not None:
        return replay                      # answer replay.status, replay.location, the resource as it is now
    ...
    await remember(connection, keyed, status=201, location=..., resource_id=..., now=now)

Where a route does nothing else in the transaction, ``act_once`` is all of this.
The key is locked until the transaction ends, without waiting: who comes at the same moment gets 409.
"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Header
from sqlalchemy import ARRAY, LargeBinary, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from shared.database import Database
from shared.errors import Conflict, InvalidInput
from shared.web.authentication import Principal
from shared.web.routing import PREFIX, streamed_body

KEPT_FOR = timedelta(days=7)

_CLAIM = text(
    """
    SELECT pg_try_advisory_xact_lock(hashtextextended(k.scope || chr(10) || k.key, 0)) AS obtained,
           i.body_digest, i.status, i.location, i.resource_id
    FROM unnest(:scopes, :keys) WITH ORDINALITY AS k (scope, key, place)
    LEFT JOIN idempotency i ON i.scope = k.scope AND i.key = k.key AND i.expires_at > :now
    ORDER BY k.place
    """
).bindparams(bindparam("scopes", type_=ARRAY(Text)), bindparam("keys", type_=ARRAY(Text)))

# Two that came at the same moment may both have seen no row: the second then meets the first's, and changes nothing.
_REMEMBER = text(
    """
    INSERT INTO idempotency AS i (scope, key, body_digest, status, location, resource_id, expires_at)
    VALUES (:scope, :key, :body_digest, :status, :location, :resource_id, :expires_at)
    ON CONFLICT (scope, key) DO UPDATE
    SET body_digest = excluded.body_digest, status = excluded.status, location = excluded.location,
        resource_id = excluded.resource_id, expires_at = excluded.expires_at
    WHERE i.expires_at <= :now
    RETURNING 1
    """
).bindparams(bindparam("body_digest", type_=LargeBinary))

_AMEND = text("UPDATE idempotency SET status = :status WHERE resource_id = ANY(:resource_ids)").bindparams(
    bindparam("resource_ids", type_=ARRAY(Text))
)

_PURGE = text(
    """
    DELETE FROM idempotency WHERE (scope, key) IN (
        SELECT scope, key FROM idempotency WHERE expires_at <= :now LIMIT :limit FOR UPDATE SKIP LOCKED)
    """
)


class KeyInUse(Conflict):
    """Another request with this key is being worked on right now."""

    code = "idempotency-key-in-use"


class KeyReused(InvalidInput):
    """The key was used before for another body."""

    code = "idempotency-key-reused"


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A request that must happen once: ``scope`` is caller and operation, ``body_digest`` covers path and body."""

    key: str
    scope: str
    body_digest: bytes

    def over(self, content_digest: bytes) -> "KeyedRequest":
        """The same request with the digest of a body that the route streamed itself."""
        return replace(self, body_digest=hashlib.sha256(self.body_digest + content_digest).digest())


@dataclass(frozen=True, slots=True)
class Replay:
    """What the first request with this key was answered."""

    status: int
    location: str | None
    resource_id: str


async def keyed_request(
    request: Request,
    key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=255,
            pattern=r"^[\x21-\x7e]+$",
            description="1 至 255 个可见 ASCII 字符；重试时保持不变",
        ),
    ],
) -> KeyedRequest:
    """The ``Idempotency-Key`` of an authenticated request with what it stands for."""
    principal: Principal = request.state.principal
    body = b"" if streamed_body(request.scope["endpoint"]) is not None else await request.body()
    digest = hashlib.sha256(request.url.path.encode() + b"\n" + body).digest()
    # Without the prefix, as the keys of the days before are kept.
    operation = f"{request.method} {request.scope['route'].path.removeprefix(PREFIX)}"
    return KeyedRequest(key, f"{principal.subject}\n{operation}", digest)


Keyed = Annotated[KeyedRequest, Depends(keyed_request)]


async def once(connection: AsyncConnection, keyed: KeyedRequest, *, now: datetime) -> Replay | None:
    """Lock the key for this transaction; what it was answered before, or None when it is new.

    Raises ``KeyInUse`` (409) when somebody else holds it and ``KeyReused`` (422) when it stood for another body.
    """
    return (await once_each(connection, [keyed], now=now))[0]


async def once_each(
    connection: AsyncConnection, keyed: Sequence[KeyedRequest], *, now: datetime
) -> list[Replay | None]:
    """``once`` for a set, in one statement and in the order given."""
    if len({(request.scope, request.key) for request in keyed}) != len(keyed):
        raise KeyReused("同一批请求中重复使用了 Idempotency-Key。")
    found = await connection.execute(
        _CLAIM, {"scopes": [one.scope for one in keyed], "keys": [one.key for one in keyed], "now": now}
    )
    answers: list[Replay | None] = []
    for request, row in zip(keyed, found.all(), strict=True):
        if not row.obtained:
            raise KeyInUse("使用同一 Idempotency-Key 的请求正在处理，请稍后重试。")
        if row.status is None:
            answers.append(None)
            continue
        if row.body_digest != request.body_digest:
            raise KeyReused("该 Idempotency-Key 已用于内容不同的请求。")
        answers.append(Replay(row.status, row.location, row.resource_id))
    return answers


async def remember(
    connection: AsyncConnection,
    keyed: KeyedRequest,
    *,
    status: int,
    location: str | None,
    resource_id: str,
    now: datetime,
    kept_for: timedelta = KEPT_FOR,
) -> None:
    """Keep the answer, in the transaction that makes it true; raises ``KeyInUse`` when another was faster."""
    kept = await connection.scalar(
        _REMEMBER,
        {
            "scope": keyed.scope,
            "key": keyed.key,
            "body_digest": keyed.body_digest,
            "status": status,
            "location": location,
            "resource_id": resource_id,
            "expires_at": now + kept_for,
            "now": now,
        },
    )
    if kept is None:
        raise KeyInUse("使用同一 Idempotency-Key 的请求刚刚完成，请重试以取得结果。")


async def act_once(
    database: Database,
    keyed: KeyedRequest,
    act: Callable[[AsyncConnection], Awaitable[object]],
    *,
    resource_id: object = None,
    status: int = 200,
    location: str | None = None,
    now: datetime,
) -> str:
    """``act`` in a transaction of its own, unless the same request was answered before; the resource's id.

    The id is ``resource_id``, or where that is not given what ``act`` answers. ``location`` is the path of the
    resource's collection. Raises what ``act`` raises, ``KeyInUse`` and ``KeyReused``.
    """
    async with database.transaction() as connection:
        replay = await once(connection, keyed, now=now)
        if replay is not None:
            return replay.resource_id
        made = await act(connection)
        known = str(made if resource_id is None else resource_id)
        at = None if location is None else f"{location}/{known}"
        await remember(connection, keyed, status=status, location=at, resource_id=known, now=now)
    return known


async def amend(connection: AsyncConnection, resource_ids: Sequence[str], *, status: int) -> None:
    """The answer for these resources is now ``status``: a 202 whose verdict has come is repeated as 201."""
    await connection.execute(_AMEND, {"status": status, "resource_ids": list(resource_ids)})


async def purge(connection: AsyncConnection, *, now: datetime, limit: int = 5000) -> int:
    """Remove up to ``limit`` answers that nobody may ask for any more; how many went."""
    return (await connection.execute(_PURGE, {"now": now, "limit": limit})).rowcount
