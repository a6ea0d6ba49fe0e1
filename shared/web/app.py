"""The HTTP app of a service: its routes, who may call, problem answers, health, metrics and documentation."""

from __future__ import annotations

import hmac
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.telemetry import TelemetryConfig
from fastapi_offline import FastAPIOffline
from opentelemetry.trace import SpanKind
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import Forbidden
from shared.telemetry import metrics, traces
from shared.web.auth import Verifier, bearer_of, caller_of
from shared.web.limits import USUAL_BYTES, BodyLimits
from shared.web.openapi import complete_openapi
from shared.web.problems import add_problem_handlers
from shared.web.routes import include

Check = Callable[[], Awaitable[dict[str, str]]]
"""Says what is not ready, by name, with the reason; empty where all is well."""

QUIET = ("/healthz", "/readyz", "/metrics")

NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""Of FastAPI's own telemetry: its spans tell paths and queries, and its logs the texts of exceptions, which name people."""


def make_app(
    title: str,
    description: str,
    routers: Sequence[APIRouter],
    verifier: Verifier,
    not_ready: Check,
    stopped_work: Check,
    measure: Callable[[], Awaitable[object]],
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
    metrics_token: str = "",
) -> FastAPI:
    app: FastAPI = FastAPIOffline(
        title=title, description=description, version="1", lifespan=lifespan, telemetry=NO_TELEMETRY
    )
    app.state.verifier = verifier
    add_problem_handlers(app)
    include(app, routers, max_body_size=USUAL_BYTES)
    _add_operations(app, not_ready, stopped_work, measure, metrics_token)
    complete_openapi(app)
    app.add_middleware(BodyLimits)
    app.add_middleware(Observed)
    return app


def _add_operations(
    app: FastAPI, not_ready: Check, stopped_work: Check, measure: Callable[[], Awaitable[object]], metrics_token: str
) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", include_in_schema=False)
    async def readyz(response: Response) -> dict[str, object]:
        missing = await not_ready()
        response.status_code = 503 if missing else 200
        status = "not ready" if missing else "ready"
        return {"status": status, "missing": sorted(missing), "stopped": sorted(await stopped_work())}

    @app.get("/metrics", include_in_schema=False)
    async def show_metrics(request: Request) -> Response:
        await _check_scraper(request, metrics_token)
        await measure()
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _check_scraper(request: Request, metrics_token: str) -> None:
    """Let in whoever bears the token that metrics are scraped with, or an operator's."""
    given = bearer_of(request)
    if metrics_token and hmac.compare_digest(given.encode(), metrics_token.encode()):
        return
    if (await caller_of(request)).role != "operator":
        raise Forbidden()


class Observed:
    """ASGI middleware that puts a request under a span and counts it by its route, never by its path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in QUIET:
            await self._app(scope, receive, send)
            return
        method, started, status = scope["method"], time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with traces.span(method, SpanKind.SERVER, Headers(scope=scope).get("traceparent")) as active:
            try:
                await self._app(scope, receive, noting)
            finally:
                route = getattr(scope.get("route"), "path", "unknown")
                metrics.HTTP_SECONDS.labels(method, route, status).observe(time.perf_counter() - started)
                active.update_name(f"{method} {route}")
                active.set_attributes({"http.request.method": method, "http.route": route})
                traces.answered(active, status)
