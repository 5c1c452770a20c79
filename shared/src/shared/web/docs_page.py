"""A page that shows the OpenAPI document without a script or a foreign host: agencies' networks have no Internet."""

from html import escape
from typing import Any

DOCS_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}"
    "code{font-family:ui-monospace,monospace}summary{cursor:pointer;padding:.3rem 0}"
    "table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2rem .5rem;text-align:left}"
    "pre{background:#f5f5f5;padding:.5rem;overflow:auto}"
)


def page(document: dict[str, Any]) -> str:
    """HTML with every operation, its scopes, parameters, bodies and answers, and every schema."""
    info = document["info"]
    operations = "".join(
        _operation(method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    )
    schemas = "".join(
        f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary>{_pre(schema)}</details>'
        for name, schema in document.get("components", {}).get("schemas", {}).items()
    )
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{escape(info["title"])}</title>'
        f"<style>{_STYLE}</style><h1>{escape(info['title'])} <small>{escape(info['version'])}</small></h1>"
        f"<p>{escape(info.get('description', ''))}</p>"
        '<p>机器可读的文档：<a href="/openapi.json"><code>/openapi.json</code></a></p>'
        f"<h2>接口</h2>{operations}<h2>数据结构</h2>{schemas}</html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    scopes = [" ".join(scope for names in entry.values() for scope in names) for entry in operation.get("security", [])]
    answers = "".join(
        f"<tr><td>{escape(status)}</td><td>{escape(answer.get('description', ''))}</td><td>{_content(answer)}</td></tr>"
        for status, answer in operation.get("responses", {}).items()
    )
    parameters = "".join(
        f"<tr><td><code>{escape(parameter['name'])}</code></td><td>{escape(parameter['in'])}</td>"
        f"<td>{'必填' if parameter.get('required') else '可选'}</td></tr>"
        for parameter in operation.get("parameters", [])
    )
    body = _content(operation["requestBody"]) if "requestBody" in operation else ""
    return (
        f"<details><summary><b>{escape(method.upper())}</b> <code>{escape(path)}</code> "
        f"{escape(operation.get('summary', ''))}</summary><p>{escape(operation.get('description', ''))}</p>"
        f"<p>权限：<code>{escape(' 或 '.join(scopes))}</code></p>"
        + (f"<table><tr><th>参数</th><th>位置</th><th></th></tr>{parameters}</table>" if parameters else "")
        + (f"<p>请求正文：{body}</p>" if body else "")
        + f"<table><tr><th>状态</th><th>含义</th><th>内容</th></tr>{answers}</table></details>"
    )


def _content(part: dict[str, Any]) -> str:
    return "<br>".join(
        f"{escape(media_type)} {_schema_name(content.get('schema', {}))}"
        for media_type, content in part.get("content", {}).items()
    )


def _schema_name(schema: dict[str, Any]) -> str:
    reference = schema.get("$ref")
    if reference is None:
        return escape(str(schema.get("title") or schema.get("type", "")))
    name = escape(str(reference).rsplit("/", 1)[-1])
    return f'<a href="#{name}"><code>{name}</code></a>'


def _pre(schema: dict[str, Any]) -> str:
    lines = [
        f"{name}: {_kind(value)}{'  （必填）' if name in schema.get('required', []) else ''}"
        for name, value in schema.get("properties", {}).items()
    ]
    return f"<pre>{escape(chr(10).join(lines) or _kind(schema))}</pre>"


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    for joined in ("anyOf", "oneOf"):
        if joined in schema:
            return " | ".join(_kind(option) for option in schema[joined])
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type", "任意"))
