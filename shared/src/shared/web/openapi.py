"""The OpenAPI document, with every problem that an operation can answer declared on it."""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from shared.web.authentication import alternatives, required_scopes
from shared.web.problems import MEDIA_TYPE, Problem
from shared.web.routing import StreamedBody, streamed_body

_TEXTS = {
    400: "请求无法解析",
    401: "未通过身份认证",
    403: "没有权限",
    404: "没有找到，或不应为调用方所知",
    409: "当前状态不允许，或同一 Idempotency-Key 正在处理",
    412: "数据已被他人修改",
    413: "请求正文过大",
    415: "不支持的内容类型",
    422: "内容未通过校验",
    428: "缺少 If-Match 请求头",
    503: "暂时不可用，结果未知",
}
_CHANGES = frozenset(("POST", "PUT", "PATCH", "DELETE"))
_FASTAPI_SCHEMAS = ("HTTPValidationError", "ValidationError")


def document(app: FastAPI) -> dict[str, Any]:
    """The document of ``app``; made once and kept, as FastAPI does."""
    if app.openapi_schema:
        return app.openapi_schema
    made = get_openapi(title=app.title, version=app.version, description=app.description or None, routes=app.routes)
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    for name in _FASTAPI_SCHEMAS:
        schemas.pop(name, None)
    schemas.update(_problem_schemas())
    all_scopes: set[str] = set()
    for context, operation, method in _operations(app, made):
        all_scopes.update(one for scope in required_scopes(context.dependant) or [] for one in alternatives(scope))
        _complete(operation, context, method)
    _name_scopes(made, all_scopes)
    app.openapi_schema = made
    return made


def _operations(app: FastAPI, made: dict[str, Any]) -> Iterator[tuple[RouteContext, dict[str, Any], str]]:
    for context in iter_route_contexts(app.routes):
        if not isinstance(context.original_route, APIRoute) or not context.include_in_schema:
            continue
        for method in context.methods or ():
            yield context, made["paths"][context.path_format][method.lower()], method


def _complete(operation: dict[str, Any], context: RouteContext, method: str) -> None:
    own_reading = streamed_body(context.endpoint)
    if own_reading is not None:
        operation["requestBody"] = _streamed_request(own_reading)
    for parameter in operation.get("parameters", []):
        # Optional to FastAPI only, so that its absence is our 428 and not a 422.
        parameter["required"] = parameter["required"] or parameter["name"] == "If-Match"
    if "security" in operation:
        operation["security"] = list(_requirements(operation["security"]))
    responses = operation["responses"]
    for status in _statuses(operation, method):
        responses[str(status)] = responses.get(str(status), {}) | {
            "description": _TEXTS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    operation["responses"] = dict(sorted(responses.items()))


def _requirements(asked: list[dict[str, list[str]]]) -> Iterator[dict[str, list[str]]]:
    """Each of ``asked`` once for every choice among alternative scopes: one requirement that holds is enough."""
    for requirement in asked:
        for choice in product(*(alternatives(scope) for scope in requirement["access_token"])):
            yield {"access_token": list(choice)}


def _statuses(operation: dict[str, Any], method: str) -> list[int]:
    names = {parameter["name"].lower() for parameter in operation.get("parameters", [])}
    places = {parameter["in"] for parameter in operation.get("parameters", [])}
    declared = (int(status) for status in operation["responses"] if status.isdigit())
    found = [400, 422, 503, *(status for status in declared if status in _TEXTS)]
    if operation.get("security"):
        found += [401, 403]
    if "path" in places or method in _CHANGES:
        found.append(404)
    if method in _CHANGES:
        found.append(409)
    if "requestBody" in operation:
        found += [413, 415]
    if "if-match" in names:
        found += [412, 428]
    return found


def _streamed_request(own_reading: StreamedBody) -> dict[str, Any]:
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {"required": True, "content": dict.fromkeys(own_reading.media_types, binary)}


def _problem_schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    inner: dict[str, Any] = schema.pop("$defs", {})
    return {"Problem": schema, **inner}


def _name_scopes(made: dict[str, Any], scopes: set[str]) -> None:
    scheme = made["components"].get("securitySchemes", {}).get("access_token")
    if scheme is not None:
        scheme["flows"]["clientCredentials"]["scopes"] = {scope: scope for scope in sorted(scopes)}


def as_bytes(made: dict[str, Any]) -> bytes:
    """The document as it is served, printed and committed: stable order, readable, one final newline."""
    return (json.dumps(made, ensure_ascii=False, indent=2) + "\n").encode()
