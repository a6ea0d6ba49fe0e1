"""`Idempotency-Key`: a POST that creates does its work once, however often it is sent.

What a request changes and its answer are stored in one transaction, so that neither a crash nor the same request at the
same time repeats anything. The key is looked up only where it turns out to be taken, or where the work failed (as work does
that was done before): the same request gets the stored answer, or a 409 that says to read the result where the answer was
lost in a crash of a route with several transactions; another request under the key a 422. Keys belong to their caller and
are kept for a day; answers are encrypted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from functools import partial

import msgspec
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message

from shared import clock
from shared.errors import Conflict, DomainError
from shared.storage.client import Row, storage
from shared.storage.encryption import decrypt_bytes, encrypt_bytes
from shared.storage.passing import tried
from shared.storage.transaction import open_request
from shared.storage.unit_of_work import RequestRepeated
from shared.web.auth import caller_of
from shared.web.problems import Problem

MAX_KEY = 200
PLACE = "idempotency.answer"

Handle = Callable[[Request], Awaitable[Response]]


class Answer(msgspec.Struct, frozen=True):
    """What was answered to a request."""

    status: int
    body: bytes
    headers: dict[str, str]


class IdempotentRoute(APIRoute):
    """A route whose POSTs must carry an `Idempotency-Key`: `APIRouter(route_class=IdempotentRoute)`."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        handle = super().get_route_handler()
        if "POST" not in (self.methods or ()):
            return handle

        async def once(request: Request) -> Response:
            return await _once(request, handle)

        return once


async def _once(request: Request, handle: Handle) -> Response:
    key = request.headers.get("idempotency-key", "")
    if not 0 < len(key) <= MAX_KEY:
        raise Problem(
            400, "idempotency-key-missing", "缺少 Idempotency-Key 请求头", "an Idempotency-Key header is needed"
        )
    caller = await caller_of(request)
    body = await request.body()
    key_id = _digest(caller.subject, request.method, request.url.path, key)
    row: Row = {"_id": key_id, "digest": _digest(request.url.query, hashlib.sha256(body).hexdigest()), "answer": None}
    try:
        return await tried(lambda: _carry_out(request, body, handle, row))
    except (RequestRepeated, DomainError, Problem):  # work that was done before may fail for that reason
        earlier = await _earlier(row)
        if earlier is None:
            raise
        return earlier


async def _carry_out(request: Request, body: bytes, handle: Handle, row: Row) -> Response:
    async with open_request({**row, "at": clock.now()}) as opened:
        # a request of its own for each try: reading an upload uses it up
        response = await handle(Request(request.scope, partial(_receive, body)))
        if response.status_code < 500:
            kept = {name: value for name, value in response.headers.items() if name in ("location", "etag")}
            answer = msgspec.msgpack.encode(Answer(response.status_code, bytes(response.body), kept))
            await opened.store(encrypt_bytes(PLACE, row["_id"], answer))
        return response


async def _receive(body: bytes) -> Message:
    return {"type": "http.request", "body": body, "more_body": False}


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


async def _earlier(row: Row) -> Response | None:
    """The answer that the same request had before, or None where it is new."""
    kept = await storage().collection("idempotency").find_one({"_id": row["_id"]})
    if kept is None:
        return None
    if kept["digest"] != row["digest"]:
        raise Problem(
            422, "idempotency-key-reused", "同一 Idempotency-Key 的请求内容不同", "the key was used for another request"
        )
    if kept["answer"] is None:
        raise Conflict(
            "request-done", "该请求此前已处理，请查询结果", "the request was carried out before; read its result"
        )
    answer = msgspec.msgpack.decode(decrypt_bytes(PLACE, kept["_id"], kept["answer"]), type=Answer)
    headers = {**answer.headers, "Idempotent-Replay": "true"}
    return Response(answer.body, answer.status, headers, media_type="application/json")
