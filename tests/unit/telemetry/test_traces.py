"""What spans say, which are sent, and that sending never holds anybody up."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode, TraceFlags

from shared.telemetry import traces
from tests.unit.telemetry.conftest import Sent

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SAMPLED, UNSAMPLED = f"00-{TRACE}-00f067aa0ba902b7-01", f"00-{TRACE}-00f067aa0ba902b7-00"


def test_a_span_goes_on_from_the_traceparent_that_it_is_given(sent: Sent) -> None:
    with traces.span("outer", SpanKind.CONSUMER, SAMPLED), traces.span("inner", SpanKind.CLIENT):
        carried = traces.headers()["traceparent"]
    inner, outer = sent()
    assert inner.context is not None
    assert outer.context is not None
    assert outer.parent is not None
    assert inner.parent is not None
    assert (f"{outer.context.trace_id:032x}", f"{outer.parent.span_id:016x}") == (TRACE, "00f067aa0ba902b7")
    assert inner.parent.span_id == outer.context.span_id
    assert carried == f"00-{TRACE}-{inner.context.span_id:016x}-01"


def test_of_an_exception_only_the_type_is_told(sent: Sent) -> None:
    with pytest.raises(ValueError, match="bad number"), traces.span("work", SpanKind.CONSUMER):
        raise ValueError("bad number 51060319900101001X")
    (span,) = sent()
    assert span.status.status_code is StatusCode.ERROR
    assert span.attributes == {"error.type": "ValueError"}
    assert "51060319900101001X" not in span.to_json()


def test_a_span_links_once_to_each_sampled_span_it_is_told(sent: Sent) -> None:
    many = [f"00-{number:032x}-{number:016x}-01" for number in range(1, traces.LINKS + 1)]
    with traces.span("batch", SpanKind.CONSUMER, links=[*many, many[0], None, "nonsense", UNSAMPLED]):
        pass
    (span,) = sent()
    assert [link.context.span_id for link in span.links] == list(range(1, traces.LINKS + 1))


def test_work_under_a_span_belongs_to_it_and_does_not_end_it(sent: Sent) -> None:
    with traces.span("work", SpanKind.CONSUMER) as active:
        inside = traces.current_traceparent()
        with traces.under(active):
            assert traces.current_traceparent() == inside
        assert active.is_recording()
    assert [span.name for span in sent()] == ["work"]


def test_without_a_collector_nothing_is_recorded_but_ids_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "_tracer", traces.make_provider("test", None).get_tracer("test"))
    with traces.span("work", SpanKind.SERVER, SAMPLED) as active:
        assert not active.is_recording()
        assert traces.current_trace_id() == TRACE
    with traces.span("work", SpanKind.SERVER):
        assert traces.current_trace_id()
        assert not int(str(traces.current_traceparent())[-2:], 16) & TraceFlags.SAMPLED


def test_what_links_to_sampled_work_is_sampled_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the sampler that OpenTelemetry's variables name says of it."""
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_always_off")
    exporter = InMemorySpanExporter()
    provider = traces.make_provider("test", exporter)
    monkeypatch.setattr(traces, "_tracer", provider.get_tracer("test"))
    for name, traceparent, links in (
        ("alone", None, []),
        ("part of unsampled work", UNSAMPLED, []),
        ("linked to unsampled work", None, [UNSAMPLED]),
        ("part of sampled work", SAMPLED, []),
        ("linked to sampled work", None, [UNSAMPLED, SAMPLED]),
    ):
        with traces.span(name, SpanKind.CONSUMER, traceparent, links=links):
            pass
    provider.shutdown()
    assert [span.name for span in exporter.get_finished_spans()] == ["part of sampled work", "linked to sampled work"]


class Stuck(SpanExporter):
    """Sends to a collector that takes nothing until it is let go."""

    def __init__(self) -> None:
        self.asked, self.let_go = threading.Event(), threading.Event()
        self.taken = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.asked.set()
        self.let_go.wait(30)
        self.taken += len(spans)
        return SpanExportResult.SUCCESS


def test_where_the_collector_is_stuck_spans_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work goes on meanwhile, and so does the end of the process."""
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "10")
    monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "5")
    monkeypatch.setattr(traces, "STOP_SECONDS", 0.1)
    exporter = Stuck()
    provider = traces.make_provider("test", exporter)
    monkeypatch.setattr(traces, "_tracer", provider.get_tracer("test"))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    started = time.monotonic()
    for _ in range(1000):
        with traces.span("work", SpanKind.SERVER):
            pass
    assert exporter.asked.wait(10)
    traces.stop()
    assert time.monotonic() - started < 10
    assert exporter.taken == 0
    exporter.let_go.set()


def test_what_waits_is_sent_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    exporter = InMemorySpanExporter()
    provider = traces.make_provider("test", exporter)
    monkeypatch.setattr(traces, "_tracer", provider.get_tracer("test"))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    with traces.span("work", SpanKind.SERVER):
        pass
    traces.stop()
    assert [span.name for span in exporter.get_finished_spans()] == ["work"]
