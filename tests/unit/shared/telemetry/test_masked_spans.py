"""No certificate number leaves in a span."""

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Status, StatusCode

from shared.telemetry.masked_spans import MaskingExporter

NUMBER = "11010519491231002X"


def test_masks_every_part_of_a_span() -> None:
    exported = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(MaskingExporter(exported)))
    with provider.get_tracer("test").start_as_current_span("GET /x") as span:
        span.set_attribute("http.url", f"http://peer/{NUMBER}")
        span.add_event("exception", {"exception.message": f"duplicate {NUMBER}"})
        span.set_status(Status(StatusCode.ERROR, f"Key (certno)=({NUMBER}) already exists"))
    (found,) = exported.get_finished_spans()
    assert NUMBER not in found.to_json()
    assert found.to_json().count("[masked]") == 1
    assert found.context.span_id == span.get_span_context().span_id


def test_an_errors_words_stay_at_home() -> None:
    exported = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(MaskingExporter(exported)))
    with (
        pytest.raises(ValueError, match="王小明"),
        provider.get_tracer("test").start_as_current_span("POST /x"),
    ):
        int("王小明")
    (found,) = exported.get_finished_spans()
    assert "王小明" not in found.to_json(indent=None)
    assert "\\u738b" not in found.to_json(indent=None)
    assert found.events[0].attributes is not None
    assert found.events[0].attributes["exception.type"] == "ValueError"
    assert found.status.status_code is StatusCode.ERROR
