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


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def city(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[City]:
    """The five services, their servers and the outside world's stand-ins, on ports of their own, for this folder's tests."""
    directory = tmp_path_factory.mktemp("city") / "stack"
    with pytest.MonkeyPatch.context() as patch:
        for variable, port in ports().items():
            patch.setenv(variable, port)
        stack = make_stack(directory, settling_seconds=1)
    async with Supervisor(stack.programs, directory, stack.replay), httpx2.AsyncClient(timeout=30) as http:
        yield City(http, stack.urls, stack.client_secret, _broker(stack))


def _broker(stack: Stack) -> str:
    return os.environ.get("KAFKA_BOOTSTRAP") or f"127.0.0.1:{stack.ports()['kafka']}"
