"""OpenTelemetry spans over HTTP, httpx and SQL; imported only where a collector is configured (it costs memory)."""

from typing import Any

from fastapi import FastAPI

from shared.telemetry.masking import mask_text
from shared.telemetry.trace import follow_spans

_ADDRESSES = ("url.path", "url.full", "url.query", "http.target", "http.url")


def start(service: str, endpoint: str) -> None:
    """Send the spans of this process to ``endpoint`` (OTLP over HTTP, such as ``http://collector:4318``).

    Called before any client or engine is made.
    """
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    HTTPXClientInstrumentor().instrument()
    SQLAlchemyInstrumentor().instrument()
    follow_spans(_present_span)


def watch(app: FastAPI) -> None:
    """Make a span of every request that ``app`` answers."""
    from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

    FastAPIInstrumentor.instrument_app(app, server_request_hook=_mask_addresses)


def _present_span() -> str | None:
    from opentelemetry import trace

    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"


def _mask_addresses(span: Any, _scope: dict[str, Any]) -> None:
    attributes = getattr(span, "attributes", None) or {}
    for name in _ADDRESSES:
        if name in attributes:
            span.set_attribute(name, mask_text(str(attributes[name])))
