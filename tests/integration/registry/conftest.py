from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from services.registry.app import service as registry_service
from shared import clock
from tests.harness import Harness, running
from tests.integration.registry.firms import Firms


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def registry(mongo_uri: str, kafka_bootstrap: str, module_directory: Path) -> AsyncIterator[Harness]:
    """The registry, running."""
    async with running(registry_service, mongo_uri, kafka_bootstrap, module_directory) as harness:
        yield harness


@pytest.fixture
async def firms(registry: Harness) -> Firms:
    found = Firms(registry)
    await found.on_file()
    return found


@pytest.fixture
def days_pass(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    real = clock.now

    def pass_days(count: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: real() + dt.timedelta(days=count))

    return pass_days
