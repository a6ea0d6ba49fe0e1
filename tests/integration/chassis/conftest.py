from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from shared.messaging.broker import create_topics
from shared.settings import KafkaSettings
from tests.harness import Harness, running
from tests.integration.chassis import sample


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def service(mongo_uri: str, kafka_bootstrap: str, module_directory: Path) -> AsyncIterator[Harness]:
    """The sample service, running."""
    await create_topics(KafkaSettings(kafka_bootstrap), sample.TOPICS)
    async with running(sample.SERVICE, mongo_uri, kafka_bootstrap, module_directory) as harness:
        yield harness
