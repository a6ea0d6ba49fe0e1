"""`Idempotency-Key`: a POST that creates does its work once, however often it is sent.

The first request with a key stores its answer; the same request again gets that answer, another body under the key a 422,
and one that comes while the first is still under way a 409. Keys belong to their caller and are kept for a day. What the
request changes and the mark that it did are stored in one transaction, so that a crash before the answer repeats nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pymongo.errors import DuplicateKeyError

from shared import clock
from shared.ids import new_id
from shared.storage.client import storage
from shared.storage.transaction import RequestMark, marking
from shared.web.auth import caller_of
from shared.web.problems import Problem, conflict

MAX_KEY = 200
UNDER_WAY_SECONDS = 60
"""A request that has not answered after this many seconds is taken for lost, and its key may be used again."""


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
    digest = hashlib.sha256(await request.body()).hexdigest()
    mark = RequestMark(key_id, new_id())
    earlier = await _claim(mark, digest)
    if earlier is not None:
        return earlier
    with marking(mark):
        try:
            response = await handle(request)
        except BaseException:
            await _forget(mark)
            raise
    if response.status_code >= 500:
        await _forget(mark)
        return response
    kept = {name: value for name, value in response.headers.items() if name in ("location", "etag")}
    answer = {"status": response.status_code, "body": bytes(response.body), "headers": kept}
    await _requests().update_one({"_id": key_id, "token": mark.token}, {"$set": answer})
    return response


def _requests() -> Any:
    return storage().collection("idempotency")


async def _claim(mark: RequestMark, digest: str) -> Response | None:
    """Take the key for this request, or give the answer that the same request had."""
    now = clock.now()
    fresh = {"_id": mark.key_id, "token": mark.token, "digest": digest, "at": now, "status": None, "stored": False}
    try:
        await _requests().insert_one(fresh)
        return None
    except DuplicateKeyError:
        pass
    lost = now - dt.timedelta(seconds=UNDER_WAY_SECONDS)
    row = await _requests().find_one({"_id": mark.key_id})
    if row is not None and row["digest"] != digest:
        raise Problem(
            422, "idempotency-key-reused", "同一 Idempotency-Key 的请求内容不同", "the key was used for another request"
        )
    if row is not None and row["status"] is not None:
        headers = {**row["headers"], "Idempotent-Replay": "true"}
        return Response(bytes(row["body"]), row["status"], headers, media_type="application/json")
    if row is not None and row["stored"] and row["at"] < lost:
        raise conflict(
            "request-done", "该请求此前已处理完成，请查询结果", "the request was carried out before; read its result"
        )
    taken = await _requests().update_one(
        {"_id": mark.key_id, "status": None, "stored": False, "at": {"$lt": lost}}, {"$set": fresh | {"at": now}}
    )
    if taken.matched_count == 0:
        raise conflict("request-under-way", "相同请求正在处理", "the same request is under way")
    return None


async def _forget(mark: RequestMark) -> None:
    await _requests().delete_one({"_id": mark.key_id, "token": mark.token, "stored": False})
