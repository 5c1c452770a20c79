"""Bank accounts of agencies, and their changes by two people."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.tables import bank_account, bank_account_change


async def propose(connection: AsyncConnection, change: Mapping[str, Any]) -> bool:
    """Keep a proposed change; false where the same signed document was proposed before."""
    statement = upsert(bank_account_change).values(**change, state="pending", row_version=1)
    made = await connection.scalar(statement.on_conflict_do_nothing().returning(bank_account_change.c.change_id))
    return made is not None


async def lock_change(connection: AsyncConnection, admdvs: str, change_id: UUID) -> Row[Any] | None:
    """A change, locked."""
    query = select(bank_account_change).where(
        bank_account_change.c.change_id == change_id, bank_account_change.c.admdvs == admdvs
    )
    return (await connection.execute(query.with_for_update())).one_or_none()


async def read_change(connection: AsyncConnection, admdvs: str, change_id: UUID) -> Row[Any] | None:
    """A change."""
    query = select(bank_account_change).where(
        bank_account_change.c.change_id == change_id, bank_account_change.c.admdvs == admdvs
    )
    return (await connection.execute(query)).one_or_none()


async def changes(connection: AsyncConnection, admdvs: str, after: str, limit: int) -> Sequence[Row[Any]]:
    """Up to ``limit`` changes of an agency after the change ``after`` (its id as text), by id, which grows in time."""
    query = select(bank_account_change).where(bank_account_change.c.admdvs == admdvs)
    if after:
        query = query.where(bank_account_change.c.change_id > UUID(after))
    return (await connection.execute(query.order_by(bank_account_change.c.change_id).limit(limit))).all()


async def decide(connection: AsyncConnection, change_id: UUID, decision: Mapping[str, Any]) -> None:
    """Keep the second person's decision. The database itself refuses the proposer."""
    await connection.execute(
        update(bank_account_change)
        .where(bank_account_change.c.change_id == change_id)
        .values(**decision, row_version=bank_account_change.c.row_version + 1)
    )


async def put_in_force(connection: AsyncConnection, change_id: UUID, document: Mapping[str, Any]) -> None:
    """Make an approved account count: those of the same agency and use end the day before, and stay known."""
    valid_from = date.fromisoformat(document["valid_from"])
    valid_to = date.fromisoformat(document["valid_to"]) if document["valid_to"] else None
    same = (bank_account.c.admdvs == document["admdvs"], bank_account.c.use == document["use"])
    last_day = valid_from - timedelta(days=1)
    await connection.execute(
        update(bank_account)
        .where(*same, bank_account.c.valid_from < valid_from)
        .where((bank_account.c.valid_to.is_(None)) | (bank_account.c.valid_to > last_day))
        .values(valid_to=last_day)
    )
    kept = {name: document[name] for name in ("bankacct", "acctname", "bankcode", "bank_name", "hif_acct_type")}
    await connection.execute(
        insert(bank_account).values(
            admdvs=document["admdvs"],
            use=document["use"],
            document=kept,
            valid_from=valid_from,
            valid_to=valid_to,
            change_id=change_id,
        )
    )


async def of_area(connection: AsyncConnection, admdvs: str) -> list[dict[str, Any]]:
    """The accounts of an agency with their validity, oldest first."""
    query = select(bank_account).where(bank_account.c.admdvs == admdvs)
    rows = await connection.execute(query.order_by(bank_account.c.valid_from, bank_account.c.account_no))
    return [row.document | {"use": row.use, "valid_from": row.valid_from, "valid_to": row.valid_to} for row in rows]
