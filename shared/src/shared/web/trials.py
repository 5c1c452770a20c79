"""试算: what would be decided, for one or for many, and nothing stored.

A service adds two routes for what it decides: ``POST /trials/<what>`` (an ordinary route) and ``POST
/trials/<what>/batch``, which reads one trial a line and answers one line for each, in order, as they come.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, TypeVar

from fastapi import Security
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from shared.errors import DomainError, FieldError
from shared.settings import MEBIBYTE
from shared.web.authentication import Principal, authenticated
from shared.web.ndjson import NDJSON, Line, read_line, split_lines
from shared.web.refusals import Refusal

Trier = Annotated[Principal, Security(authenticated, scopes=["trials:run"])]

NDJSON_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"description": "每行一个结果，顺序与提交一致", "content": {NDJSON: {}}}
}
"""What a batch route declares as its ``responses``, with ``response_class=StreamingResponse``."""

MAX_BATCH_BYTES = 1024 * MEBIBYTE
"""A year's cases of a large area."""
_MAX_LINE_BYTES = 256 * 1024
_MAX_ERRORS = 20

Trial = TypeVar("Trial", bound=BaseModel)
Decide = Callable[[Trial], BaseModel]


def max_trial_bytes(_context: object) -> int:
    """How long a batch may be; declared with ``streamed(NDJSON, limit=max_trial_bytes)``."""
    return MAX_BATCH_BYTES


def trial_lines(request: Request, model: type[Trial], decide: Decide[Trial]) -> StreamingResponse:
    """``{"line", "answer"}`` for each line of the body, or ``{"line", "errors"}`` where it is wrong; empty ones are
    left out. ``decide`` may raise ``DomainError``, which is that line's error. Memory is bounded by a line.
    """
    return _WhileReading(_answers(request, model, decide), media_type=NDJSON)


class _WhileReading(StreamingResponse):
    """Answers while the body is still being read: nobody else may take its messages to look for a disconnect."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await self.stream_response(send)


async def _answers(request: Request, model: type[Trial], decide: Decide[Trial]) -> AsyncIterator[bytes]:
    number = 0
    try:
        async for line in split_lines(request.stream(), max_line_bytes=_MAX_LINE_BYTES):
            number = line.number
            if line.content is None or line.content.strip():
                yield _answer(line, model, decide)
            # Thousands of lines come in one piece, empty ones too; others are served in between.
            await asyncio.sleep(0)
    except Refusal as refusal:
        # Too long or broken off: the status has gone out already, so the last line says it.
        yield _errors(number + 1, [FieldError("", refusal.code, refusal.detail)])


def _answer(line: Line, model: type[Trial], decide: Decide[Trial]) -> bytes:
    trial, errors = read_line(line, model)
    if trial is None:
        return _errors(line.number, errors)
    try:
        answer = decide(trial)
    except DomainError as error:
        return _errors(line.number, error.errors or [FieldError("", error.code, error.message)])
    return b'{"line":%d,"answer":%b}\n' % (line.number, answer.model_dump_json().encode())


def _errors(number: int, errors: list[FieldError] | tuple[FieldError, ...]) -> bytes:
    shown = [{"pointer": each.pointer, "code": each.code, "message": each.message} for each in errors[:_MAX_ERRORS]]
    return json.dumps({"line": number, "errors": shown}, ensure_ascii=False).encode() + b"\n"
