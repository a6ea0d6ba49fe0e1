"""What may stand and happen between a platform and the gateway, as a script says it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from shared.web.problems import Problem

PUSH = "/v1/platform-events"
HOP = {"host", "connection", "content-length", "transfer-encoding"}
"""Headers of one connection only."""


@dataclass(frozen=True)
class Step:
    """What becomes of one request: whether it reaches the gateway, and what the client is told. Without an answer it is
    told what the gateway says, or nothing where the connection is cut."""

    forward: bool
    answer: tuple[int, Mapping[str, str], bytes] | None = None
    cut: bool = False


def _problem(status: int, kind: str, after: int | None = None, *, forward: bool = False, **extra: Any) -> Step:
    headers = {"Retry-After": str(after)} if after is not None else {}
    told = Problem(status, kind, "测试", "as in a test", headers=headers, **extra).response()
    return Step(forward, (status, {**headers, "Content-Type": "application/problem+json"}, bytes(told.body)))


PASS = Step(forward=True)
TOO_MANY = _problem(429, "too-many-events", 1)
NOT_ACCEPTED = _problem(503, "not-accepted", 1)
KEPT_UNKNOWN = _problem(503, "outcome-unknown", 1, forward=True, receipt="kept")
LOST_UNKNOWN = _problem(503, "outcome-unknown", 1, receipt="lost")
EXPIRED = _problem(401, "unauthenticated")
CUT_BEFORE = Step(forward=False, cut=True)
CUT_AFTER = Step(forward=True, cut=True)
BAD_GATEWAY = Step(forward=False, answer=(502, {"Content-Type": "text/html"}, b"<h1>Bad Gateway</h1>"))
TAKES_ALL = Step(
    forward=False,
    answer=(
        202,
        {"Content-Type": "application/json"},
        json.dumps({"receipt": "any", "accepted": 1000, "rejected": []}).encode(),
    ),
)


@dataclass(frozen=True)
class Seen:
    """One push as it came, and what became of it."""

    step: Step
    at: float
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Proxy:
    """Stands before the gateway and the issuer. `script` is what becomes of the next pushes; those after it pass."""

    registry: str
    issuer: str
    http: httpx2.AsyncClient
    url: str = ""
    script: list[Step] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)

    def play(self, steps: Sequence[Step]) -> None:
        """Begin a new script."""
        self.script, self.seen = list(steps), []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._serve(reader, writer)
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
        (method, path, _), *lines = (line.split(" ", 2) for line in head.splitlines()[:-1])
        headers = {name.lower().rstrip(":"): " ".join(rest).strip() for name, *rest in lines}
        body = await reader.readexactly(int(headers["content-length"]))
        step = PASS
        if path == PUSH:
            step = self.script.pop(0) if self.script else PASS
            self.seen.append(Seen(step, time.monotonic(), headers, body))
        answer = step.answer
        if step.forward:
            told = await self._forward(method, path, headers, body)
            answer = answer or told
        if step.cut or answer is None:
            writer.transport.abort()
            return
        status, given, content = answer
        lines_out = [f"HTTP/1.1 {status} Told", *(f"{name}: {value}" for name, value in given.items())]
        lines_out += [f"Content-Length: {len(content)}", "Connection: close", "", ""]
        writer.write("\r\n".join(lines_out).encode() + content)
        await writer.drain()

    async def _forward(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        base = self.issuer if path.startswith("/oauth2/") else self.registry
        sent = {name: value for name, value in headers.items() if name not in HOP}
        answer = await self.http.request(method, base + path, headers=sent, content=body)
        kept = {name: value for name, value in answer.headers.items() if name in ("content-type", "retry-after")}
        return answer.status_code, kept, answer.content


@asynccontextmanager
async def proxy_before(registry: str, issuer: str, http: httpx2.AsyncClient) -> AsyncIterator[Proxy]:
    """A proxy on loopback that runs in this process."""
    proxy = Proxy(registry, issuer, http)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    async with server:
        proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield proxy
