"""For how long the database keeps what says that an event was heard."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from pymongo import ASCENDING, IndexModel

from shared.contracts import topics
from shared.messaging.broker import dead_topic
from shared.storage.client import Storage
from shared.storage.indexes import DAY_SECONDS, create_chassis_indexes


@pytest.fixture
def storage(mongo_uri: str) -> Iterator[Storage]:
    """A database that nothing has started on yet."""
    storage = Storage(mongo_uri, f"test_{uuid.uuid4().hex[:12]}")
    yield storage
    storage.client.close()


async def test_a_mark_lives_as_long_as_its_event_can_be_sent_again(storage: Storage) -> None:
    await create_chassis_indexes(storage.database)
    kept = (await storage.collection("inbox").index_information())["at_1"]["expireAfterSeconds"]
    buried_last = max(topic.retention_days for topic in topics())
    assert kept >= (buried_last + dead_topic("insurance.claims").retention_days) * DAY_SECONDS
    outbox = (await storage.collection("outbox").index_information())["published_at_1"]["expireAfterSeconds"]
    assert outbox >= buried_last * DAY_SECONDS


async def test_a_database_takes_over_the_lifetime_that_holds_now(
    storage: Storage,
) -> None:
    """It kept marks for another time before."""
    earlier = IndexModel([("at", ASCENDING)], expireAfterSeconds=90 * DAY_SECONDS)
    await storage.collection("inbox").create_indexes([earlier])
    await create_chassis_indexes(storage.database)
    await create_chassis_indexes(storage.database)
    kept = (await storage.collection("inbox").index_information())["at_1"]["expireAfterSeconds"]
    assert kept == 270 * DAY_SECONDS
