"""Go at once to the routers that may serve a request."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from shared.web.shapes import Shapes

CHOSEN = "xindun.router"
"""Where a scope keeps the router that serves it."""


class ByPath(BaseRoute):
    """Stands before all routers of an app. What none of them serves is left to those behind it, and with it what is said of an
    unknown path or method."""

    def __init__(self) -> None:
        self._routers: Shapes[BaseRoute] = Shapes()

    def add(self, router: APIRouter, included: BaseRoute) -> None:
        """Let a router, as the app has included it, be found by its routes, in the order in which routers come."""
        for route in router.routes:
            if isinstance(route, APIRoute):
                self._routers.add(route.path, route.methods or (), included)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http":
            for router in self._routers.of(scope["method"], scope["path"]):
                match, found = router.matches(scope)
                if match == Match.FULL:
                    return match, {**found, CHOSEN: router}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope.pop(CHOSEN).handle(scope, receive, send)


def include(app: FastAPI, routers: Sequence[APIRouter], max_body_size: int) -> None:
    """Add routers to an app, none of which holds others."""
    by_path = ByPath()
    app.router.routes.insert(0, by_path)
    for router in routers:
        app.include_router(router, max_body_size=max_body_size)
        by_path.add(router, app.router.routes[-1])
