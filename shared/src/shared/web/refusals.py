"""What HTTP itself says no to. Domain rules raise the errors of ``shared.errors`` instead."""

from collections.abc import Mapping, Sequence

from shared.errors import FieldError, TransferError


class Refusal(TransferError):
    """A request that is refused before any rule of the domain is asked."""

    status = 400
    code = "bad-request"
    title = "请求有误"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


class MalformedBody(Refusal):
    """The body is not strict JSON in UTF-8 (RFC 8259, I-JSON's unique names)."""

    code = "malformed-body"
    title = "请求正文无法解析"


class IdempotencyKeyMissing(Refusal):
    """A POST that creates came without its key."""

    code = "idempotency-key-missing"
    title = "缺少 Idempotency-Key 请求头"


class Unauthenticated(Refusal):
    """No token, or one that does not hold (RFC 6750)."""

    status = 401
    code = "unauthenticated"
    title = "未通过身份认证"


class InsufficientScope(Refusal):
    """A good token without the right that this call needs (RFC 6750)."""

    status = 403
    code = "insufficient-scope"
    title = "没有调用权限"


class BodyTooLarge(Refusal):
    """More bytes than this route takes."""

    status = 413
    code = "body-too-large"
    title = "请求正文过大"


class BodyTooSlow(Refusal):
    """The sender stopped in the middle of a body (RFC 9110 §15.5.9)."""

    status = 408
    code = "body-too-slow"
    title = "请求正文中断"


class UnsupportedMediaType(Refusal):
    """A content type that this route does not read."""

    status = 415
    code = "unsupported-media-type"
    title = "不支持的内容类型"


class PreconditionRequired(Refusal):
    """A person's change without ``If-Match`` (RFC 6585)."""

    status = 428
    code = "precondition-required"
    title = "缺少 If-Match 请求头"
