"""Answers to applications that no case arose from."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert as insert_into
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.tables import answer_without_case


@dataclass(frozen=True, slots=True)
class AnswerWithoutCase:
    """What was answered, when (UTC), about which areas and schemes; ``reasons`` are stated reasons as stored."""

    answer_id: UUID
    answered_at: datetime
    outcome: str
    trafout_admdvs: str
    trafin_admdvs: str
    trafout_insutype: str
    trafin_insutype: str
    reasons: list[dict[str, Any]]


async def insert(connection: AsyncConnection, answers: Sequence[AnswerWithoutCase]) -> None:
    """Keep answers."""
    if answers:
        await connection.execute(insert_into(answer_without_case), [asdict(each) for each in answers])


async def reasons(connection: AsyncConnection, answer_id: UUID) -> list[dict[str, Any]]:
    """The reasons of one answer; empty for an unknown one."""
    query = select(answer_without_case.c.reasons).where(answer_without_case.c.answer_id == answer_id)
    found: list[dict[str, Any]] | None = await connection.scalar(query)
    return found or []
