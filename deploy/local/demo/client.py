"""The demo's way to the services: tokens from the issuer, and calls that are made again while a service is busy."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx2

PATIENCE = 180.0
"""Seconds for which a service may be busy or away before the demo gives up."""
BUSY = {429, 502, 503, 504}


class CallFailed(RuntimeError):
    """A service answered with something that the demo cannot go on from."""


class Client:
    """Calls services by name; `urls` are their base addresses, the issuer's among them."""

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
            CallFailed: an answer other than 2xx, after `PATIENCE` where it says that the service is busy.
        """
        given = {"idempotency-key": str(uuid.uuid4())} if method == "POST" else {}
        deadline, delay = time.monotonic() + PATIENCE, 0.2
        while True:
            sent = given | dict(headers or {}) | {"authorization": f"Bearer {await self._token(caller)}"}
            url = self.urls[service] + path
            try:
                answer = await self.http.request(method, url, json=json, content=content, headers=sent, params=params)
            except httpx2.TransportError as error:
                problem, wait = f"{type(error).__name__} {error}", delay
            else:
                if answer.is_success:
                    return answer
                problem, wait = f"{answer.status_code} {answer.text[:500]}", _retry_after(answer, delay)
                if answer.status_code not in BUSY:
                    raise CallFailed(f"{method} {service}{path}: {problem}")
            if time.monotonic() + wait > deadline:
                raise CallFailed(f"{method} {service}{path}, for {PATIENCE:.0f} s: {problem}")
            await asyncio.sleep(wait)
            delay = min(delay * 2, 5.0)

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
            form |= {"department": "hrss", "district": "510600"}
        answer = await self.http.post(f"{self.urls['issuer']}/oauth2/token", data=form)
        if not answer.is_success:
            raise CallFailed(f"token for {client_id}: {answer.status_code} {answer.text[:200]}")
        given = answer.json()
        self.tokens[client_id] = (given["access_token"], time.monotonic() + given["expires_in"] - 60)
        return str(given["access_token"])


def _retry_after(answer: httpx2.Response, default: float) -> float:
    try:
        return float(answer.headers["retry-after"])
    except (KeyError, ValueError):
        return default


@asynccontextmanager
async def connected(urls: Mapping[str, str], secret: str) -> AsyncIterator[Client]:
    """A client whose connections close at the end."""
    async with httpx2.AsyncClient(timeout=60) as http:
        yield Client(http, urls, secret)
