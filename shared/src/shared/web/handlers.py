"""Which handler answers which exception."""

from http import HTTPStatus
from typing import cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared.errors import TransferError
from shared.web import problems
from shared.web.leftover_body import discard_rest
from shared.web.refusals import BodyTooLarge, IdempotencyKeyMissing
from shared.web.validation import field_errors

_HTTP_TEXTS = {
    400: ("bad-request", "请求有误", "请求无法处理。"),
    404: ("not-found", "没有找到", "没有这个地址，或没有这项内容。"),
    405: ("method-not-allowed", "不支持的方法", "该地址不支持这种请求方法。"),
    406: ("not-acceptable", "无法按要求的格式答复", "无法按要求的内容类型答复。"),
}


def install(app: FastAPI) -> None:
    """Answer our own errors, HTTP's and pydantic's as problems; all others are the outermost middleware's."""
    app.add_exception_handler(TransferError, _on_transfer_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_validation_error)


async def _on_transfer_error(request: Request, error: Exception) -> Response:
    if isinstance(error, BodyTooLarge):
        await discard_rest(request)
    return problems.of_error(cast(TransferError, error))


async def _on_http_exception(request: Request, error: Exception) -> Response:
    raised = cast(HTTPException, error)
    headers = {"Allow": _allowed(request)} if raised.status_code == HTTPStatus.METHOD_NOT_ALLOWED else raised.headers
    code, title, detail = _HTTP_TEXTS.get(
        raised.status_code,
        (HTTPStatus(raised.status_code).phrase.lower().replace(" ", "-"), "请求有误", "请求无法处理。"),
    )
    return problems.problem(raised.status_code, code, title, detail, headers=headers)


async def _on_validation_error(_request: Request, error: Exception) -> Response:
    raised = cast(RequestValidationError, error)
    found = raised.errors()
    if any(item["type"] == "missing" and item["loc"] == ("header", "Idempotency-Key") for item in found):
        return problems.of_error(IdempotencyKeyMissing("创建类请求须带 Idempotency-Key 请求头，重试时保持不变。"))
    return problems.problem(
        422,
        "invalid-input",
        "提交的内容有误",
        "提交的内容未通过校验，请按 errors 逐项更正。",
        errors=field_errors(found, raised.body),
    )


def _allowed(request: Request) -> str:
    """Every method of the address (RFC 9110 §15.5.6); the router itself names those of its first route only."""
    path = request.scope["path"]
    found: set[str] = set()
    for context in iter_route_contexts(request.app.routes):
        if context.methods and context.path_regex.match(path):
            found |= context.methods
    return ", ".join(sorted(found))
