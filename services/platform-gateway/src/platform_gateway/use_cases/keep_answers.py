"""Keep what was answered to applications that no case arises from: each outcome apart, and nobody's data."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.screened import Screened, outcome_of
from platform_gateway.repository import answers
from platform_gateway.repository.answers import AnswerWithoutCase
from platform_gateway.use_cases.screen_applications import reason_document
from shared.messaging.ids import new_ids


async def keep_answers(connection: AsyncConnection, screened: Sequence[Screened], now: datetime) -> list[UUID]:
    """Keep an answer for each of ``screened`` that has no case; their ids, in order."""
    without_case = [one for one in screened if one.case is None]
    ids = new_ids(now, len(without_case))
    kept = [_answer(answer_id, one, now) for answer_id, one in zip(ids, without_case, strict=True)]
    await answers.insert(connection, kept)
    return list(ids)


def _answer(answer_id: UUID, screened: Screened, now: datetime) -> AnswerWithoutCase:
    application = screened.application
    return AnswerWithoutCase(
        answer_id=answer_id,
        answered_at=now,
        outcome=outcome_of(screened).value,
        trafout_admdvs=application.trafout_admdvs,
        trafin_admdvs=application.trafin_admdvs,
        trafout_insutype=application.trafout_insutype,
        trafin_insutype=application.trafin_insutype,
        reasons=[reason_document(reason) for reason in screened.reasons],
    )
