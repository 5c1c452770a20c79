"""Work out the money's state anew for cases whose sheets or facts changed, and close what is finished."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.case import Case
from platform_gateway.domain.history import Cause, Note, note
from platform_gateway.domain.money import MoneyState, is_done, money_state
from platform_gateway.domain.states import CaseState
from platform_gateway.repository import addenda, deadlines, money_facts, sheets
from platform_gateway.use_cases.changes import Changes
from shared.time_limits import ClockKind

_UNPAID = frozenset({MoneyState.AWAITING_PAYMENT, MoneyState.RETURNED_TO_PAYER})


async def recompute_money(
    connection: AsyncConnection, changes: Changes, cases: Collection[Case], causes: dict[str, Cause]
) -> None:
    """Put each case's money state, as sheets and facts in the database say, into ``changes``."""
    ids = [case.rlts_traf_id for case in cases]
    sealed = await sheets.listed(connection, ids)
    facts = await money_facts.of_cases(connection, ids)
    supplements = await addenda.listed(connection, ids)
    paid: dict[str, datetime] = {}
    for case in cases:
        number = case.rlts_traf_id
        state = money_state(
            [sheets.sealed_amount(row) for row in sealed[number]],
            [money_facts.to_fact(row) for row in facts[number]],
            addenda.added(supplements[number]),
            is_void=case.state is CaseState.TERMINATED,
        )
        set_money_state(changes, case, state, causes[number])
        if state not in _UNPAID:
            paid[number] = causes[number].at
    await _stop_payment_clocks(connection, changes, paid)


async def _stop_payment_clocks(connection: AsyncConnection, changes: Changes, paid: dict[str, datetime]) -> None:
    """Whose money is on its way is not watched any more, nor begun to be where it came before the sheet."""
    if not paid:
        return
    changes.clocks = [
        each for each in changes.clocks if each[0] not in paid or each[2].limit.kind is not ClockKind.PAYMENT
    ]
    await deadlines.stop(connection, paid, [ClockKind.PAYMENT], max(paid.values()))


def set_money_state(changes: Changes, case: Case, state: MoneyState, cause: Cause) -> None:
    """The case with ``state``; a line of history when it changed, and another when the case is closed by it."""
    changed = replace(case, money_state=state)
    changes.put(changed)
    if state is not case.money_state:
        changes.history.append(note(changed, Note.MONEY_CHANGED, replace(cause, reason=state.value)))
    close_if_done(changes, changed, cause)


def close_if_done(changes: Changes, case: Case, cause: Cause) -> None:
    """办结: the relation is completed and nothing is owed; undone when a later fact says otherwise."""
    is_finished = case.state is CaseState.COMPLETED and is_done(case.money_state)
    if is_finished and case.closed_at is None:
        closed = replace(case, closed_at=cause.at)
        changes.put(closed, [note(closed, Note.CLOSED, replace(cause, reason=None))])
    elif not is_finished and case.closed_at is not None:
        changes.put(replace(case, closed_at=None))
