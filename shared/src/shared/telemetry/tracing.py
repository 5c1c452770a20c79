"""OpenTelemetry spans over HTTP, httpx and SQL; imported only where a collector is configured (it costs memory)."""

from fastapi import FastAPI
from sqlalchemy import Engine

from shared.telemetry.trace import follow_spans

_EXPORT_SECONDS = 2.0  # a collector that is down must not hold up a stop


def start(service: str, endpoint: str) -> None:
    """Send the spans of this process to ``endpoint`` (OTLP over HTTP, such as ``http://collector:4318``).

    Called before any client is made.
    """
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    from shared.telemetry.masked_spans import MaskingExporter

    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=_EXPORT_SECONDS)
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(MaskingExporter(exporter)))
    trace.set_tracer_provider(provider)
    HTTPXClientInstrumentor().instrument()
    follow_spans(_present_span)


def watch_engine(engine: Engine) -> None:
    """Make a span of every statement that ``engine`` runs."""
    from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor

    SQLAlchemyInstrumentor().instrument(engine=engine)


def watch(app: FastAPI) -> None:
    """Make a span of every request that ``app`` answers."""
    from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

    FastAPIInstrumentor.instrument_app(app)


def _present_span() -> str | None:
    from opentelemetry import trace

    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"
