from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from services.insurance.app import service
from tests.harness import Harness, running
from tests.processes import sandbox

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def province(module_directory: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """The stand-in for the provincial platform, as a process of its own."""
    async with sandbox("provincial", module_directory, {"PROVINCIAL_SECRET": SECRET}) as client:
        yield client


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


def lines(province: httpx2.AsyncClient) -> dict[str, str]:
    """What a process of the insurance service is told of the provincial platform and of the tax office, which it stands in for too."""
    base = str(province.base_url).rstrip("/")
    return {
        "PROVINCIAL_URL": base,
        "PROVINCIAL_SECRET": SECRET,
        "TAX_OFFICE_URL": f"{base}/tax",
        "TAX_OFFICE_SECRET": SECRET,
    }
