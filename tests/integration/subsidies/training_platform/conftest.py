from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from deploy.local.keys import new_secret
from services.subsidies.app import service
from services.subsidies.training_platform import connection
from tests.harness import Harness, running
from tests.processes import sandbox

SECRET = new_secret()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def platform(module_directory: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """The stand-in for the training platform, as a process of its own."""
    secrets = {"PROVINCIAL_SECRET": new_secret(), "TRAINING_PLATFORM_SECRET": SECRET}
    async with sandbox("provincial", module_directory, secrets) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def subsidies(
    platform: httpx2.AsyncClient, mongo_uri: str, kafka_bootstrap: str, module_directory: Path
) -> AsyncIterator[Harness]:
    """The subsidies service, running, with the training platform that it talks to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRAINING_PLATFORM_URL", str(platform.base_url).rstrip("/") + "/training")
        patch.setenv("TRAINING_PLATFORM_SECRET", SECRET)
        connection.LINE.reset()
        async with running(service, mongo_uri, kafka_bootstrap, module_directory) as harness:
            yield harness
