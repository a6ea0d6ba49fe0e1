"""A collector of traces: takes what services send by OTLP over HTTP, and keeps it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

SpanId = tuple[bytes, bytes]
"""A trace's id, and a span's in it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A span as it came: of which service, and the spans that it is part of and links to."""

    service: str
    name: str
    kind: int
    id: SpanId
    parent: SpanId
    links: frozenset[SpanId]


@dataclass
class Collector:
    """`url` is what OTEL_EXPORTER_OTLP_ENDPOINT must name; `bodies` are the requests as they came."""

    url: str
    bodies: list[bytes] = field(default_factory=list)

    @property
    def spans(self) -> list[Told]:
        return [told for body in self.bodies for told in _read(body)]


@contextmanager
def collector() -> Iterator[Collector]:
    """A collector on a port of its own, on loopback."""

    class Taking(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            known = self.path == "/v1/traces" and self.headers["content-type"] == "application/x-protobuf"
            if known:
                kept.bodies.append(body)
            self.send_response(200 if known else 404)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    kept = Collector(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()


def _read(body: bytes) -> Iterator[Told]:
    for sent in ExportTraceServiceRequest.FromString(body).resource_spans:
        resource = {one.key: one.value.string_value for one in sent.resource.attributes}
        for scope in sent.scope_spans:
            for span in scope.spans:
                yield Told(
                    resource["service.name"],
                    span.name,
                    span.kind,
                    (span.trace_id, span.span_id),
                    (span.trace_id, span.parent_span_id),
                    frozenset((link.trace_id, link.span_id) for link in span.links),
                )
