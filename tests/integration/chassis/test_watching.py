"""The watch over queries can fail: it sees what a service asks, in its loops and its answers, and that alone."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local.database import database_kind
from shared.messaging.broker import create_topics
from shared.settings import KafkaSettings
from shared.web.paging import cursor_of
from tests.harness import bearer, running
from tests.integration.chassis import sample
from tests.integration.chassis.sample import Counter, Ping
from tests.watching.queries import watch

pytestmark = pytest.mark.skipif(
    database_kind() == "embedded" and "MONGO_URI" not in os.environ,
    reason="the embedded database does not say which queries an index serves",
)
UNLISTED = replace(sample.SERVICE, name="unlisted")
"""The same service by a name that the list of exceptions does not know, and under which nothing else has run."""


async def test_asking_what_no_index_serves_fails_a_services_tests(
    mongo_uri: str, kafka_bootstrap: str, module_directory: Path
) -> None:
    await create_topics(KafkaSettings(kafka_bootstrap), sample.TOPICS)
    with pytest.raises(AssertionError, match=r"no index serves: \[.*'unlisted\.counters {name}'"):
        await _ask(mongo_uri, kafka_bootstrap, module_directory)

    assert watch.explained["unlisted.timers {due_at $lte, kind $in}"], "asked by a loop, and served"
    assert watch.explained["unlisted.counters {_id $gt}"], "asked by an answer, and served"
    assert "unlisted.counters {revision}" not in watch.sent, "asked by the test itself"


async def _ask(mongo_uri: str, kafka_bootstrap: str, directory: Path) -> None:
    async with running(UNLISTED, mongo_uri, kafka_bootstrap, directory) as service:
        await service.publish(Ping(name="watched"))
        await service.settled()
        page, headers = {"cursor": cursor_of("counter")}, bearer("worker", worker_id="w-1")
        answer = await service.http.get("/v1/counters", params=page, headers=headers)
        assert {one["name"] for one in answer.json()["items"]} == {"watched", "echo of watched"}, answer.text
        assert await Counter.find({"revision": 1}).to_list()
