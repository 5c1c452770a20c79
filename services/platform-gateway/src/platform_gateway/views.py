"""Puts what the database holds of cases into the shapes that people and systems are shown."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.case import Case
from platform_gateway.domain.money_progress import MONEY_NAMES, money_line
from platform_gateway.domain.progress import STATE_NAMES, RunningClocks, StageDue, relation_line
from platform_gateway.repository import addenda, deadlines, money_facts, sheets
from platform_gateway.schemas.applications import ShownReading, shown_decision, shown_reasons, shown_unknown
from platform_gateway.schemas.deadlines import days_of
from platform_gateway.schemas.transfers import (
    MoneyTrack,
    RelationTrack,
    ShownAddendum,
    ShownClock,
    ShownForwarding,
    ShownMoneyFact,
    ShownSheet,
    TransferShown,
    TransferSummary,
)
from shared import certno
from shared.clock import local_date
from shared.contracts.facts import Side
from shared.sheet_rules import next_obligation_no
from shared.time_limits import ClockKind


async def summaries(connection: AsyncConnection, cases: Sequence[Case], today: date) -> list[TransferSummary]:
    """The cases as lines of a list."""
    clocks = await deadlines.of_cases(connection, [case.rlts_traf_id for case in cases])
    return [TransferSummary(**_summary(case, clocks[case.rlts_traf_id], today)) for case in cases]


async def shown(
    connection: AsyncConnection, case: Case, today: date, *, open_rlts_traf_id: str | None
) -> TransferShown:
    """A case with everything about it; ``open_rlts_traf_id`` where the caller may know it."""
    number = case.rlts_traf_id
    clocks = (await deadlines.of_cases(connection, [number]))[number]
    versions = (await sheets.listed(connection, [number]))[number]
    supplements = (await addenda.listed(connection, [number]))[number]
    facts = (await money_facts.of_cases(connection, [number]))[number]
    running = running_clocks(clocks, today)
    application = case.lodged["application"]
    return TransferShown(
        **_summary(case, clocks, today),
        psn_cert_type=application["psn_cert_type"],
        optins_no=case.lodged["optins_no"],
        refs=application["refs"],
        relation=RelationTrack(
            state=case.state,
            state_name=STATE_NAMES[case.state],
            state_since=case.state_since,
            completed_at=case.completed_at,
            relation_ended_on=case.relation_ended_on,
            correction_state=case.correction_state,
            corrected_at=case.corrected_at,
            line=relation_line(case, running),
        ),
        money=MoneyTrack(
            state=case.money_state,
            state_name=MONEY_NAMES[case.money_state],
            acct_disposition=case.acct_disposition,
            money_path=case.money_path,
            facts=[ShownMoneyFact.model_validate(fact) for fact in facts],
            line=money_line(
                case,
                versions[-1].amount + addenda.added(supplements) if versions else None,
                [money_facts.to_fact(fact) for fact in facts],
                running,
            ),
        ),
        clocks=[_clock(row, today) for row in clocks],
        reasons=shown_reasons(list(case.reasons)),
        unknown_sides=tuple(Side(side) for side in case.unknown_sides),
        unknown=shown_unknown(case),
        decision=shown_decision(case),
        open_rlts_traf_id=open_rlts_traf_id,
        forwarding=None if case.forwarding is None else ShownForwarding.model_validate(case.forwarding),
        sheets=_sheets(versions),
        addenda=[ShownAddendum.model_validate(row) for row in supplements],
        policy_version=case.policy_version,
    )


def running_clocks(clocks: Sequence[Row[Any]], today: date) -> RunningClocks:
    """The clocks of a case that are running, by what they watch."""

    def due(*kinds: ClockKind) -> StageDue | None:
        running = [row for row in clocks if row.stopped_at is None and row.kind in kinds]
        return StageDue(running[-1].due_on, running[-1].is_provisional, running[-1].due_on < today) if running else None

    return RunningClocks(due(ClockKind.OUTBOUND, ClockKind.INBOUND), due(ClockKind.TOTAL), due(ClockKind.PAYMENT))


def _summary(case: Case, clocks: Sequence[Row[Any]], today: date) -> dict[str, Any]:
    due = running_clocks(clocks, today).stage
    return {
        "rlts_traf_id": case.rlts_traf_id,
        "psn_name": case.psn_name,
        "certno_masked": certno.mask(case.lodged["application"]["certno"]),
        "trafout_admdvs": case.trafout_admdvs,
        "trafin_admdvs": case.trafin_admdvs,
        "trafout_insutype": case.trafout_insutype,
        "trafin_insutype": case.trafin_insutype,
        "opt_chnl": case.lodged["opt_chnl"],
        "origin": case.origin,
        "state": case.state,
        "money_state": case.money_state,
        "applied_at": case.applied_at,
        "accepted_at": case.accepted_at,
        "due_on": due.on if due else None,
        "is_due_soon": any(_is_due_soon(row, today) for row in clocks),
        "is_overdue": any(row.stopped_at is None and row.due_on < today for row in clocks),
        "closed_at": case.closed_at,
    }


def _clock(row: Row[Any], today: date) -> ShownClock:
    ended_on = today if row.stopped_at is None else local_date(row.stopped_at)
    is_overdue = row.overdue_at is not None or ended_on > row.due_on
    readings = [ShownReading.model_validate(reading) for reading in row.readings]
    skipped = [date.fromisoformat(day) for day in row.skipped]
    return ShownClock.model_validate(
        {
            **row._mapping,
            "readings": readings,
            **days_of(row.started_on, row.due_on, skipped, readings),
            "is_due_soon": _is_due_soon(row, today),
            "is_overdue": is_overdue,
        }
    )


def _is_due_soon(row: Row[Any], today: date) -> bool:
    return row.stopped_at is None and row.warn_on <= today <= row.due_on


def _sheets(versions: Sequence[Row[Any]]) -> list[ShownSheet]:
    numbers = [1]
    for before, row in pairwise(versions):
        numbers.append(next_obligation_no(numbers[-1], before.amount, row.amount))
    return [
        ShownSheet.model_validate({**row._mapping, "obligation_no": str(number)})
        for row, number in zip(versions, numbers, strict=False)
    ]
