"""The demo's way to the services: tokens from the issuer, and calls that are made again while a service is busy or away."""

import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import stamina

PATIENCE = 180.0
"""Seconds for which a service may be busy or away before the demo gives up."""
BUSY = {429, 502, 503, 504}
SAFE = {"GET", "HEAD", "POST"}
"""What may be sent again when nobody knows whether it arrived: every POST carries an idempotency key or is a push."""

OF_UNION = ("officer:demo-union", "officer:demo-union-second", "officer:demo-union-third")
"""Officers of the union; all others are of the labour department."""


class CallFailed(RuntimeError):
    """A service answered with something that the demo cannot go on from, or for too long not at all."""


class Busy(Exception):
    """A service that takes a request later. `after`: when, in seconds, where it said so."""

    def __init__(self, answer: httpx2.Response) -> None:
        super().__init__(_said(answer))
        try:
            self.after: float | None = float(answer.headers["retry-after"])
        except (KeyError, ValueError):
            self.after = None


class Client:
    """Calls services by name; `urls` are their base addresses, the issuer's among them.

    Workers of a service that run apart from its API are `<service>-worker-<number>`.
    """

    def __init__(self, http: httpx2.AsyncClient, urls: Mapping[str, str], secret: str) -> None:
        self.http, self.urls, self.secret = http, urls, secret
        self.tokens: dict[str, tuple[str, float]] = {}

    async def call(
        self,
        caller: str,
        service: str,
        method: str,
        path: str,
        *,
        json: object = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """Call as `caller` (a client id of the issuer). A POST carries an idempotency key, the same at every try.

        Raises:
            CallFailed: an answer other than 2xx, or none, after `PATIENCE` where the service is busy or away.
        """
        given = {"idempotency-key": str(uuid.uuid4())} if method == "POST" else {}
        url = self.urls[service] + path

        async def send() -> httpx2.Response:
            sent = given | dict(headers or {}) | {"authorization": f"Bearer {await self._token(caller)}"}
            return await self.request(method, url, json=json, content=content, headers=sent, params=params)

        answer = await _patiently(method, f"{method} {service}{path}", send)
        if not answer.is_success:
            raise CallFailed(f"{method} {service}{path}: {_said(answer)}")
        return answer

    async def request(
        self,
        method: str,
        url: str,
        *,
        json: object,
        content: bytes | None,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None,
    ) -> httpx2.Response:
        """One request, once.

        Raises:
            httpx2.TransportError: it did not get through, or no answer came.
        """
        return await self.http.request(method, url, json=json, content=content, headers=headers, params=params)

    def processes(self, service: str) -> list[str]:
        """The names of a service's API and of its workers."""
        return [name for name in self.urls if name == service or name.startswith(f"{service}-worker-")]

    async def officer(self, service: str, path: str, **params: str) -> Any:
        """What an officer of the whole city reads at `path`."""
        return (await self.call("officer:demo", service, "GET", path, params=params)).json()

    async def operator(self, service: str, path: str) -> Any:
        """What an operator reads at `path`."""
        return (await self.call("operator:demo", service, "GET", path)).json()

    async def _token(self, client_id: str) -> str:
        token, until = self.tokens.get(client_id, ("", 0.0))
        if time.monotonic() < until:
            return token
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": self.secret}
        if client_id.startswith("officer:"):
            form |= {"department": "union" if client_id in OF_UNION else "hrss", "district": "510600"}
        url = f"{self.urls['issuer']}/oauth2/token"
        answer = await _patiently("POST", f"token for {client_id}", lambda: self.http.post(url, data=form))
        if not answer.is_success:
            raise CallFailed(f"token for {client_id}: {_said(answer)}")
        given = answer.json()
        self.tokens[client_id] = (given["access_token"], time.monotonic() + given["expires_in"] - 60)
        return str(given["access_token"])


async def _patiently(method: str, what: str, send: Callable[[], Awaitable[httpx2.Response]]) -> httpx2.Response:
    """The answer to a request that is sent again while the service is busy, and after a fault of the connection where it
    may be: where it did not get through, or does no harm twice."""

    def again(error: Exception) -> bool | float:
        if isinstance(error, Busy):
            return True if error.after is None else error.after
        return isinstance(error, httpx2.ConnectError) or (isinstance(error, httpx2.TransportError) and method in SAFE)

    try:
        async for attempt in stamina.retry_context(on=again, attempts=None, timeout=PATIENCE, wait_initial=0.2):
            with attempt:
                answer = await send()
                if answer.status_code in BUSY:
                    raise Busy(answer)
                return answer
    except (Busy, httpx2.TransportError) as error:
        raise CallFailed(f"{what}, for {PATIENCE:.0f} s: {type(error).__name__} {error}") from error
    raise AssertionError("unreachable")


def _said(answer: httpx2.Response) -> str:
    return f"{answer.status_code} {answer.text[:500]}"


@asynccontextmanager
async def connected(urls: Mapping[str, str], secret: str) -> AsyncIterator[Client]:
    """A client whose connections close at the end."""
    async with httpx2.AsyncClient(timeout=60) as http:
        yield Client(http, urls, secret)
