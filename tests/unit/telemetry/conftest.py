from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.telemetry import traces

Sent = Callable[[], Sequence[ReadableSpan]]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sent]:
    """What a process that has a collector sends."""
    exporter = InMemorySpanExporter()
    provider = traces.make_provider("test", exporter)
    monkeypatch.setattr(traces, "_tracer", provider.get_tracer("test"))

    def spans() -> Sequence[ReadableSpan]:
        provider.force_flush()
        return exporter.get_finished_spans()

    yield spans
    provider.shutdown()
