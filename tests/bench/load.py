"""The load generator's way to the services: as the demo's, for a third of the processor time, since the cores that it uses are
those of the services."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp
import httpx2

from deploy.local.demo.client import Client

SECONDS = 60
"""How long an answer may take."""


class Load(Client):
    """A client whose requests go through aiohttp, which is written in C where it counts and sends a request in one piece."""

    def __init__(
        self, session: aiohttp.ClientSession, http: httpx2.AsyncClient, urls: Mapping[str, str], secret: str
    ) -> None:
        super().__init__(http, urls, secret)
        self.session = session

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
        sending = self.session.request(method, url, json=json, data=content, headers=headers, params=params)
        try:
            async with sending as answer:
                body = await answer.read()
        except aiohttp.ClientConnectorError as error:
            raise httpx2.ConnectError(str(error)) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise httpx2.TransportError(str(error)) from error
        return httpx2.Response(answer.status, headers=_as_read(answer), content=body)


def _as_read(answer: aiohttp.ClientResponse) -> list[tuple[str, str]]:
    """The headers of a body that is no longer packed."""
    return [(name, value) for name, value in answer.headers.items() if name.lower() != "content-encoding"]


@asynccontextmanager
async def connected(urls: Mapping[str, str], secret: str) -> AsyncIterator[Load]:
    """A client whose connections close at the end."""
    timeout, connector = aiohttp.ClientTimeout(SECONDS), aiohttp.TCPConnector(limit=0)
    async with (
        aiohttp.ClientSession(timeout=timeout, connector=connector) as session,
        httpx2.AsyncClient(timeout=SECONDS) as http,
    ):
        yield Load(session, http, urls, secret)
