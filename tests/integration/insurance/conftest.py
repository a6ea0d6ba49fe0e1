from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from deploy.local import child
from services.insurance.app import service
from tests.harness import Harness, running

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def province(module_directory: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """The stand-in for the provincial platform, as a process of its own."""
    port, log = child.free_port(), module_directory / "provincial.log"
    settings = {**os.environ, "HTTP_PORT": str(port), "PROVINCIAL_SECRET": SECRET}
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
async def insurance(
    province: httpx2.AsyncClient, mongo_uri: str, kafka_bootstrap: str, module_directory: Path
) -> AsyncIterator[Harness]:
    """The insurance service, running, with the provincial platform that it talks to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROVINCIAL_URL", str(province.base_url))
        patch.setenv("PROVINCIAL_SECRET", SECRET)
        async with running(service, mongo_uri, kafka_bootstrap, module_directory) as harness:
            yield harness
