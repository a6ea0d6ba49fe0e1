from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from services.subsidies.app import service
from tests.harness import Harness, running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def subsidies(mongo_uri: str, kafka_bootstrap: str, module_directory: Path) -> AsyncIterator[Harness]:
    """The subsidies service, running."""
    async with running(service, mongo_uri, kafka_bootstrap, module_directory) as harness:
        yield harness
