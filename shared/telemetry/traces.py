"""Traces: W3C trace context through HTTP, the outbox and Kafka headers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("xindun")


def set_up(service: str) -> None:
    """Give this process a tracer. Exporters are added by OpenTelemetry's own environment where they are installed."""
    trace.set_tracer_provider(TracerProvider(resource=Resource.create({"service.name": service})))


def current_traceparent() -> str | None:
    """The `traceparent` of the span that is under way."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


def current_trace_id() -> str | None:
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


@contextmanager
def span(name: str, kind: SpanKind, traceparent: str | None) -> Iterator[trace.Span]:
    """Work under a span that goes on from `traceparent`; an exception is recorded on it and raised on."""
    context = _propagator.extract({"traceparent": traceparent}) if traceparent else None
    with _tracer.start_as_current_span(name, context=context, kind=kind) as active:
        yield active
