"""The operators' routes and the event feed, the same in every service.

``router`` is one of those that a service gives to ``create_app``; its context has an ``exchange``. Quarantine, resend
and feed stand under the scopes ``operations:read``, ``operations:write`` and ``events:read``.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Security
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints
from starlette.requests import Request

from shared.contracts.model import Document
from shared.contracts.party import Party
from shared.errors import FieldError, InvalidInput, NotFound
from shared.messaging import feed, quarantine, resend
from shared.messaging.exchange import Exchange
from shared.messaging.replay import Outcome
from shared.signing.keys import PartyAddress, Purpose
from shared.web.authentication import Principal, authenticated
from shared.web.idempotency import Keyed, once, remember
from shared.web.paging import Page, PageRequest, Paging, invalid_cursor, page_of
from shared.web.routing import Router

router = Router(tags=["exchange"])

MAX_SENDERS = 100
_MAX_POSITION = 2**63 - 1


class QuarantineItem(BaseModel):
    """一条隔离消息；不含消息正文。``message_id`` 为空表示未予收存，也未出具回执。"""

    quarantine_id: UUID
    reason: str
    detail: str
    topic: str
    sender: str | None
    recipient: str | None
    rlts_traf_id: str | None
    sequence: int | None
    message_id: UUID | None
    type: str | None
    seen: int
    first_seen_at: datetime
    last_seen_at: datetime


class ReplayResult(BaseModel):
    """重放的结果；试运行时不产生任何改变。"""

    outcome: Outcome
    reason: str | None
    applied: int
    is_dry_run: bool


class Dismissal(Document):
    """为什么这条消息不再处理；随隔离记录保存。"""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class DismissalResult(BaseModel):
    """随后处理了几条排在其后的消息。"""

    applied: int


class ResendRequest(Document):
    """请求各发送方重发某一时刻以来发给 ``party`` 的全部消息（例如数据库恢复之后）。"""

    party: PartyAddress
    senders: Annotated[tuple[PartyAddress, ...], Field(min_length=1, max_length=MAX_SENDERS)]
    since: AwareDatetime


class ResendAccepted(BaseModel):
    """请求消息的编号。"""

    message_ids: list[UUID]


class FeedItem(BaseModel):
    """办件发生的一件事；``position`` 递增。"""

    position: int
    occurred_at: datetime
    rlts_traf_id: str | None
    type: str
    data: dict[str, Any]


class FeedPage(BaseModel):
    """事件列表；下一次以 ``next_after`` 作为 ``after``。"""

    items: list[FeedItem]
    next_after: int


async def _exchange_of(request: Request) -> Exchange:
    exchange: Exchange = request.app.state.context.exchange
    return exchange


Exchanging = Annotated[Exchange, Depends(_exchange_of)]
MayRead = Annotated[Principal, Security(authenticated, scopes=["operations:read"])]
MayWrite = Annotated[Principal, Security(authenticated, scopes=["operations:write"])]
MayReadEvents = Annotated[Principal, Security(authenticated, scopes=["events:read"])]


@router.get("/quarantine")
async def list_quarantine(caller: MayRead, exchange: Exchanging, page: Paging) -> Page[QuarantineItem]:
    """未处理的隔离消息，按发生先后。"""
    topics = [party.topic for party in _parties_of(caller, exchange)]
    async with exchange.database.connection() as connection:
        rows = await quarantine.list_open(connection, topics=topics, after=_after(page), limit=page.limit + 1)
    return page_of(rows, page.limit, lambda row: [str(row.quarantine_id)], _shown)


@router.post("/quarantine/{quarantine_id}/replay")
async def replay(
    quarantine_id: UUID,
    caller: MayWrite,
    exchange: Exchanging,
    dry_run: Annotated[bool, Query(description="只试运行，不产生改变")] = False,
) -> ReplayResult:
    """重新处理一条隔离消息；成功后，同一办件中排在其后的消息随即处理。"""
    replayed = await exchange.replayer.replay(
        quarantine_id,
        topics=[party.topic for party in _parties_of(caller, exchange)],
        by=caller.subject,
        is_dry_run=dry_run,
    )
    return ReplayResult(
        outcome=replayed.outcome, reason=replayed.reason, applied=replayed.applied, is_dry_run=replayed.is_dry_run
    )


@router.post("/quarantine/{quarantine_id}/dismissal")
async def dismiss(quarantine_id: UUID, body: Dismissal, caller: MayWrite, exchange: Exchanging) -> DismissalResult:
    """不再处理一条隔离消息，须说明理由；同一办件中排在其后的消息随即处理。"""
    topics = [party.topic for party in _parties_of(caller, exchange)]
    applied = await exchange.replayer.dismiss(quarantine_id, topics=topics, by=caller.subject, reason=body.reason)
    return DismissalResult(applied=applied)


@router.post("/resend-requests", status_code=202)
async def request_resend(body: ResendRequest, caller: MayWrite, exchange: Exchanging, keyed: Keyed) -> ResendAccepted:
    """请求重发；已收存的消息再次到达不会重复处理。"""
    if body.party not in _parties_of(caller, exchange):
        raise NotFound("本部署不服务该参与方")
    _require_known(body.senders, exchange)
    now = exchange.clock.now()
    async with exchange.database.transaction() as connection:
        before = await once(connection, keyed, now=now)
        if before is not None:
            return ResendAccepted(message_ids=[UUID(text) for text in before.resource_id.split(",")])
        ids = await resend.request(
            connection,
            party=body.party,
            senders=tuple(dict.fromkeys(body.senders)),
            since=body.since,
            signers=exchange.signers,
            now=now,
        )
        resource_id = ",".join(map(str, ids))
        await remember(connection, keyed, status=202, location=None, resource_id=resource_id, now=now)
    return ResendAccepted(message_ids=ids)


@router.get("/events")
async def list_events(
    caller: MayReadEvents,
    exchange: Exchanging,
    after: Annotated[int, Query(ge=0, le=_MAX_POSITION, description="上次读到的 position")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> FeedPage:
    """本机构办件的事件，按 position 先后；可反复拉取。"""
    admdvs = None if caller.is_platform_wide else caller.agency()
    async with exchange.database.connection() as connection:
        rows = await feed.read(connection, admdvs=admdvs, after=after, limit=limit)
    items = [
        FeedItem(
            position=row.position,
            occurred_at=row.occurred_at,
            rlts_traf_id=row.rlts_traf_id,
            type=row.type,
            data=row.data,
        )
        for row in rows
    ]
    return FeedPage(items=items, next_after=items[-1].position if items else after)


def _require_known(senders: Iterable[Party], exchange: Exchange) -> None:
    """Only who has a message key can have sent anything; for others there may not even be a topic."""
    known = {key.owner for key in exchange.keys.current.keys.values() if key.purpose is Purpose.MESSAGE}
    errors = [
        FieldError(f"/senders/{place}", "sender-unknown", "登记库中没有该参与方的报文密钥")
        for place, sender in enumerate(senders)
        if sender not in known
    ]
    if errors:
        raise InvalidInput("发送方未登记", code="sender-unknown", errors=errors)


def _parties_of(caller: Principal, exchange: Exchange) -> list[Party]:
    """The served parties that are the caller's to operate: its own agency's, or all for a platform-wide caller."""
    return sorted(party for party in exchange.served if _is_own(caller, party))


def _is_own(caller: Principal, party: Party) -> bool:
    return caller.is_platform_wide or (party.admdvs is not None and party.admdvs == caller.admdvs)


def _after(page: PageRequest) -> UUID | None:
    values: Iterable[str | int] | None = page.after(str)
    if values is None:
        return None
    [text] = values
    try:
        return UUID(str(text))
    except ValueError as error:
        raise invalid_cursor() from error


def _shown(row: quarantine.Quarantined) -> QuarantineItem:
    return QuarantineItem.model_validate(row, from_attributes=True)
