"""Calling a stranger's address: only on the open internet, never further than it, and never for long.

A name is resolved once for a connection; its addresses are checked, and the connection goes to one that was checked, while TLS
and `Host` keep the name. So no answer of a name server can lead the call into our own network (SSRF). This is `httpcore2`
below its client `httpx2`, which has no place for a network backend of one's own, and would follow proxies, redirects and
compressed answers, none of which is wanted here.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import time
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import httpcore2
from opentelemetry.trace import SpanKind
from standardwebhooks import Webhook

from services.notifier import settings
from services.notifier.webhooks import rules
from shared.errors import RuleBroken
from shared.telemetry import traces

SECONDS = 15.0
"""How long one call may take, from the name's resolution to the end of the answer."""
CONNECTIONS = 16
IDLE_SECONDS = 3.0
LONGEST_ANSWER = 4096
"""Bytes of an answer that are read."""


_names = ThreadPoolExecutor(CONNECTIONS, "webhook-names")
"""Threads of our own: strangers' name servers may hang, which must not hold up the names of gateways."""


class AddressForbidden(httpcore2.ConnectError):
    """The name stands for an address that must not be called."""


class CheckedNetwork(httpcore2.AsyncNetworkBackend):
    """Connects to addresses of the open internet alone, and to the hosts that the deployment names."""

    def __init__(self, allowed_hosts: Collection[str]) -> None:
        self._allowed, self._inner = frozenset(allowed_hosts), httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is the library's
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        addresses = await resolve(host, port)
        if host not in self._allowed and not all(rules.may_be_called(address) for address in addresses):
            raise AddressForbidden("an address that must not be called")
        failure: Exception = httpcore2.ConnectError("the name has no address")
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure


async def resolve(host: str, port: int) -> list[str]:
    """The addresses that a name stands for now; raises `ConnectError` where it stands for none."""
    asked = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = await asyncio.get_running_loop().run_in_executor(_names, asked)
    except (OSError, UnicodeError):
        raise httpcore2.ConnectError("the name is not known") from None
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Answer:
    """How a call ended; `rest` is how long the other side asks to be left alone."""

    outcome: rules.Outcome
    milliseconds: int
    status: int | None = None
    rest: dt.timedelta = dt.timedelta()
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Caller:
    """The way out to platforms' addresses."""

    pool: httpcore2.AsyncConnectionPool
    allowed_hosts: frozenset[str]

    async def post(self, url: str, secrets: Iterable[str], webhook_id: str, body: str, now: dt.datetime) -> Answer:
        """Send one webhook, signed with each of the secrets, and say how that ended; nothing is raised for the other side."""
        began = time.monotonic()

        def ended(outcome: rules.Outcome, **said: object) -> Answer:
            return Answer(outcome, round((time.monotonic() - began) * 1000), **said)  # type: ignore[arg-type]

        try:
            # registered before the deployment named other hosts: what may not be registered now is not called either
            rules.checked_url(url, self.allowed_hosts)
        except RuleBroken:
            return ended("address_forbidden")
        headers = headers_of(secrets, webhook_id, body, now)
        try:
            # our trace ends here: its id is no affair of a stranger
            with traces.span("send a webhook", SpanKind.CLIENT) as active:
                async with asyncio.timeout(SECONDS):
                    status, retry_after, answer = await self._exchange(url, headers, body.encode())
                traces.answered(active, status)
        except AddressForbidden:
            return ended("address_forbidden")
        except (TimeoutError, httpcore2.TimeoutException):
            return ended("timed_out")
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.UnsupportedProtocol, OSError):
            return ended("unreachable")
        outcome = rules.outcome_of(status)
        rest = dt.timedelta() if outcome == "delivered" else rules.rest_of(retry_after, status, now)
        return ended(outcome, status=status, rest=rest, body=answer)

    async def _exchange(self, url: str, headers: list[tuple[str, str]], body: bytes) -> tuple[int, str | None, bytes]:
        read = b""
        async with self.pool.stream("POST", url, headers=headers, content=body) as response:
            async for part in response.aiter_stream():
                read += part
                if len(read) > LONGEST_ANSWER:
                    break  # the connection is closed with the rest unread
            found = {name.lower(): value for name, value in response.headers}
        retry_after = found.get(b"retry-after")
        return response.status, retry_after.decode("latin-1") if retry_after else None, read[:LONGEST_ANSWER]


def headers_of(secrets: Iterable[str], webhook_id: str, body: str, now: dt.datetime) -> list[tuple[str, str]]:
    """The headers of Standard Webhooks, with a signature for each secret that is valid, apart by blanks."""
    return [
        ("content-type", "application/json"),
        ("user-agent", "Xindun-Webhooks/1"),
        ("webhook-id", webhook_id),
        ("webhook-timestamp", str(int(now.timestamp()))),
        ("webhook-signature", " ".join(Webhook(secret).sign(webhook_id, now, body) for secret in secrets)),
    ]


def make_caller(allowed_hosts: Iterable[str]) -> Caller:
    allowed = frozenset(allowed_hosts)
    pool = httpcore2.AsyncConnectionPool(
        ssl_context=httpcore2.default_ssl_context(),
        max_connections=CONNECTIONS,
        max_keepalive_connections=CONNECTIONS,
        keepalive_expiry=IDLE_SECONDS,
        network_backend=CheckedNetwork(allowed),
    )
    return Caller(pool, allowed)


_caller: Caller | None = None


def caller() -> Caller:
    """The opened way out."""
    if _caller is None:
        raise RuntimeError("the way out to platforms is not opened")
    return _caller


async def open_caller(_: object) -> None:
    global _caller
    _caller = make_caller(settings.webhook_hosts())


async def close_caller_at_end(_: object) -> None:
    """Wait for the end of the process, and close the connections."""
    opened = caller()
    try:
        await asyncio.Event().wait()
    finally:
        await opened.pool.aclose()
