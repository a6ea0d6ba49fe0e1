from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio

from deploy.local.stack import make_stack
from deploy.local.supervisor import Supervisor
from tests.end_to_end.articles.city import City
from tests.end_to_end.demo import ports
from tests.kit.clients import COMMANDS
from tests.kit.door import Door
from tests.kit.proxy import proxy_before

NEEDED = ("mongo", "kafka", "issuer", "registry")


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    directory = tmp_path_factory.mktemp("kit") / "stack"
    with pytest.MonkeyPatch.context() as patch:
        for variable, port in ports().items():
            patch.setenv(variable, port)
        stack = make_stack(directory)
    programs = [program for program in stack.programs if program.name in NEEDED]
    async with Supervisor(programs, directory, stack.replay), httpx2.AsyncClient(timeout=30) as http:
        city = City(http, stack.urls, stack.client_secret)
        async with proxy_before(stack.urls["registry"], stack.urls["issuer"], http) as proxy:
            yield Door(city, proxy, stack.mongo_uri)


@pytest.fixture(scope="package", params=list(COMMANDS))
def client(request: pytest.FixtureRequest) -> list[str]:
    """The command line of each client, but for the file."""
    command: list[str] = COMMANDS[request.param]()
    return command
