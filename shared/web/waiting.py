"""Nobody is served by a process whose database is not yet what its version needs."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.web.problems import Problem


class Waiting:
    """ASGI middleware that turns callers away, but not those who ask how the process fares, for as long as it `waits`."""

    def __init__(self, app: ASGIApp, waits: Callable[[], bool]) -> None:
        self._app, self._waits = app, waits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/v1/") and self._waits():
            problem = Problem(
                503, "unavailable", "服务暂时不可用，请稍后再试", "try again later", headers={"Retry-After": "5"}
            )
            await problem.response()(scope, receive, send)
            return
        await self._app(scope, receive, send)
