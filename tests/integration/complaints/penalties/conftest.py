from __future__ import annotations

import pytest_asyncio

from tests.harness import Harness
from tests.integration.complaints.penalties.course import office


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def _office(complaints: Harness) -> None:
    await office()
