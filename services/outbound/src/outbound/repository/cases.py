"""Cases: locking, saving, the work list."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_json
from sqlalchemy import RowMapping, Select, bindparam, func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.case import Case, CaseState, SigningRule
from outbound.repository.stage import STAGE
from outbound.tables import outbound_case
from shared.contracts.codes import AcctDisposition, CorrectionKind, Origin
from shared.contracts.events.relation import ReturnReason
from shared.contracts.info_sheet import SheetFinding

_FINDINGS = TypeAdapter(tuple[SheetFinding, ...])
_RETURN_REASONS = TypeAdapter(tuple[ReturnReason, ...])
_COLUMNS = tuple(field.name for field in fields(Case))
_FIXED = {
    "rlts_traf_id",
    "admdvs",
    "trafin_admdvs",
    "trafout_insutype",
    "trafin_insutype",
    "psn_no",
    "psn_insu_rlts_id",
    "psn_name",
    "psn_cert_type",
    "certno",
    "accepted_at",
    "origin",
    "blocking_warnings",
}
_CHANGING = tuple(name for name in _COLUMNS if name not in _FIXED)
_ROWS = "jsonb_populate_recordset(CAST(NULL AS outbound_case), CAST(:rows AS jsonb)) AS r"
# Only our own column names are put in.
_INSERT = text(
    f"INSERT INTO outbound_case ({', '.join(_COLUMNS)})"  # noqa: S608
    f" SELECT {', '.join(f'r.{name}' for name in _COLUMNS)} FROM {_ROWS}"
)
_UPDATE = text(
    f"UPDATE outbound_case AS c SET {', '.join(f'{name} = r.{name}' for name in _CHANGING)}"  # noqa: S608
    f" FROM {_ROWS} WHERE c.rlts_traf_id = r.rlts_traf_id"
)
# Put together once: the statement of some sixty columns is otherwise made and hashed anew for every set of messages.
_CASES: Select[Any] = select(*(outbound_case.c[name] for name in _COLUMNS))
_READ = _CASES.where(outbound_case.c.rlts_traf_id == func.any(bindparam("ids")))
_LOCK = _READ.order_by(outbound_case.c.rlts_traf_id).with_for_update()
_C = outbound_case.c
_TO_SEAL = (
    _CASES.where(_C.is_ready_to_seal, _C.seal_not_before.is_(None) | (_C.seal_not_before <= bindparam("now")))
    .order_by(_C.rlts_traf_id)
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """Which cases of an agency a clerk wants to see; ``overdue_on`` only those due before that day, ``due_soon_on``
    those of the warning.
    """

    admdvs: str
    states: Collection[CaseState]
    trafin_admdvs: str | None = None
    psn_no: str | None = None
    due_until: date | None = None
    overdue_on: date | None = None
    due_soon_on: date | None = None


async def insert_cases(connection: AsyncConnection, cases: Sequence[Case]) -> None:
    """Add new cases."""
    if cases:
        await connection.execute(_INSERT, {"rows": _dump(cases, _COLUMNS)})


async def update_cases(connection: AsyncConnection, cases: Sequence[Case]) -> None:
    """Save cases that the caller has locked."""
    if cases:
        await connection.execute(_UPDATE, {"rows": _dump(cases, ("rlts_traf_id", *_CHANGING))})


async def lock_cases(connection: AsyncConnection, case_numbers: Collection[str]) -> dict[str, Case]:
    """Lock cases in key order, so that two sets never wait for each other in a ring; unknown ones are left out."""
    rows = await connection.execute(_LOCK, {"ids": list(case_numbers)})
    return {row["rlts_traf_id"]: _to_case(row) for row in rows.mappings()}


async def read_cases(connection: AsyncConnection, case_numbers: Collection[str]) -> dict[str, Case]:
    """Cases by number, not locked."""
    rows = await connection.execute(_READ, {"ids": list(case_numbers)})
    return {row["rlts_traf_id"]: _to_case(row) for row in rows.mappings()}


async def load_case(connection: AsyncConnection, admdvs: str, rlts_traf_id: str) -> Case | None:
    """One case of an agency; ``None`` when it is another's or nobody's."""
    query = _CASES.where(outbound_case.c.rlts_traf_id == rlts_traf_id, outbound_case.c.admdvs == admdvs)
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else _to_case(row)


async def list_cases(
    connection: AsyncConnection, wanted: WorkFilter, *, after: tuple[date, str] | None, limit: int
) -> list[Case]:
    """Up to ``limit`` cases, what is due first first, after the key (``due_on``, case number)."""
    c = outbound_case.c
    query = _CASES.where(c.admdvs == wanted.admdvs, c.state.in_([state.value for state in wanted.states]))
    if wanted.trafin_admdvs is not None:
        query = query.where(c.trafin_admdvs == wanted.trafin_admdvs)
    if wanted.psn_no is not None:
        query = query.where(c.psn_no == wanted.psn_no)
    if wanted.due_until is not None:
        query = query.where(c.due_on <= wanted.due_until)
    if wanted.overdue_on is not None:
        query = query.where(c.due_on < wanted.overdue_on)
    if wanted.due_soon_on is not None:
        query = query.where(STAGE.is_due_soon(wanted.due_soon_on))
    if after is not None:
        query = query.where(tuple_(c.due_on, c.rlts_traf_id) > tuple_(*after))
    rows = await connection.execute(query.order_by(c.due_on, c.rlts_traf_id).limit(limit))
    return [_to_case(row) for row in rows.mappings()]


async def cases_to_seal(connection: AsyncConnection, *, now: datetime, limit: int) -> list[Case]:
    """Approved cases whose account is frozen and whose sealing is not postponed beyond ``now``."""
    rows = await connection.execute(_TO_SEAL, {"now": now, "limit": limit})
    return [_to_case(row) for row in rows.mappings()]


async def count_states(connection: AsyncConnection) -> list[tuple[str, str, int]]:
    """How many cases stand where: agency, state, number."""
    query = text("SELECT admdvs, state, count(*) FROM outbound_case GROUP BY admdvs, state ORDER BY 1, 2")
    return [(row[0], row[1], row[2]) for row in await connection.execute(query)]


def _dump(cases: Sequence[Case], names: Sequence[str]) -> str:
    return to_json([{name: getattr(case, name) for name in names} for case in cases]).decode()


def _to_case(row: RowMapping) -> Case:
    values = dict(row)
    values["state"] = CaseState(row["state"])
    values["signing_rule"] = SigningRule(row["signing_rule"])
    values["origin"] = Origin(row["origin"])
    values["acct_disposition"] = AcctDisposition(row["acct_disposition"])
    values["correction_kind"] = None if row["correction_kind"] is None else CorrectionKind(row["correction_kind"])
    values["findings"] = _FINDINGS.validate_python(row["findings"])
    kept = row["blocking_warnings"]
    values["blocking_warnings"] = None if kept is None else tuple(kept)
    values["return_reasons"] = _RETURN_REASONS.validate_python(row["return_reasons"])
    return Case(**values)
