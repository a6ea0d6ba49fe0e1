"""A line to an outside system: signed requests, a time-out, and a rest where it does not answer.

POSTs are signed over their body, GETs over their path with its query (Standard Webhooks). All calls of a process on one line share
a circuit (see `circuit`), so that a system that is away is not asked by everything that waits for it.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar
from urllib.parse import urlencode, urlsplit
from weakref import WeakKeyDictionary

import httpx2
import msgspec
import structlog
from opentelemetry.trace import SpanKind
from prometheus_client import Gauge
from standardwebhooks import Webhook

from shared import circuit as rules
from shared import clock
from shared.circuit import Circuit
from shared.ids import new_id
from shared.messaging.timers import TryAgain
from shared.running import Running
from shared.telemetry import traces

log = structlog.get_logger(__name__)
T = TypeVar("T")

SECONDS = 10.0
IDLE_SECONDS = 3.0
"""How long an idle connection is kept: shorter than servers do, so that none is used that they just closed."""


class Unanswered(RuntimeError):
    """The system is away, or answered with something that is no answer: to be asked again."""


class Resting(TryAgain, Unanswered):
    """The system was away a moment ago, and is not asked before `after` seconds have passed."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a system is; requests are signed with `secret`."""

    url: str
    secret: str


class Line:
    """One process's line to the system called `name`. `address` says where it is, None where there is no such system.

    `open_gauge` is 1 while nothing is sent; `remember` stores each change of the circuit for processes that never call.
    """

    def __init__(
        self,
        name: str,
        address: Callable[[], Address | None],
        *,
        connections: int = 8,
        open_gauge: Gauge | None = None,
        remember: Callable[[Circuit], Awaitable[None]] | None = None,
    ) -> None:
        self.name, self.seconds = name, SECONDS
        self._address, self._connections = address, connections
        self._open_gauge, self._remember = open_gauge, remember
        self._circuit = Circuit("closed", clock.now())
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx2.AsyncClient] = WeakKeyDictionary()

    @property
    def circuit(self) -> Circuit:
        """How the line stands in this process."""
        return self._circuit

    def reset(self) -> None:
        """Take the line as sound, as a new process does."""
        self._set(Circuit("closed", clock.now()))

    async def post(self, path: str, body: object) -> httpx2.Response:
        """Send a signed request; raises `Unanswered` where no answer of the system's own comes."""
        return await self._send("POST", path, msgspec.json.encode(body))

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> httpx2.Response:
        """Ask with a signed request; raises `Unanswered` where no answer of the system's own comes."""
        return await self._send("GET", f"{path}?{urlencode(query)}" if query else path, None)

    async def _send(self, method: str, target: str, content: bytes | None) -> httpx2.Response:
        circuit, wait = rules.ask(self._circuit, clock.now())
        if wait:
            raise Resting(f"the {self.name} does not answer", after=wait.total_seconds())
        before = self._circuit
        self._set(circuit)
        sound = False
        try:
            response = await self._request(method, target, content)
            # 4xx is the system's own word on a request; 429 and 5xx are not
            sound = response.status_code < 500 and response.status_code != httpx2.codes.TOO_MANY_REQUESTS
        except httpx2.HTTPError as error:
            raise Unanswered(type(error).__name__) from None
        finally:  # also where the call is cancelled: a trial that nobody reports would keep the circuit half open for ever
            self._set((rules.answered if sound else rules.failed)(self._circuit, clock.now()))
            if self._remember is not None and (before.state, before.since) != (
                self._circuit.state,
                self._circuit.since,
            ):
                await self._remember(self._circuit)
        if not sound:
            raise Unanswered(f"status {response.status_code}")
        return response

    async def _request(self, method: str, target: str, content: bytes | None) -> httpx2.Response:
        at, message_id, now = self._address(), new_id(), clock.now()
        if at is None:
            raise Unanswered(f"there is no {self.name}")
        signed = urlsplit(at.url).path + target if content is None else content.decode()
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(at.secret).sign(message_id, now, signed),
        }
        with traces.span(f"{self.name} {method} {rules.route_of(target)}", SpanKind.CLIENT) as active:
            carried = headers | traces.headers()
            url, client = at.url + target, self._client()
            response = await client.request(method, url, content=content, headers=carried, timeout=self.seconds)
            traces.answered(active, response.status_code)
        return response

    def _client(self) -> httpx2.AsyncClient:
        """The client of this process, which keeps its connections; it is made at the first call."""
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            limits = httpx2.Limits(max_connections=self._connections, keepalive_expiry=IDLE_SECONDS)
            self._clients[loop] = httpx2.AsyncClient(verify=_trust(), limits=limits)
        return self._clients[loop]

    async def close_at_end(self, _: Running) -> None:
        """Wait for the end of the process, and close the client."""
        try:
            await asyncio.Event().wait()
        finally:
            client = self._clients.pop(asyncio.get_running_loop(), None)
            if client is not None:
                await client.aclose()

    def _set(self, circuit: Circuit) -> None:
        if circuit.state != self._circuit.state:
            if self._open_gauge is not None:
                self._open_gauge.set(circuit.state != "closed")
            names = {"before": self._circuit.state, "now": circuit.state, "failures": circuit.failures}
            log.warning("line.circuit", line=self.name, **names)
        self._circuit = circuit


def read(response: httpx2.Response, kind: type[T]) -> T:
    """The content of a good answer; raises `Unanswered` where it is not one."""
    if response.status_code != httpx2.codes.OK:
        raise Unanswered(f"status {response.status_code}")
    try:
        return msgspec.json.decode(response.content, type=kind)
    except msgspec.MsgspecError:
        raise Unanswered("not an answer") from None


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
