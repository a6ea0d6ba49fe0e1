"""A capability that asks for a parameter that nobody has verified shows, in an answer of its own, what a decision used.

What is shown is `Used`, which says of each row whether it is verified. That a decision keeps it at all is for the
integration tests of its capability.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from shared.policy.parameters import Used, parameters
from tests.lists import assert_only, listed
from tests.unit.project.code import LISTS, SERVICES, room, service
from tests.unit.project.test_parameters_are_read import read_by_room

UNVERIFIED = {parameter.key for parameter in parameters if not all(row.verified for row in parameter.rows)}


@cache
def rooms_that_show() -> set[str]:
    """The capabilities that have a route with `Used` in its answer."""
    return {
        room(route.endpoint.__module__)
        for name in SERVICES
        for router in service(name).routers
        for route in router.routes
        if isinstance(route, APIRoute) and route.response_model is not None and shows_used(route.response_model)
    }


def shows_used(model: Any) -> bool:
    return Used.__name__ in TypeAdapter(model).json_schema().get("$defs", {})


def test_whoever_asks_for_what_is_not_verified_shows_it() -> None:
    silent = {
        f"{name}: {key}"
        for name, keys in read_by_room().items()
        if name not in rooms_that_show()
        for key in keys & UNVERIFIED
    }
    assert_only(
        silent, listed(LISTS / "unshown_parameters.yaml"), "asked for where no answer shows that it is not verified"
    )


def test_used_says_whether_a_row_is_verified() -> None:
    assert "verified" in Used.model_fields
    assert "verified" in Used.model_json_schema()["required"]
