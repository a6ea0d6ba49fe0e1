"""What a request may cost before anybody has looked at it.

No body is read of a caller who needs a token and has none, and none for longer than a minute; how many bytes of it are
read is said by FastAPI's `max_body_size`, a megabyte unless the route says otherwise. A body that FastAPI reads as JSON is
JSON to the letter (RFC 8259): no lone surrogates, no NaN, no nesting without end.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Final

import msgspec
from fastapi import FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web.auth import caller_of
from shared.web.problems import Problem, of_status
from shared.web.shapes import Shapes

MEGABYTE: Final = 1024 * 1024
USUAL_BYTES: Final = MEGABYTE
"""The largest body of a route that says nothing else."""
READ_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Rule:
    """What a route demands of a request's body. `parsed`: FastAPI reads it as JSON, where it says that it is."""

    route: BaseRoute
    path: re.Pattern[str]
    token_needed: bool
    most: int
    parsed: bool


def rules_of(app: FastAPI) -> Shapes[Rule]:
    """The rules of an app's routes."""
    rules: Shapes[Rule] = Shapes()
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route.original_route, "dependant", None)
        if dependant is None or route.path is None:
            continue
        rule = Rule(
            route.original_route,
            route.path_regex,
            _asks_for_token(dependant),
            USUAL_BYTES if route.max_body_size is None else route.max_body_size,
            route.body_field is not None,
        )
        rules.add(route.path, route.methods or (), rule)
    return rules


def _asks_for_token(dependant: Dependant) -> bool:
    return isinstance(dependant.call, HTTPBearer) or any(map(_asks_for_token, dependant.dependencies))


class BodyLimits:
    """ASGI middleware that stands before whatever reads bodies."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._rules: Shapes[Rule] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        rule = self._rule_for(scope) if scope["type"] == "http" and _has_body(scope) else None
        if rule is not None:
            scope["route"] = rule.route
            try:
                receive = await _checked(scope, rule, receive)
            except Problem as problem:
                await problem.response()(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _rule_for(self, scope: Scope) -> Rule | None:
        if self._rules is None:
            self._rules = rules_of(scope["app"])
        path = scope["path"]
        return next((one for one in self._rules.of(scope["method"], path) if one.path.match(path)), None)


async def _checked(scope: Scope, rule: Rule, receive: Receive) -> Receive:
    """The body of a request that may be read; raises a 401, 408, 413 or 422 problem."""
    request = Request(scope)
    if rule.token_needed:
        await caller_of(request)
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > rule.most:
        raise of_status(413)
    timed = _timed(receive)
    if not rule.parsed or not _is_json(request.headers.get("content-type", "")):
        return timed
    body = await _read(timed, rule.most)
    if body and not _is_strict_json(body):
        detail = [{"at": "body", "detail": "not JSON by RFC 8259"}]
        raise Problem(422, "invalid-request", "请求内容不符合要求", "the request is not valid", errors=detail)
    return _replayed(body, receive)


def _timed(receive: Receive) -> Receive:
    whole = False
    until = asyncio.get_running_loop().time() + READ_SECONDS

    async def timed() -> Message:
        nonlocal whole
        if whole:  # what follows the body is the end of the connection, for which one may wait long
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408) from None  # as such it passes through FastAPI's own reading of a body
        whole = not message.get("more_body", False)
        return message

    return timed


async def _read(receive: Receive, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        try:
            message = await receive()
        except HTTPException as error:
            raise of_status(error.status_code) from None
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise of_status(413)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return messages.pop() if messages else await receive()

    return replayed


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind.endswith(("/json", "+json"))


def _is_strict_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _has_body(scope: Scope) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in scope["headers"]
    )
