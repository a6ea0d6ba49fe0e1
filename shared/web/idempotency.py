"""`Idempotency-Key`: a POST that creates does its work once, however often it is sent.

What a request changes and the mark that it did are stored in one transaction, so that neither a crash before the answer
nor the same request at the same time repeats anything. The same request again gets the stored answer; where there is none
(it was lost in a crash, or is being stored right now) a 409 that says to read the result; another body under the key a
422. Keys belong to their caller and are kept for a day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from fastapi.routing import APIRoute

from shared import clock
from shared.storage.client import Collection, storage
from shared.storage.transaction import RequestMark, RequestRepeated, marking
from shared.web.auth import caller_of
from shared.web.problems import Problem, conflict

MAX_KEY = 200


class IdempotentRoute(APIRoute):
    """A route whose POSTs must carry an `Idempotency-Key`: `APIRouter(route_class=IdempotentRoute)`."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        handle = super().get_route_handler()
        if "POST" not in (self.methods or ()):
            return handle

        async def once(request: Request) -> Response:
            return await _once(request, handle)

        return once


async def _once(request: Request, handle: Callable[[Request], Awaitable[Response]]) -> Response:
    key = request.headers.get("idempotency-key", "")
    if not 0 < len(key) <= MAX_KEY:
        raise Problem(
            400, "idempotency-key-missing", "缺少 Idempotency-Key 请求头", "an Idempotency-Key header is needed"
        )
    caller = await caller_of(request)
    key_id = hashlib.sha256(f"{caller.subject}|{request.url.path}|{key}".encode()).hexdigest()
    mark = RequestMark(key_id, hashlib.sha256(await request.body()).hexdigest())
    earlier = await _earlier(mark)
    if earlier is not None:
        return earlier
    with marking(mark):
        try:
            response = await handle(request)
        except RequestRepeated:
            repeated = await _earlier(mark)
            if repeated is None:
                raise
            return repeated
    if response.status_code < 500:
        kept = {name: value for name, value in response.headers.items() if name in ("location", "etag")}
        answer = {"status": response.status_code, "body": bytes(response.body), "headers": kept}
        fresh = {"digest": mark.digest, "at": clock.now()}
        await _requests().update_one({"_id": key_id}, {"$set": answer, "$setOnInsert": fresh}, upsert=True)
    return response


def _requests() -> Collection:
    return storage().collection("idempotency")


async def _earlier(mark: RequestMark) -> Response | None:
    """The answer that the same request had before, or None where it is new."""
    row = await _requests().find_one({"_id": mark.key_id})
    if row is None:
        return None
    if row["digest"] != mark.digest:
        raise Problem(
            422, "idempotency-key-reused", "同一 Idempotency-Key 的请求内容不同", "the key was used for another request"
        )
    if row["status"] is None:
        raise conflict(
            "request-done", "该请求此前已处理，请查询结果", "the request was carried out before; read its result"
        )
    headers = {**row["headers"], "Idempotent-Replay": "true"}
    return Response(bytes(row["body"]), row["status"], headers, media_type="application/json")
