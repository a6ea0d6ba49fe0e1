from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from services.complaints.app import service
from services.complaints.cases import filing_api
from tests.harness import Harness, running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def complaints(mongo_uri: str, kafka_bootstrap: str, module_directory: Path) -> AsyncIterator[Harness]:
    """The complaints service, running; like a new process it has counted no calls yet."""
    filing_api._limiter.cache_clear()
    async with running(service, mongo_uri, kafka_bootstrap, module_directory) as harness:
        yield harness
