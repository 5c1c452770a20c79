"""The pull contract as an OpenAPI document, for who builds an agency's core."""

from typing import Any

from pydantic.json_schema import models_json_schema

from shared.contracts.core_facts import CoreFactsAnswer, CoreFactsQuery

PATH = "/v1/facts-queries"
_REF = "#/components/schemas/{model}"


def core_pull_document() -> dict[str, Any]:
    """What a core has to offer where its agency's ``facts_mode`` is pull."""
    _, schemas = models_json_schema(
        [(CoreFactsQuery, "validation"), (CoreFactsAnswer, "validation")], ref_template=_REF
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "核心业务系统 · 参保信息查询（拉取方式）", "version": "1"},
        "security": [{"access_token": []}],
        "paths": {PATH: {"post": _operation()}},
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "access_token": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/token", "scopes": {}}}}
            },
        },
    }


def _operation() -> dict[str, Any]:
    return {
        "summary": "按证件查询参保人的全部记录",
        "requestBody": {"required": True, "content": _json("CoreFactsQuery")},
        "responses": {
            "200": {
                "description": "截至 facts_as_of 的全部记录；查无此人时 persons 为空",
                "content": _json("CoreFactsAnswer"),
            },
            "default": {"description": "其他任何答复都视为“未知”，稍后再次查询，不作为拒绝的依据"},
        },
    }


def _json(model: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REF.format(model=model)}}}
