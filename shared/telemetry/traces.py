"""Traces: W3C trace context through HTTP, the outbox, Kafka headers, timers and calls to the outside.

Spans are sent by OTLP over HTTP where OTEL_EXPORTER_OTLP_ENDPOINT, or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, names a collector;
OpenTelemetry's other variables hold too, such as those of sampling. Without a collector nothing is recorded, and only the ids
remain that logs name and that travel with the work.

A span says what kind of work was done and how it ended, never whose: its name and attributes are route templates, types of
events, groups, kinds of timers and statuses, and of an exception only the type.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, Status, StatusCode, TraceState
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import Attributes

ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
LINKS: Final = 2000
"""Links of one span: as many as a batch has events, so that none of them is lost from sight."""
STOP_SECONDS: Final = 2.0
"""How long the end of a process may wait for the collector; spans that it has not taken by then are dropped."""

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("xindun")


def set_up(service: str) -> None:
    """Give this process a tracer, and an exporter where the environment names a collector."""
    exporter = None
    if any(os.environ.get(name) for name in ENDPOINTS):
        # protobuf and requests are loaded only where they are needed
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter()
    trace.set_tracer_provider(make_provider(service, exporter))


def make_provider(service: str, exporter: SpanExporter | None) -> TracerProvider:
    """Spans wait in a bounded queue for a thread of their own that sends them; where it is full they are dropped."""
    resource = Resource.create({"service.namespace": "xindun", "service.name": service})
    if exporter is None:
        return TracerProvider(ALWAYS_OFF, resource, shutdown_on_exit=False)
    provider = TracerProvider(resource=resource, span_limits=SpanLimits(max_links=LINKS), shutdown_on_exit=False)
    provider.sampler = LinkedSampler(provider.sampler)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


def stop() -> None:
    """Send what waits, for a short while at most."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        last = threading.Thread(target=provider.shutdown, daemon=True)
        last.start()
        last.join(STOP_SECONDS)


class LinkedSampler(Sampler):
    """Samples what links to sampled work, and leaves the rest to another: so sampled work can be followed over a link."""

    def __init__(self, rest: Sampler) -> None:
        self._rest = rest

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        if any(link.context.trace_flags.sampled for link in links or ()):
            return SamplingResult(Decision.RECORD_AND_SAMPLE, attributes, trace_state)
        return self._rest.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)

    def get_description(self) -> str:
        return f"LinkedSampler({self._rest.get_description()})"


def headers() -> dict[str, str]:
    """The headers by which a call to the outside carries the trace on."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier


def current_traceparent() -> str | None:
    """The `traceparent` of the span that is under way."""
    return headers().get("traceparent")


def current_trace_id() -> str | None:
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


@contextmanager
def span(
    name: str,
    kind: SpanKind,
    traceparent: str | None = None,
    *,
    links: Iterable[str | None] = (),
    attributes: Mapping[str, str | int] | None = None,
) -> Iterator[trace.Span]:
    """Work under a span that goes on from `traceparent`, or else from the span under way, if there is one.

    `links` are the `traceparent`s of what it goes on from without being part of it. Of an exception the span says the type:
    its text may name people.
    """
    with _tracer.start_as_current_span(
        name,
        context=_context(traceparent) if traceparent else None,
        kind=kind,
        attributes=attributes,
        links=_links(links),
        record_exception=False,
        set_status_on_exception=False,
    ) as active:
        try:
            yield active
        except BaseException as error:
            active.set_attribute("error.type", type(error).__name__)
            active.set_status(Status(StatusCode.ERROR))
            raise


def under(active: trace.Span) -> AbstractContextManager[trace.Span]:
    """Work in another task as a part of a span that does not end there."""
    return trace.use_span(active, record_exception=False, set_status_on_exception=False)


def answered(active: trace.Span, status: int) -> None:
    """Note the status of an HTTP answer. 4xx is an answer, whoever gave it: only 5xx says that something failed."""
    active.set_attribute("http.response.status_code", status)
    if status >= 500:
        active.set_status(Status(StatusCode.ERROR))


def _links(traceparents: Iterable[str | None]) -> list[Link]:
    """One link for each span that is sampled, and so can be found; the others are told by their last digit, and cost nothing."""
    sampled = (one for one in dict.fromkeys(traceparents) if one and one[-1] in "13579bdf")
    spans = (trace.get_current_span(_context(one)) for one in sampled)
    return [Link(context) for one in spans if (context := one.get_span_context()).trace_flags.sampled]


def _context(traceparent: str) -> Context:
    return _propagator.extract({"traceparent": traceparent})
