from __future__ import annotations

import os
from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio

from deploy.local.stack import Stack, make_stack
from deploy.local.supervisor import Supervisor
from tests.end_to_end.articles.city import City
from tests.end_to_end.demo import ports
from tests.end_to_end.logs import leaks


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def city(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[City]:
    """The five services, their servers and the outside world's stand-ins, on ports of their own, for this folder's tests."""
    directory = tmp_path_factory.mktemp("city") / "stack"
    with pytest.MonkeyPatch.context() as patch:
        for variable, port in ports().items():
            patch.setenv(variable, port)
        stack = make_stack(directory, settling_seconds=1)
    async with Supervisor(stack.programs, directory, stack.replay), httpx2.AsyncClient(timeout=30) as http:
        city = City(http, stack.urls, stack.client_secret, _broker(stack))
        await _register(city)
        yield city
    # whatever these tests sent of people, no program has written it down
    assert leaks(directory, city.personal) == []


async def _register(city: City) -> None:
    """Put those on the register of complaints who read leads in several of the tests; the chief of the city puts others there."""
    for subject, department, district in (
        ("city", "hrss", "510600"),
        ("510603", "hrss", "510603"),
        ("510603-transport", "transport", "510603"),
        ("510683", "hrss", "510683"),
    ):
        duties = ["chief", "approver"] if subject == "city" else ["chief"]
        entry = {"name": "经办员", "department": department, "district": district, "duties": duties}
        await city.call("operator:test", "complaints", "PUT", f"/v1/officers/officer:test-{subject}", json=entry)


def _broker(stack: Stack) -> str:
    return os.environ.get("KAFKA_BOOTSTRAP") or f"127.0.0.1:{stack.ports()['kafka']}"
