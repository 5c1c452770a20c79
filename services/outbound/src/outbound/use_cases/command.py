"""Clerks' commands in sets: a result per item, in the order given; one that is refused leaves a trace."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.case import Actor, Case
from outbound.domain.command import Command, Result
from outbound.domain.decision import Decision, note
from outbound.domain.errors import CaseChanged, CaseUnknown, CommandTwice
from outbound.office import Office
from outbound.repository.cases import lock_cases
from outbound.use_cases.save_decisions import save_decisions
from shared.errors import DomainError

T = TypeVar("T")


Decide = Callable[[Case, T], Decision]


async def lock_own_cases(connection: AsyncConnection, admdvs: str, commands: Sequence[Command[T]]) -> dict[str, Case]:
    """The named cases of this agency, locked; another's are left out, as if there were none."""
    found = await lock_cases(connection, [command.rlts_traf_id for command in commands])
    return {number: case for number, case in found.items() if case.admdvs == admdvs}


async def carry_out(
    office: Office,
    connection: AsyncConnection,
    name: str,
    actor: Actor,
    commands: Sequence[Command[T]],
    cases: dict[str, Case],
    decide: Decide[T],
) -> list[Result]:
    """Decide each command on its locked case and save all at once; refusals are written down under ``name``."""
    now = office.now()
    results: list[Result] = []
    decisions: dict[str, Decision] = {}
    for command in commands:
        case = cases.get(command.rlts_traf_id)
        if case is None:
            results.append(Result(command.rlts_traf_id, error=CaseUnknown("没有这个办件")))
            continue
        if command.rlts_traf_id in decisions:
            results.append(Result(command.rlts_traf_id, error=CommandTwice("同一批中重复列出了同一办件")))
            continue
        try:
            _require_seen(command, case)
            decision = decide(case, command.ask)
            results.append(Result(command.rlts_traf_id, case=decision.case))
        except DomainError as error:
            decision = note(case, f"{name}_refused", now, actor, reason=error.code)
            results.append(Result(command.rlts_traf_id, error=error))
        decisions[command.rlts_traf_id] = decision
    await save_decisions(connection, list(decisions.values()), signers=office.signers, now=now)
    return results


def _require_seen(command: Command[T], case: Case) -> None:
    if command.versions is not None and str(case.row_version) not in command.versions:
        raise CaseChanged("办件在您读取之后已被修改，请重新读取后再提交")
