"""RFC 9457 problems: the only place that turns our errors into HTTP."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel, Field
from starlette.responses import Response

from shared.errors import (
    Conflict,
    DomainError,
    FieldError,
    Forbidden,
    InvalidInput,
    NotFound,
    PreconditionFailed,
    TransferError,
    Unavailable,
)
from shared.telemetry.masking import mask_text
from shared.telemetry.trace import trace_id
from shared.web.refusals import Refusal

TYPE_PREFIX: Final = "https://transfer.hsa.example/problems/"
MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = 5
_MAX_ERRORS = 100

_DOMAIN: Final[tuple[tuple[type[DomainError], int, str], ...]] = (
    (NotFound, 404, "没有找到"),
    (Forbidden, 403, "没有权限"),
    (PreconditionFailed, 412, "数据已被他人修改"),
    (Conflict, 409, "当前状态不允许该操作"),
    (InvalidInput, 422, "提交的内容有误"),
    (DomainError, 422, "不符合业务规则"),
)


class ProblemError(BaseModel):
    """One thing wrong with one field."""

    pointer: str = Field(description="RFC 6901 指针：正文内的位置，或 /参数名")
    code: str
    message: str


class Problem(BaseModel):
    """An error as it is answered (RFC 9457)."""

    type: str = Field(description="稳定的问题类型 URI")
    title: str
    status: int
    detail: str
    trace_id: str | None = None
    errors: list[ProblemError] = []


class ProblemResponse(Response):
    """``application/problem+json``."""

    media_type = MEDIA_TYPE


def problem(
    status: int,
    code: str,
    title: str,
    detail: str,
    *,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """A problem document; texts are masked once more, whoever wrote them."""
    body = {
        "type": TYPE_PREFIX + code,
        "title": title,
        "status": status,
        "detail": mask_text(detail),
        "trace_id": trace_id(),
        "errors": [
            {"pointer": mask_text(error.pointer), "code": error.code, "message": mask_text(error.message)}
            for error in errors[:_MAX_ERRORS]
        ],
    }
    return ProblemResponse(json.dumps(body, ensure_ascii=False).encode(), status_code=status, headers=headers)


def of_error(error: TransferError) -> ProblemResponse:
    """The answer to one of our own errors."""
    if isinstance(error, Refusal):
        return problem(
            error.status, error.code, error.title, error.detail, errors=error.errors, headers=error.headers or None
        )
    if isinstance(error, DomainError):
        status, title = next((status, title) for kind, status, title in _DOMAIN if isinstance(error, kind))
        return problem(status, error.code, title, error.message, errors=error.errors)
    if isinstance(error, Unavailable):
        return unavailable()
    return internal()


def unavailable() -> ProblemResponse:
    """Something that we need did not answer: the outcome is unknown and the caller may try again."""
    return problem(
        503,
        "unavailable",
        "服务暂时不可用",
        "所依赖的系统暂时没有答复，结果未知，请稍后用同一 Idempotency-Key 重试。",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


def internal() -> ProblemResponse:
    """An error that nobody foresaw: no details outside, all of them in the log under the trace id."""
    return problem(500, "internal-error", "服务内部错误", "服务出现内部错误，请凭 trace_id 联系运维人员。")
