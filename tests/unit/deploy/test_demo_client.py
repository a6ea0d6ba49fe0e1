"""The demo's calls survive a connection that breaks, and repeat nothing that must not be."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest

from deploy.local.demo.client import CallFailed, Client

TOKEN = json.dumps({"access_token": "t", "expires_in": 600}).encode()


class Server:
    """Answers over kept-alive connections, and hangs up instead at the requests of these numbers (from 1)."""

    def __init__(self, *breaks: int) -> None:
        self.breaks, self.seen, self.keys = set(breaks), 0, set[bytes]()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await self._request(reader):
            self.seen += 1
            if self.seen in self.breaks:
                break
            self.keys |= {line for line in head.split(b"\r\n") if line.lower().startswith(b"idempotency-key")}
            busy = self.seen == 3 and b"/busy" in head
            status = b"503 Busy\r\nRetry-After: 0.05" if busy else b"200 OK"
            writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: %d\r\n\r\n" % len(TOKEN) + TOKEN)
            await writer.drain()
        writer.close()

    async def _request(self, reader: asyncio.StreamReader) -> bytes:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return b""
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                await reader.readexactly(int(line.partition(b":")[2]))
        return head


@asynccontextmanager
async def client(server: Server) -> AsyncIterator[Client]:
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    async with listening, httpx2.AsyncClient(timeout=5) as http:
        yield Client(http, {"issuer": url, "registry": url}, "secret")


@pytest.mark.parametrize("number", [1, 2, 3])
async def test_a_broken_connection_ends_neither_a_call_nor_a_sign_in(number: int) -> None:
    server = Server(number)
    async with client(server) as demo:
        await demo.call("officer:demo", "registry", "POST", "/v1/platform-events", content=b"[]")
        assert await demo.officer("registry", "/v1/statistics") == json.loads(TOKEN)
    assert server.seen == 4
    assert len(server.keys) == 1


async def test_a_change_that_may_have_arrived_is_not_sent_again() -> None:
    server = Server(2)
    async with client(server) as demo:
        with pytest.raises(CallFailed):
            await demo.call("officer:demo", "registry", "PUT", "/v1/enterprises/x", json={})
    assert server.seen == 2


async def test_a_busy_service_is_asked_again_when_it_says() -> None:
    server = Server()
    async with client(server) as demo:
        for _ in range(2):
            await demo.call("officer:demo", "registry", "PUT", "/busy", json={})
    assert server.seen == 4
