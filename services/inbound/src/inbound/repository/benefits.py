"""Benefits decisions: every version appended; those still open beside them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, delete, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.benefits.facts import BenefitFacts
from inbound.domain.benefits.versions import Cause, DecidedBenefits, Stage
from inbound.schemas.benefits import BenefitsShown
from inbound.tables import benefits_decision, open_benefits
from shared.agency.known_person import PersonQuery
from shared.clock import SHANGHAI

_FACTS = TypeAdapter(BenefitFacts)

# The case is locked by whoever appends, so that the next number is free.
_APPEND = text("""
INSERT INTO benefits_decision (rlts_traf_id, version, stage, cause, admdvs, psn_no, sheet_version, facts, decision,
                               policy_version, decided_at)
SELECT d.rlts_traf_id, 1 + coalesce(
           (SELECT max(h.version) FROM benefits_decision h WHERE h.rlts_traf_id = d.rlts_traf_id), 0),
       d.stage, d.cause, d.admdvs, d.psn_no, d.sheet_version, d.facts, d.decision, d.policy_version, :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS d(rlts_traf_id text, stage text, cause text, admdvs text, psn_no text,
    sheet_version int, facts jsonb, decision jsonb, policy_version text)
""")
_DUE = text("""
SELECT o.rlts_traf_id FROM open_benefits o LEFT JOIN person p ON p.admdvs = o.admdvs AND p.psn_no = o.psn_no
WHERE (o.back_pay_until < :today AND o.looked_at < :midnight) OR p.received_at > o.looked_at
ORDER BY o.looked_at, o.rlts_traf_id LIMIT :limit
""")
# While facts are only missing, what the core was asked to allow stays allowed: unknown is not no.
_OPEN = text("""
INSERT INTO open_benefits AS o (rlts_traf_id, admdvs, psn_no, back_pay_until, may_back_pay, looked_at)
SELECT n.rlts_traf_id, n.admdvs, n.psn_no, n.back_pay_until, n.may_back_pay, :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n(rlts_traf_id text, admdvs text, psn_no text, back_pay_until date,
    may_back_pay boolean)
ON CONFLICT (rlts_traf_id) DO UPDATE SET admdvs = excluded.admdvs, psn_no = excluded.psn_no,
    back_pay_until = CASE WHEN excluded.may_back_pay THEN excluded.back_pay_until ELSE o.back_pay_until END,
    may_back_pay = o.may_back_pay OR excluded.may_back_pay, looked_at = excluded.looked_at
""")
_ALLOWED = text("""
SELECT rlts_traf_id FROM open_benefits
WHERE rlts_traf_id = ANY(:cases) AND may_back_pay AND (back_pay_until IS NULL OR back_pay_until >= :today)
""")
# Taken before they are asked: whatever comes of it, nobody asks again today.
_TAKE_TO_ASK = text("""
WITH due AS (
    SELECT rlts_traf_id FROM open_benefits
    WHERE admdvs = ANY(:areas) AND (asked_at IS NULL OR asked_at < :midnight)
    ORDER BY asked_at NULLS FIRST, rlts_traf_id LIMIT :limit FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE open_benefits o SET asked_at = :now FROM due WHERE o.rlts_traf_id = due.rlts_traf_id
    RETURNING o.rlts_traf_id
)
SELECT c.trafin_admdvs, c.psn_cert_type, c.certno, c.psn_name FROM taken JOIN inbound_case c USING (rlts_traf_id)
""")
_LOOKED = text("UPDATE open_benefits SET looked_at = :now WHERE rlts_traf_id = ANY(:cases)")


@dataclass(frozen=True, slots=True)
class BenefitsVersion:
    """One version as it is kept (UTC)."""

    version: int
    stage: Stage
    cause: Cause
    sheet_version: int
    decision: BenefitsShown
    decided_at: datetime
    rlts_traf_id: str


async def add_decisions(connection: AsyncConnection, decided: Sequence[DecidedBenefits], *, now: datetime) -> None:
    """Append a version to each of these cases."""
    if decided:
        rows = json.dumps([_to_row(each) for each in decided], ensure_ascii=False)
        await connection.execute(_APPEND, {"rows": rows, "now": now})


async def decisions_of(connection: AsyncConnection, rlts_traf_id: str) -> list[BenefitsVersion]:
    """All versions of a case, the newest first."""
    query = select(benefits_decision).where(benefits_decision.c.rlts_traf_id == rlts_traf_id)
    rows = await connection.execute(query.order_by(benefits_decision.c.version.desc()))
    return [_to_version(row) for row in rows.mappings()]


async def decisions_of_person(connection: AsyncConnection, admdvs: str, psn_no: str) -> list[BenefitsVersion]:
    """The newest version of each of a person's completed cases here, the newest first."""
    table = benefits_decision.c
    query = (
        select(benefits_decision)
        .ext(distinct_on(table.rlts_traf_id))
        .where(table.admdvs == admdvs, table.psn_no == psn_no, table.stage != Stage.PREVIEW)
        .order_by(table.rlts_traf_id, table.version.desc())
    )
    rows = await connection.execute(query)
    return sorted((_to_version(row) for row in rows.mappings()), key=lambda each: each.decided_at, reverse=True)


async def keep_open(connection: AsyncConnection, decided: Sequence[DecidedBenefits], *, now: datetime) -> None:
    """Open those that are provisional, or keep them open; close all others."""
    await close(connection, [each.rlts_traf_id for each in decided if each.stage is not Stage.PROVISIONAL])
    rows = [
        {
            "rlts_traf_id": each.rlts_traf_id,
            "admdvs": each.admdvs,
            "psn_no": each.psn_no,
            "back_pay_until": _iso(each.decision.outcome.back_pay_until),
            "may_back_pay": each.decision.outcome.may_back_pay,
        }
        for each in decided
        if each.stage is Stage.PROVISIONAL
    ]
    if rows:
        await connection.execute(_OPEN, {"rows": json.dumps(rows), "now": now})


async def close(connection: AsyncConnection, cases: Collection[str]) -> None:
    """Nothing more will change the decisions of these cases."""
    await connection.execute(delete(open_benefits).where(open_benefits.c.rlts_traf_id.in_(sorted(cases))))


async def due(connection: AsyncConnection, *, today: date, limit: int) -> list[str]:
    """Open cases whose last day has passed, or whose person the core has pushed since; longest not looked at first.

    One that stays open after its last day is looked at once a day and keeps nobody else waiting.
    """
    values = {"today": today, "midnight": _midnight(today), "limit": limit}
    return list(await connection.scalars(_DUE, values))


async def take_to_ask(
    connection: AsyncConnection, areas: Collection[str], *, now: datetime, today: date, limit: int
) -> list[PersonQuery]:
    """Whom to ask the cores of ``areas`` about: of open cases not asked about today, the longest ago first."""
    values = {"areas": sorted(areas), "now": now, "midnight": _midnight(today), "limit": limit}
    return [PersonQuery(*row) for row in await connection.execute(_TAKE_TO_ASK, values)]


async def still_open(connection: AsyncConnection, cases: Collection[str]) -> dict[str, bool]:
    """Which of these cases are open, and of each whether the core was asked to allow the back-payment."""
    columns = (open_benefits.c.rlts_traf_id, open_benefits.c.may_back_pay)
    query = select(*columns).where(open_benefits.c.rlts_traf_id.in_(sorted(cases)))
    return {row.rlts_traf_id: row.may_back_pay for row in await connection.execute(query)}


async def still_allowed(connection: AsyncConnection, cases: Collection[str], *, today: date) -> set[str]:
    """Which of these open cases the core was asked to let pay for the interruption, the last day not over yet."""
    return set(await connection.scalars(_ALLOWED, {"cases": sorted(cases), "today": today}))


async def newest_decisions(connection: AsyncConnection, cases: Collection[str]) -> dict[str, BenefitsShown]:
    """What each of these cases was decided last."""
    table = benefits_decision.c
    query = select(table.rlts_traf_id, table.decision).ext(distinct_on(table.rlts_traf_id))
    query = query.where(table.rlts_traf_id.in_(sorted(cases))).order_by(table.rlts_traf_id, table.version.desc())
    return {row.rlts_traf_id: BenefitsShown.model_validate(row.decision) for row in await connection.execute(query)}


async def note_looked(connection: AsyncConnection, cases: Collection[str], *, now: datetime) -> None:
    """These have been looked at."""
    await connection.execute(_LOOKED, {"cases": sorted(cases), "now": now})


def _to_row(decided: DecidedBenefits) -> dict[str, Any]:
    return {
        "rlts_traf_id": decided.rlts_traf_id,
        "stage": decided.stage.value,
        "cause": decided.cause.value,
        "admdvs": decided.admdvs,
        "psn_no": decided.psn_no,
        "sheet_version": decided.sheet_version,
        "facts": _FACTS.dump_python(decided.facts, mode="json"),
        "decision": BenefitsShown.of(decided.decision).model_dump(mode="json"),
        "policy_version": decided.decision.policy_version,
    }


def _to_version(row: RowMapping) -> BenefitsVersion:
    return BenefitsVersion(
        version=row["version"],
        stage=Stage(row["stage"]),
        cause=Cause(row["cause"]),
        sheet_version=row["sheet_version"],
        decision=BenefitsShown.model_validate(row["decision"]),
        decided_at=row["decided_at"],
        rlts_traf_id=row["rlts_traf_id"],
    )


def _midnight(today: date) -> datetime:
    return datetime.combine(today, time.min, SHANGHAI)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
