"""The cases: insert, lock, save."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, exists, func, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.case import Case
from platform_gateway.domain.money import MoneyState
from platform_gateway.domain.states import OPEN_STATES, CaseState, CorrectionState
from platform_gateway.tables import transfer_case
from platform_gateway.tables.case import UNFINISHED
from shared.contracts.codes import AcctDisposition, MoneyPath, Origin
from shared.database.rowset import ROWS, insert_new_rows, insert_rows, rowset
from shared.law import design
from shared.messaging.tables import message_receipt

_COLUMNS = tuple(field.name for field in fields(Case) if field.name != "stored")
_ANSWERS = ("outbound_check", "inbound_check")
_VERDICT = ("reasons", "unknown_sides", "decision", *_ANSWERS)
_RESULTS = ("benefits", "years")
_AREAS = ("rlts_traf_id", "lodged", "trafout_admdvs", "trafin_admdvs", "is_duplicate", "forwarding")
_SAVED = (
    "rlts_traf_id",
    "state",
    "state_since",
    "is_duplicate",
    "open_rlts_traf_id",
    "policy_version",
    "acct_disposition",
    "accepted_at",
    "sheet_version",
    "trafin_psn_no",
    "completed_at",
    "relation_ended_on",
    "money_state",
    "closed_at",
    "money_path",
    "correction_state",
    "corrected_at",
    "next_check_at",
    "check_attempts",
    "handover_message_id",
)
_OPEN = tuple(sorted(OPEN_STATES))

CASE_COLUMNS = tuple(transfer_case.c[name] for name in _COLUMNS)


def _update_of(names: tuple[str, ...]) -> Any:
    given = rowset(transfer_case, names)
    values: dict[str, Any] = {name: given.c[name] for name in names[1:]}
    values["row_version"] = transfer_case.c.row_version + 1
    return update(transfer_case).where(transfer_case.c.rlts_traf_id == given.c.rlts_traf_id).values(values)


_INSERT_OPEN = insert_new_rows(transfer_case, _COLUMNS).returning(transfer_case.c.rlts_traf_id)
_INSERT = insert_rows(transfer_case, _COLUMNS)
# Documents are wide, and most messages change none of them.
_SAVES = {names: _update_of(_SAVED + names) for names in ((), _VERDICT, _RESULTS, _VERDICT + _RESULTS)}
_SAVE_AREAS = _update_of(_AREAS)
# Put together once: the statement of some forty columns is otherwise made and hashed anew for every set of messages.
_READ = select(*CASE_COLUMNS).where(transfer_case.c.rlts_traf_id == func.any(bindparam("ids")))
# ``NO KEY`` locks: who adds a line about a case meanwhile, as the timers do, is not kept waiting.
_LOCK = _READ.order_by(transfer_case.c.rlts_traf_id).with_for_update(key_share=True)
_BRIEF_COLUMNS = tuple(transfer_case.c[name] for name in _COLUMNS if name not in _ANSWERS)
_LOCK_BRIEF = _LOCK.with_only_columns(*_BRIEF_COLUMNS)
_TAKE_RECEIPTED = (
    select(*_BRIEF_COLUMNS)
    .where(
        transfer_case.c.handover_message_id.is_not(None),
        exists().where(message_receipt.c.message_id == transfer_case.c.handover_message_id),
    )
    .order_by(transfer_case.c.rlts_traf_id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, key_share=True)
)
_DUE = (
    select(transfer_case.c.rlts_traf_id)
    .where(transfer_case.c.state == CaseState.CHECKING.value, transfer_case.c.next_check_at <= bindparam("now"))
    .order_by(transfer_case.c.next_check_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, key_share=True)
)
_CLAIM = (
    update(transfer_case)
    .where(transfer_case.c.rlts_traf_id.in_(_DUE))
    .values(next_check_at=bindparam("lease_until"), check_attempts=transfer_case.c.check_attempts + 1)
    .returning(*CASE_COLUMNS)
)


def to_case(row: Row[Any]) -> Case:
    """The case of a row of ``CASE_COLUMNS``, with or without the sides' answers."""
    values = dict(row._mapping)
    values["state"] = CaseState(values["state"])
    values["money_state"] = MoneyState(values["money_state"])
    values["reasons"] = tuple(values["reasons"])
    values["unknown_sides"] = tuple(values["unknown_sides"])
    if values["acct_disposition"] is not None:
        values["acct_disposition"] = AcctDisposition(values["acct_disposition"])
    if values["money_path"] is not None:
        values["money_path"] = MoneyPath(values["money_path"])
    if values["correction_state"] is not None:
        values["correction_state"] = CorrectionState(values["correction_state"])
    values["origin"] = Origin(values["origin"])
    return Case(**values, stored={name: values.get(name) for name in _VERDICT + _RESULTS})


async def insert_open(connection: AsyncConnection, cases: Sequence[Case]) -> frozenset[str]:
    """Insert those whose relation has no open case; the numbers of those inserted come back.

    Waits for a simultaneous insert of the same relation to end, so exactly one of two gets in.
    """
    # In the order of the unique index, so that two sets never wait for each other.
    ordered = sorted(cases, key=lambda case: (case.person_key, case.trafout_admdvs, case.trafout_insutype))
    result = await connection.execute(_INSERT_OPEN, {ROWS: _rows(ordered, _COLUMNS)})
    return frozenset(result.scalars())


async def insert(connection: AsyncConnection, cases: Sequence[Case]) -> None:
    """Insert ``cases`` as they are."""
    if cases:
        await connection.execute(_INSERT, {ROWS: _rows(cases, _COLUMNS)})


async def lock(connection: AsyncConnection, ids: Collection[str]) -> dict[str, Case]:
    """The cases of ``ids`` by number, locked until the transaction ends, in the order of their numbers."""
    return {row.rlts_traf_id: to_case(row) for row in await connection.execute(_LOCK, {"ids": list(ids)})}


async def lock_brief(connection: AsyncConnection, ids: Collection[str]) -> dict[str, Case]:
    """As ``lock`` without the sides' answers (``None``, and not to be set): nothing after the verdict needs them."""
    return {row.rlts_traf_id: to_case(row) for row in await connection.execute(_LOCK_BRIEF, {"ids": list(ids)})}


async def take_receipted(connection: AsyncConnection, limit: int) -> list[Case]:
    """Up to ``limit`` cases that the outbound has in hand, by its receipt of our message; without the sides' answers.

    They are locked; those that somebody else holds are left out.
    """
    return [to_case(row) for row in await connection.execute(_TAKE_RECEIPTED, {"limit": limit})]


async def read(connection: AsyncConnection, ids: Collection[str]) -> dict[str, Case]:
    """The cases of ``ids`` by number."""
    return {row.rlts_traf_id: to_case(row) for row in await connection.execute(_READ, {"ids": list(ids)})}


async def save(connection: AsyncConnection, cases: Sequence[Case]) -> None:
    """Save everything that may change; each row's version goes up by one."""
    for names, statement in _SAVES.items():
        some = [case for case in cases if _changed_documents(case) == names]
        if some:
            await connection.execute(statement, {ROWS: _rows(some, _SAVED + names)})


async def save_areas(connection: AsyncConnection, cases: Sequence[Case]) -> None:
    """Save the areas of forwarded cases, which nothing else changes; they give up the place of their old relation."""
    if cases:
        await connection.execute(_SAVE_AREAS, {ROWS: _rows(cases, _AREAS)})


async def promote(connection: AsyncConnection, case: Case) -> str | None:
    """Make a duplicate the open case of its relation; the number of the case that is in its way, if one is.

    One at a time and in a savepoint: only simultaneous applications come here.
    """
    found = await _open_case_of(connection, case)
    if found is not None:
        return found
    own = update(transfer_case).where(transfer_case.c.rlts_traf_id == case.rlts_traf_id).values(is_duplicate=False)
    try:
        async with connection.begin_nested():
            await connection.execute(own)
    except IntegrityError:
        return await _open_case_of(connection, case)
    return None


async def superseded(
    connection: AsyncConnection, relations: Collection[tuple[str, str, str]], asked_before: datetime
) -> dict[str, Case]:
    """Open cases of ``relations`` still unanswered since before an instant, locked, by number."""
    query = (
        select(*CASE_COLUMNS)
        .where(
            tuple_(transfer_case.c.person_key, transfer_case.c.trafout_admdvs, transfer_case.c.trafout_insutype).in_(
                sorted(relations)
            ),
            transfer_case.c.state == CaseState.CHECKING.value,
            transfer_case.c.state_since < asked_before,
        )
        .order_by(transfer_case.c.rlts_traf_id)
        .with_for_update(key_share=True)
    )
    return {row.rlts_traf_id: to_case(row) for row in await connection.execute(query)}


async def claim_due_checks(connection: AsyncConnection, now: datetime, lease_until: datetime, limit: int) -> list[Case]:
    """Take up to ``limit`` unanswered cases that are due; nobody else gets them before ``lease_until``."""
    given = {"now": now, "lease_until": lease_until, "limit": limit}
    return [to_case(row) for row in await connection.execute(_CLAIM, given)]


async def count_unfinished(connection: AsyncConnection) -> Mapping[str, int]:
    """How many cases are in each state, without those that nothing more will happen to."""
    query = select(transfer_case.c.state, func.count().label("cases")).where(UNFINISHED).group_by(transfer_case.c.state)
    return {row.state: row.cases for row in await connection.execute(query)}


async def oldest_checking(connection: AsyncConnection) -> datetime | None:
    """Since when the oldest case has been checked that still is (UTC)."""
    query = select(func.min(transfer_case.c.state_since)).where(transfer_case.c.state == CaseState.CHECKING.value)
    found: datetime | None = await connection.scalar(query)
    return found


@design("one open case a relation")
async def _open_case_of(connection: AsyncConnection, case: Case) -> str | None:
    query = select(transfer_case.c.rlts_traf_id).where(
        and_(
            transfer_case.c.person_key == case.person_key,
            transfer_case.c.trafout_admdvs == case.trafout_admdvs,
            transfer_case.c.trafout_insutype == case.trafout_insutype,
            ~transfer_case.c.is_duplicate,
            transfer_case.c.state.in_(_OPEN),
        )
    )
    found: str | None = await connection.scalar(query)
    return found


def _changed_documents(case: Case) -> tuple[str, ...]:
    """The columns of ``_SAVES`` to be written: of the verdict, of what the inbound has decided, of both or none."""
    stored = case.stored
    return tuple(
        name
        for names in (_VERDICT, _RESULTS)
        if stored is None or any(getattr(case, each) is not stored[each] for each in names)
        for name in names
    )


def _rows(cases: Iterable[Case], names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{name: getattr(case, name) for name in names} for case in cases]
