from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from services.insurance.app import service
from services.insurance.tax.connection import LINE
from tests.harness import Harness, running
from tests.integration.insurance.conftest import SECRET


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def insurance(
    province: httpx2.AsyncClient, mongo_uri: str, kafka_bootstrap: str, module_directory: Path
) -> AsyncIterator[Harness]:
    """The insurance service, running, with the province and the tax office that it talks to, both in one stand-in."""
    with pytest.MonkeyPatch.context() as patch:
        base = str(province.base_url).rstrip("/")
        for name, value in {
            "PROVINCIAL_URL": base,
            "PROVINCIAL_SECRET": SECRET,
            "TAX_OFFICE_URL": f"{base}/tax",
            "TAX_OFFICE_SECRET": SECRET,
        }.items():
            patch.setenv(name, value)
        LINE.reset()
        async with running(service, mongo_uri, kafka_bootstrap, module_directory) as harness:
            yield harness
