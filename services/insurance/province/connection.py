"""The line to the province: signed requests, a time-out, and a rest where it does not answer.

POSTs are signed over their body, GETs over their path with its query (Standard Webhooks). All calls of a process share
one circuit (see `circuit`), so that a province that is away is not asked by everything that waits for it.
"""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

import httpx2
import msgspec
import structlog
from opentelemetry.trace import SpanKind
from prometheus_client import Gauge
from pymongo.errors import PyMongoError
from standardwebhooks import Webhook

from shared import circuit as rules
from shared import clock
from shared.circuit import Circuit
from shared.ids import new_id
from shared.messaging.timers import TryAgain
from shared.running import Running
from shared.settings import need, secret
from shared.storage.client import storage
from shared.telemetry import traces

log = structlog.get_logger(__name__)

SECONDS = 10.0
CONNECTIONS = 16
IDLE_SECONDS = 3.0
"""How long an idle connection is kept: shorter than servers do, so that none is used that they just closed."""
CIRCUIT_OPEN = Gauge(
    "xindun_insurance_province_circuit_open",
    "1 while this process sends nothing to the province because it does not answer: ask there.",
)


class Unanswered(RuntimeError):
    """The province is away, or answered with something that is no answer: to be asked again."""


class Resting(TryAgain, Unanswered):
    """The province was away a moment ago, and is not asked before `after` seconds have passed."""


@dataclass(frozen=True, slots=True)
class Address:
    url: str
    secret: str


_circuit = Circuit("closed", clock.now())


def address() -> Address:
    """Where the province is reached, from `PROVINCIAL_URL` and `PROVINCIAL_SECRET`; raises `SettingMissing`."""
    return Address(need(os.environ, "PROVINCIAL_URL").rstrip("/"), secret(os.environ, "PROVINCIAL_SECRET"))


def line() -> Circuit:
    """How the line stands in this process."""
    return _circuit


def reset() -> None:
    """Take the line as sound, as a new process does."""
    _set(Circuit("closed", clock.now()))


async def post(path: str, body: Mapping[str, object]) -> httpx2.Response:
    """Send a signed request; raises `Unanswered` where no answer of the province's own comes."""
    return await _send("POST", path, msgspec.json.encode(body))


async def get(path: str, query: Mapping[str, str] | None = None) -> httpx2.Response:
    """Ask with a signed request; raises `Unanswered` where no answer of the province's own comes."""
    return await _send("GET", f"{path}?{urlencode(query)}" if query else path, None)


def read(response: httpx2.Response, kind: type[Any]) -> Any:
    """The content of a good answer; raises `Unanswered` where it is not one."""
    if response.status_code != httpx2.codes.OK:
        raise Unanswered(f"status {response.status_code}")
    try:
        return msgspec.json.decode(response.content, type=kind)
    except msgspec.MsgspecError:
        raise Unanswered("not an answer") from None


async def _send(method: str, target: str, content: bytes | None) -> httpx2.Response:
    circuit, wait = rules.ask(_circuit, clock.now())
    if wait:
        raise Resting("the province does not answer", after=wait.total_seconds())
    before = _circuit
    _set(circuit)
    sound = False
    try:
        response = await _request(method, target, content)
        # 4xx is the province's own word on a request; 429 and 5xx are not
        sound = response.status_code < 500 and response.status_code != httpx2.codes.TOO_MANY_REQUESTS
    except httpx2.HTTPError as error:
        raise Unanswered(type(error).__name__) from None
    finally:  # also where the call is cancelled: a trial that nobody reports would keep the circuit half open for ever
        _set((rules.answered if sound else rules.failed)(_circuit, clock.now()))
        await _remember(before)
    if not sound:
        raise Unanswered(f"status {response.status_code}")
    return response


async def _remember(before: Circuit) -> None:
    """Store a change of the circuit, for those processes that never call."""
    if (before.state, before.since) == (_circuit.state, _circuit.since):
        return
    row = {"state": _circuit.state, "since": _circuit.since, "failures": _circuit.failures}
    try:
        await storage().collection("province_line").update_one({"_id": "line"}, {"$set": row}, upsert=True)
    except PyMongoError as error:
        log.warning("province.line_not_stored", reason=type(error).__name__)


async def remembered() -> dict[str, Any] | None:
    """How the line stood when it last changed: `state`, `since`, `failures`. None where it never did."""
    return await storage().collection("province_line").find_one({"_id": "line"}, {"_id": 0})


async def _request(method: str, target: str, content: bytes | None) -> httpx2.Response:
    at, message_id, now = address(), new_id(), clock.now()
    signed = target if content is None else content.decode()
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(at.secret).sign(message_id, now, signed),
    }
    with traces.span(f"province {method} {rules.route_of(target)}", SpanKind.CLIENT) as active:
        carried = headers | traces.headers()
        response = await _client().request(method, at.url + target, content=content, headers=carried)
        traces.answered(active, response.status_code)
    return response


_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx2.AsyncClient] = WeakKeyDictionary()


def _client() -> httpx2.AsyncClient:
    """The client of this process, which keeps its connections; it is made at the first call."""
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        limits = httpx2.Limits(max_connections=CONNECTIONS, keepalive_expiry=IDLE_SECONDS)
        _clients[loop] = httpx2.AsyncClient(timeout=SECONDS, verify=_trust(), limits=limits)
    return _clients[loop]


async def close_at_end(_: Running) -> None:
    """Wait for the end of the process, and close the client."""
    try:
        await asyncio.Event().wait()
    finally:
        client = _clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()


def _set(circuit: Circuit) -> None:
    global _circuit
    if circuit.state != _circuit.state:
        CIRCUIT_OPEN.set(circuit.state != "closed")
        log.warning("province.circuit", before=_circuit.state, now=circuit.state, failures=circuit.failures)
    _circuit = circuit


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
