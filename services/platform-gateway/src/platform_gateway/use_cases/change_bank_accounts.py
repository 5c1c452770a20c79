"""Change an agency's bank account: signed by the agency, approved by a second person (domain §8: the main fraud)."""

import hashlib
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Row

from platform_gateway.context import GatewayContext
from platform_gateway.repository import accounts
from platform_gateway.repository import registry as repository
from platform_gateway.schemas.registry import AccountDocument, ChangeState
from platform_gateway.use_cases.change_registry import add_checked_version
from shared.contracts.party import Role
from shared.errors import Conflict, Forbidden, NotFound
from shared.messaging.ids import new_ids
from shared.signing import json_text, jws
from shared.signing.documents import signing_key
from shared.signing.errors import ContentUnreadable, WrongOwner
from shared.signing.jws import DocumentType
from shared.signing.keys import Keys, Purpose
from shared.web.etags import Expected
from shared.web.idempotency import KeyedRequest, once, remember
from shared.web.principal import Principal


class TwoPeopleNeeded(Forbidden):
    """Who proposed a change cannot decide it."""

    code = "two-people-needed"


class ChangeDecided(Conflict):
    """The change was approved or rejected before."""

    code = "change-decided"


class ChangeRepeated(Conflict):
    """The same signed document was proposed before."""

    code = "change-repeated"


async def propose_account(context: GatewayContext, by: Principal, admdvs: str, text: str, keyed: KeyedRequest) -> UUID:
    """Keep a change signed by the agency as pending; its id.

    Raises ``VerificationFailed`` (unknown, revoked or foreign key, changed bytes) and ``ChangeRepeated``.
    """
    registry = await context.registry.fresh()
    now = context.clock.now()
    document = _opened(text, registry.keys, admdvs, context)
    (change_id,) = new_ids(now, 1)
    async with context.database.transaction() as connection:
        before = await once(connection, keyed, now=now)
        if before is not None:
            return UUID(before.resource_id)
        change = {
            "change_id": change_id,
            "admdvs": admdvs,
            "document": document.model_dump(mode="json"),
            "jws": text,
            "digest": hashlib.sha256(text.encode()).hexdigest(),
            "proposed_by": by.subject,
            "proposed_at": now,
        }
        if not await accounts.propose(connection, change):
            raise ChangeRepeated("该签名文件已提交过。")
        location = f"/v1/agencies/{admdvs}/bank-accounts/changes/{change_id}"
        await remember(connection, keyed, status=201, location=location, resource_id=str(change_id), now=now)
    return change_id


async def decide_account(
    context: GatewayContext,
    by: Principal,
    admdvs: str,
    change_id: UUID,
    state: ChangeState,
    reason: str | None,
    expected: Expected,
) -> Row[Any]:
    """Approve or reject a pending change; the change as it is then. Approving makes a new version of the registry.

    Raises ``TwoPeopleNeeded`` for the proposer and ``ChangeDecided`` when it is no longer pending.
    """
    now = context.clock.now()
    async with context.database.transaction() as connection:
        await repository.lock(connection)
        change = await accounts.lock_change(connection, admdvs, change_id)
        if change is None:
            raise NotFound("没有这项账户变更。", code="change-not-found")
        expected.require(change.row_version)
        if change.state != ChangeState.PENDING:
            raise ChangeDecided("该账户变更已有处理结果。")
        if change.proposed_by == by.subject:
            raise TwoPeopleNeeded("账户变更须由另一人审批。")
        decision = {"state": state.value, "decided_by": by.subject, "decided_at": now, "decision_reason": reason}
        await accounts.decide(connection, change_id, decision)
        if state is ChangeState.APPROVED:
            await accounts.put_in_force(connection, change_id, change.document)
        content = {"change_id": str(change_id), **change.document}
        await add_checked_version(
            context, connection, by.subject, what=f"bank_account_{state.value}", subject=admdvs, content=content
        )
    async with context.database.connection() as reading:
        decided = await accounts.read_change(reading, admdvs, change_id)
    if decided is None:
        raise NotFound("没有这项账户变更。", code="change-not-found")
    return decided


def _opened(text: str, keys: Keys, admdvs: str, context: GatewayContext) -> AccountDocument:
    """The account that the agency signed, verified first and parsed after."""
    envelope = jws.read(text)
    key = signing_key(envelope, envelope.only_signature, keys, DocumentType.BANK_ACCOUNT_CHANGE)
    key.require(Purpose.SEAL, context.clock.now())
    if key.owner.admdvs != admdvs or key.owner.role not in (Role.OUTBOUND, Role.INBOUND):
        raise WrongOwner("账户变更不是由该统筹区的机构签名的")
    try:
        json_text.read(envelope.payload)
        document = AccountDocument.model_validate_json(envelope.payload)
    except (ValidationError, ValueError):
        raise ContentUnreadable("签名有效，但内容不是账户变更") from None
    if document.admdvs != admdvs:
        raise WrongOwner("账户变更不属于该统筹区")
    return document
