"""Nobody makes a service read more than a route needs: without a token nothing, with one no more than the limit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from services.notifier.receipts import api as receipts_api
from shared.callers import Caller
from shared.web.auth import Verifier
from shared.web.limits import MEGABYTE
from tests.contract.test_openapi import SERVICES, app_of

ENDLESS = 100
"""Pieces of a megabyte."""
LARGEST = 25
"""Megabytes that some route takes: six photos."""

READ_RAW = {"/v1/platform-events", "/v1/outlet-lists"}
"""Routes that read their body themselves."""

OPEN = {
    "/v1/sms-receipts",
    "/v1/push-receipts",
    "/v1/anonymous-reports",
    "/v1/anonymous-reports/completion",
    "/v1/anonymous-reports/confidence",
    "/v1/anonymous-reports/decision",
    "/v1/anonymous-reports/follow-up",
    "/v1/anonymous-reports/recusal-requests",
    "/v1/anonymous-reports/recusal-requests/follow-up",
    "/v1/anonymous-reports/reopening",
    "/v1/anonymous-reports/satisfaction",
    "/v1/anonymous-reports/withdrawal",
}

BY_ADDRESS = "/v1/sms-receipts/tencent/{token}"
"""The route whose secret is in its address."""


def writing(name: str) -> list[tuple[str, RouteContext]]:
    """The methods and routes of a service that may be sent a body."""
    return [
        (method, route)
        for route in iter_route_contexts(app_of(name).routes)
        if isinstance(route.original_route, APIRoute)
        for method in sorted((route.methods or set()) - {"GET"})
    ]


class Endless:
    """A body that does not end, and how much of it was read."""

    def __init__(self) -> None:
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(ENDLESS):
            self.read += 1
            yield b"[" * MEGABYTE


async def send(name: str, method: str, route: RouteContext, body: Endless, **headers: str) -> httpx2.Response:
    path = str(route.path).format(**dict.fromkeys(route.param_convertors, "2026-01"))
    transport = httpx2.ASGITransport(app=app_of(name), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://service.test") as http:
        return await http.request(method, path, content=body, headers={"Content-Type": kind_of(route), **headers})


def kind_of(route: RouteContext) -> str:
    if route.path == "/v1/platform-events":
        return "application/x-ndjson"
    form = route.body_field is not None and type(route.body_field.field_info).__name__ in ("Form", "File")
    return "multipart/form-data; boundary=x" if form else "application/json"


@pytest.mark.parametrize("name", SERVICES)
async def test_without_a_token_no_body_is_read(name: str) -> None:
    for method, route in writing(name):
        if route.path in OPEN or route.path == BY_ADDRESS:
            continue
        body = Endless()
        answer = await send(name, method, route, body)
        assert (answer.status_code, body.read) == (401, 0), route.path
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", SERVICES)
async def test_with_a_token_no_body_is_read_beyond_the_limit(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def postal_officer(verifier: Verifier, token: str) -> Caller:
        return Caller("officer:1", "officer", department="postal", district="510600")

    async def platform(verifier: Verifier, token: str) -> Caller:
        return Caller("platform:1", "platform", uscc="91510600MA00000172")

    for method, route in writing(name):
        if route.path in OPEN or route.path == BY_ADDRESS or (route.body_field is None and route.path not in READ_RAW):
            continue
        monkeypatch.setattr(Verifier, "verify", platform if route.path == "/v1/platform-events" else postal_officer)
        body = Endless()
        answer = await send(name, method, route, body, **{"Authorization": "Bearer x", "Idempotency-Key": "1"})
        assert body.read <= LARGEST + 1
        assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large"), route.path


@pytest.mark.parametrize("path", sorted(OPEN))
async def test_what_is_open_is_bounded_too(path: str) -> None:
    """A declared length is believed at once: nothing of the body is read."""
    [(name, route)] = [(name, route) for name in SERVICES for _, route in writing(name) if route.path == path]
    body = Endless()
    answer = await send(name, "POST", route, body)
    assert (answer.status_code, body.read) == (413, 2)
    declared = Endless()
    answer = await send(name, "POST", route, declared, **{"Content-Length": str(ENDLESS * MEGABYTE)})
    assert (answer.status_code, declared.read) == (413, 0)


@pytest.mark.parametrize(
    "text",
    [b'{"union_id": "\\ud800"}', b'{"union_id": NaN}', b'{"union_id": "\xff"}', b'{"union_id": ' + b"[" * 90_000],
    ids=["surrogate", "nan", "bytes", "deep"],
)
async def test_what_is_no_json_by_the_letter_is_a_422(text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def worker(verifier: Verifier, token: str) -> Caller:
        return Caller("worker:1", "worker", worker_id="1")

    monkeypatch.setattr(Verifier, "verify", worker)
    transport: Any = httpx2.ASGITransport(app=app_of("registry"), raise_app_exceptions=False)
    headers = {"Authorization": "Bearer x", "Idempotency-Key": "1", "Content-Type": "application/json"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://service.test") as http:
        for path in ("/v1/memberships", "/v1/cooperations"):
            answer = await http.post(path, content=text, headers=headers)
            assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request"), path


@pytest.mark.parametrize(("secret", "status", "read"), [("2026-01", 413, 2), ("another", 401, 0)])
async def test_reports_to_an_address_are_bounded_and_unread_elsewhere(
    monkeypatch: pytest.MonkeyPatch, secret: str, status: int, read: int
) -> None:
    monkeypatch.setattr(receipts_api, "opened", lambda: SimpleNamespace(receipt_token=secret))
    [route] = [route for _, route in writing("notifier") if route.path == BY_ADDRESS]
    body = Endless()
    assert ((await send("notifier", "POST", route, body)).status_code, body.read) == (status, read)
