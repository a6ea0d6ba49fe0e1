"""The line to the training platform: signed requests, a time-out, and a rest where it does not answer.

POSTs are signed over their body, GETs over their path with its query (Standard Webhooks). Where `TRAINING_PLATFORM_URL` is not set,
there is no such platform, and nothing is exchanged.
"""

from __future__ import annotations

import asyncio
import os
import ssl
from dataclasses import dataclass
from functools import cache
from typing import TypeVar
from urllib.parse import urlencode, urlsplit
from weakref import WeakKeyDictionary

import httpx2
import msgspec
import structlog
from opentelemetry.trace import SpanKind
from standardwebhooks import Webhook

from shared import circuit as rules
from shared import clock
from shared.circuit import Circuit
from shared.ids import new_id
from shared.messaging.timers import TryAgain
from shared.running import Running
from shared.settings import secret
from shared.telemetry import traces

log = structlog.get_logger(__name__)
T = TypeVar("T")

SECONDS = 10.0
CONNECTIONS = 8
IDLE_SECONDS = 3.0
"""How long an idle connection is kept: shorter than servers do, so that none is used that they just closed."""


class Unanswered(RuntimeError):
    """The platform is away, or answered with something that is no answer: to be asked again."""


class Resting(TryAgain, Unanswered):
    """The platform was away a moment ago, and is not asked before `after` seconds have passed."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the platform is; requests are signed with `secret`."""

    url: str
    secret: str


_circuit = Circuit("closed", clock.now())
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx2.AsyncClient] = WeakKeyDictionary()


def address() -> Address | None:
    """Where the platform is reached, from `TRAINING_PLATFORM_URL` and `TRAINING_PLATFORM_SECRET`; None where there is none.

    Raises `SettingMissing` for an address without a secret.
    """
    url = os.environ.get("TRAINING_PLATFORM_URL", "").rstrip("/")
    return Address(url, secret(os.environ, "TRAINING_PLATFORM_SECRET")) if url else None


async def check_settings(_: Running) -> None:
    """Fail at the start rather than at the first course."""
    address()


def reset() -> None:
    """Take the line as sound, as a new process does."""
    _set(Circuit("closed", clock.now()))


async def post(at: Address, path: str, body: object, kind: type[T]) -> T:
    """Send a signed request; raises `Unanswered` where no good answer comes."""
    return _read(await _send(at, "POST", path, msgspec.json.encode(body)), kind)


async def get(at: Address, path: str, query: dict[str, str], kind: type[T]) -> T:
    """Ask with a signed request; raises `Unanswered` where no good answer comes."""
    return _read(await _send(at, "GET", f"{path}?{urlencode(query)}", None), kind)


def _read(response: httpx2.Response, kind: type[T]) -> T:
    if response.status_code != httpx2.codes.OK:
        raise Unanswered(f"status {response.status_code}")
    try:
        return msgspec.json.decode(response.content, type=kind)
    except msgspec.MsgspecError:
        raise Unanswered("not an answer") from None


async def _send(at: Address, method: str, target: str, content: bytes | None) -> httpx2.Response:
    circuit, wait = rules.ask(_circuit, clock.now())
    if wait:
        raise Resting("the training platform does not answer", after=wait.total_seconds())
    _set(circuit)
    sound = False
    try:
        response = await _request(at, method, target, content)
        # 4xx is the platform's own word on a request; 429 and 5xx are not
        sound = response.status_code < 500 and response.status_code != httpx2.codes.TOO_MANY_REQUESTS
    except httpx2.HTTPError as error:
        raise Unanswered(type(error).__name__) from None
    finally:  # also where the call is cancelled: a trial that nobody reports would keep the circuit half open for ever
        _set((rules.answered if sound else rules.failed)(_circuit, clock.now()))
    if not sound:
        raise Unanswered(f"status {response.status_code}")
    return response


async def _request(at: Address, method: str, target: str, content: bytes | None) -> httpx2.Response:
    message_id, now = new_id(), clock.now()
    signed = urlsplit(at.url).path + target if content is None else content.decode()
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(at.secret).sign(message_id, now, signed),
    }
    with traces.span(f"training platform {method} {rules.route_of(target)}", SpanKind.CLIENT) as active:
        carried = headers | traces.headers()
        response = await _client().request(method, at.url + target, content=content, headers=carried)
        traces.answered(active, response.status_code)
    return response


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
        log.warning("training_platform.circuit", before=_circuit.state, now=circuit.state, failures=circuit.failures)
    _circuit = circuit


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
