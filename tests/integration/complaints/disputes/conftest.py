from __future__ import annotations

import pytest_asyncio

from tests.harness import Harness
from tests.integration.complaints.disputes.matters import HERE
from tests.integration.complaints.staff import on_register


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def offices(complaints: Harness) -> dict[str, dict[str, str]]:
    """An officer of each body that mediates or decides."""
    return {name: await on_register(name, HERE, subject=f"{name}-1") for name in ("hrss", "court", "union")}
