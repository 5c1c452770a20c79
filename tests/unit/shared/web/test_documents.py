"""The documents say what the routes do."""

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from shared.web.app import create_app
from shared.web.routing import Router
from tests.unit.shared.web.conftest import router


@pytest.mark.parametrize(
    ("method", "path", "statuses"),
    [
        ("post", "/v1/things", {201, 400, 401, 403, 404, 409, 413, 415, 422, 503}),
        ("get", "/v1/things", {200, 400, 401, 403, 422, 503}),
        ("put", "/v1/things/{number}", {200, 400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503}),
        ("post", "/v1/uploads", {200, 400, 401, 403, 404, 409, 413, 415, 422, 503}),
    ],
)
def test_declares_every_problem(app: FastAPI, method: str, path: str, statuses: set[int]) -> None:
    responses = app.openapi()["paths"][path][method]["responses"]
    assert {int(status) for status in responses} == statuses
    assert responses["422"]["content"] == {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
    }


def test_declares_scopes_and_streamed_bodies(app: FastAPI) -> None:
    document = app.openapi()
    upload = document["paths"]["/v1/uploads"]["post"]
    assert upload["security"] == [{"access_token": ["things:write"]}]
    assert set(upload["requestBody"]["content"]) == {"application/x-ndjson", "text/csv"}
    flow = document["components"]["securitySchemes"]["access_token"]["flows"]["clientCredentials"]
    assert set(flow["scopes"]) == {"things:read", "things:write", "trials:run"}
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_declares_if_match_as_required(app: FastAPI) -> None:
    parameters = app.openapi()["paths"]["/v1/things/{number}"]["put"]["parameters"]
    assert {parameter["name"]: parameter["required"] for parameter in parameters} == {"number": True, "If-Match": True}


def test_documents_need_no_context() -> None:
    app = create_app("样例", "1.0", [router()], None)
    assert "/v1/things" in app.openapi()["paths"]


async def test_serves_documents_to_anybody(stranger: httpx.AsyncClient) -> None:
    document = await stranger.get("/openapi.json")
    docs = await stranger.get("/docs")
    assert document.json()["info"]["title"] == "测试服务"
    assert "/v1/things/{number}" in docs.text
    assert "<script" not in docs.text
    assert "://" not in docs.headers["content-security-policy"]


def test_refuses_routes_without_our_checks() -> None:
    lax = APIRouter()
    lax.add_api_route("/lax", lambda: None)
    strict = Router()
    strict.include_router(lax)
    with pytest.raises(TypeError, match="/lax"):
        create_app("样例", "1.0", [strict], None)
