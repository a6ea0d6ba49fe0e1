from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from deploy.local import child
from deploy.local.keys import new_secret
from services.subsidies.app import service
from services.subsidies.training_platform import connection
from tests.harness import Harness, running

SECRET = new_secret()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def platform(module_directory: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """The stand-in for the training platform, as a process of its own."""
    port, log = child.free_port(), module_directory / "provincial.log"
    secrets = {"PROVINCIAL_SECRET": new_secret(), "TRAINING_PLATFORM_SECRET": SECRET}
    settings = {**os.environ, "HTTP_PORT": str(port), **secrets}
    process = await child.start([sys.executable, "-m", "deploy.sandbox.provincial"], log, env=settings)
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=5) as client:

        async def answers() -> bool:
            try:
                return (await client.get("/readyz")).is_success
            except httpx2.HTTPError:
                return False

        try:
            await child.ready(process, answers, log, 20)
            yield client
        finally:
            await child.stop(process)


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
