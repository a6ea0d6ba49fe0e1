"""What the stand-ins for the outside world share: misbehaviour on demand, counts, and serving.

A test makes a sandbox misbehave with `POST /sandbox/behaviour` (see `Behaviour`; each call replaces what was set
before) and reads what it went through at `GET /sandbox/counts`. Nothing is kept on disk.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Annotated

import msgspec
import uvicorn
from msgspec import Meta, Struct
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Times = Annotated[int, Meta(ge=0)]
Milliseconds = Annotated[int, Meta(ge=0, le=60_000)]


class Behaviour(Struct, forbid_unknown_fields=True, kw_only=True):
    """How a sandbox treats the next calls: every POST but those under `/sandbox`."""

    fail_next: Times = 0
    """So many calls are answered with `status` and not carried out."""
    status: Annotated[int, Meta(ge=400, le=599)] = 500
    delay_ms: Milliseconds = 0
    """Every call waits so long first."""
    answer_delay_ms: Milliseconds = 0
    """Every call is carried out at once, and answered so late."""
    lose_answer_next: Times = 0
    """So many calls are carried out, then the connection is dropped."""
    refuse_next: Times = 0
    """So many requests are refused, or messages reported as failed."""
    answer_twice: Times = 0
    """So many batches of receipts are sent twice."""
    receipt_delay_ms: Milliseconds = 200
    """How long after a message its receipt is sent: as a rule once the answer to the message has been stored."""
    code_next: Times = 0
    """So many calls are answered with `code`, as the system says no."""
    code: str = ""
    """The code of those answers, as the system has them."""
    strangers_next: Times = 0
    """With so many receipts comes one of a message that nobody sent."""
    fail_reads_next: Times = 0
    """So many signed GETs, or of what became of a push, are answered with `status`."""
    lose_receipts_next: Times = 0
    """So many receipts are never sent: what became of their messages is told to who asks."""
    forget_next: Times = 0
    """So many messages are taken, and known to nobody who asks for them later."""
    fail_results_next: Times = 0
    """So many payments or transfers come to nothing later."""
    result_failure: str = "收款账户信息有误"
    """The reason given for them."""
    result_delay_ms: Annotated[int, Meta(ge=0, le=600_000)] = 0
    """How long a payment or a transfer stays pending."""


class Sandbox:
    """What every sandbox has: its behaviour, its counts, and the routes to them."""

    def __init__(self) -> None:
        self.behaviour = Behaviour()
        self.counts: Counter[str] = Counter()

    def take(self, field: str) -> bool:
        """Use up one of `answer_twice` and those that end in `_next`: whether one was left."""
        left: int = getattr(self.behaviour, field)
        if left:
            setattr(self.behaviour, field, left - 1)
            self.counts[field.removesuffix("_next")] += 1
        return left > 0

    def app(
        self,
        routes: Sequence[BaseRoute],
        lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]] | None = None,
    ) -> ASGIApp:
        """The sandbox's application: its own routes and those that all have, behind its behaviour."""
        common = [
            Route("/readyz", _ready),
            Route("/sandbox/behaviour", self._set_behaviour, methods=["POST"]),
            Route("/sandbox/counts", self._show_counts),
        ]
        return _Misbehaving(Starlette(routes=[*routes, *common], lifespan=lifespan), self)

    async def _set_behaviour(self, request: Request) -> Response:
        try:
            self.behaviour = msgspec.json.decode(await request.body(), type=Behaviour)
        except msgspec.DecodeError as error:
            return JSONResponse({"error": str(error)}, status_code=422)
        return JSONResponse(msgspec.to_builtins(self.behaviour))

    async def _show_counts(self, request: Request) -> Response:
        return JSONResponse(dict(self.counts))


async def _ready(request: Request) -> Response:
    return PlainTextResponse("ready")


class _Misbehaving:
    """Fails, delays or loses the answer of a POST as the sandbox was told to."""

    def __init__(self, app: ASGIApp, sandbox: Sandbox) -> None:
        self.app, self.sandbox = app, sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"].startswith("/sandbox"):
            await self.app(scope, receive, send)
            return
        self.sandbox.counts["calls"] += 1
        await asyncio.sleep(self.sandbox.behaviour.delay_ms / 1000)
        if self.sandbox.take("fail_next"):
            failure = JSONResponse({"error": "as told"}, status_code=self.sandbox.behaviour.status)
            await failure(scope, receive, send)
        elif self.sandbox.take("lose_answer_next"):
            await self.app(scope, receive, _swallow)
            await _drop(send)
        else:
            await self.app(scope, receive, self._late(send) if self.sandbox.behaviour.answer_delay_ms else send)

    def _late(self, send: Send) -> Send:
        async def send_late(message: Message) -> None:
            if message["type"] == "http.response.start":
                await asyncio.sleep(self.sandbox.behaviour.answer_delay_ms / 1000)
            await send(message)

        return send_late


async def _swallow(message: Message) -> None:
    pass


async def _drop(send: Send) -> None:
    # ASGI has no way to break a connection; uvicorn's `send` is a method of the object that holds the transport.
    send.__self__.transport.abort()  # type: ignore[attr-defined]
    await asyncio.sleep(0.01)


def serve(app: ASGIApp, port: int) -> None:
    """Serve on `HTTP_HOST` and `HTTP_PORT` (by default `port` on loopback) until SIGTERM."""
    uvicorn.run(
        app,
        host=os.environ.get("HTTP_HOST", "127.0.0.1"),
        port=int(os.environ.get("HTTP_PORT", port)),
        log_level="warning",
        access_log=False,  # it would hold phone numbers
        timeout_graceful_shutdown=2,
    )
