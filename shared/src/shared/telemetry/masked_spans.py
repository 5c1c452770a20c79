"""Spans leave the process masked and without the words of errors: libraries put addresses and data into them."""

from collections.abc import Mapping, Sequence
from typing import Any

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Status

from shared.telemetry.masking import mask_text, mask_value

# What an error says may quote a person's data, which has no shape to mask it by; its kind remains.
_WORDS = frozenset(("exception.message", "exception.stacktrace"))


class MaskingExporter(SpanExporter):
    """Hands masked copies of the spans on to ``exporter``."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export copies without anything that looks like a certificate number."""
        return self._exporter.export([_masked(span) for span in spans])

    def shutdown(self) -> None:
        """Close the exporter behind."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Flush the exporter behind."""
        return self._exporter.force_flush(timeout_millis)


def _masked(span: ReadableSpan) -> ReadableSpan:
    events = [Event(mask_text(event.name), _attributes(event.attributes), event.timestamp) for event in span.events]
    return ReadableSpan(
        name=mask_text(span.name),
        context=span.get_span_context(),
        parent=span.parent,
        resource=span.resource,
        attributes=_attributes(span.attributes),
        events=events,
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _attributes(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: mask_value(value) for key, value in (attributes or {}).items() if key not in _WORDS}
