"""Every route of every service is called by some test, besides those that walk all routes at once.

A route of the chassis is one for all services. A call that stands with the integration tests of a service is to that
service; one from elsewhere counts where only one service has such a route.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fastapi.routing import iter_route_contexts

from shared.service import Process
from tests.harness import make_settings
from tests.lists import assert_only, listed
from tests.unit.project.calls import Call, Reader
from tests.unit.project.code import LISTS, SERVICES, modules, service

WALKERS = re.compile(
    r"tests\.(contract|bench)\..*|.*\.(test_)?access|tests\.integration\.(requests|test_strange_requests)"
)
"""Tests that go through all routes, whatever these do, and what is no test."""
CHASSIS = "every service"


@cache
def routes() -> dict[str, set[str]]:
    """The routes below /v1 as `GET /v1/…`, by service."""
    found: dict[str, set[str]] = {name: set() for name in (*SERVICES, CHASSIS)}
    for name in SERVICES:
        app = Process(service(name), make_settings("mongodb://none", "none", "http://none", Path("none"))).app()
        for route in iter_route_contexts(app.routes):
            owner = CHASSIS if getattr(route.endpoint, "__module__", "").startswith("shared.") else name
            if (route.path or "").startswith("/v1/"):
                found[owner] |= {f"{method} {route.path}" for method in route.methods or ()}
    return found


def called(call: Call) -> Iterator[str]:
    """The route that a call is to, as `registry: GET /v1/…`."""
    _, kind, folder, *_ = *call.module.split("."), "", ""
    services = [folder, CHASSIS] if kind == "integration" and folder in SERVICES else [*SERVICES, CHASSIS]
    fit = {name: [route for route in routes()[name] if fits(route, call)] for name in services}
    owners = [name for name in services if fit[name]]
    if len(owners) == 1:
        # of /workers/me and /workers/{worker_id} a call of the first is no call of the second
        yield f"{owners[0]}: {min(fit[owners[0]], key=lambda route: route.count('{'))}"


def fits(route: str, call: Call) -> bool:
    method, _, template = route.partition(" ")
    wanted, given = template.split("/"), call.path.split("/")
    return (
        method == call.method
        and len(wanted) == len(given)
        and all(one == other or (one.startswith("{") and other) for one, other in zip(wanted, given, strict=True))
    )


def test_every_route_is_called_by_a_test() -> None:
    tests = {name: tree for name, tree in modules("tests").items() if not WALKERS.fullmatch(name)}
    every = {f"{name}: {route}" for name, some in routes().items() for route in some}
    uncalled = every.difference(*(called(call) for call in Reader(tests).calls()))
    assert_only(uncalled, listed(LISTS / "uncalled_routes.yaml"), "routes that no test calls")
