"""A broker that stops answering in the middle of a push: what was kept comes out, whatever was answered."""

from __future__ import annotations

import signal
from pathlib import Path

import httpx2
import pytest

from deploy.local import child
from deploy.local.broker import broker_answers, broker_command, broker_kind
from services.registry.app import service
from services.registry.batches import commands as batches
from services.registry.batches import records
from services.registry.gateway.body import BATCH_JSON
from shared import clock
from shared.contracts import topics
from shared.messaging.broker import create_topics
from shared.settings import KafkaSettings
from tests.harness import Harness, bearer, running
from tests.integration.registry.batches.test_crashes import seen
from tests.unit.registry.pushes import UBIQ, array, order


async def push(registry: Harness, event: dict[str, object]) -> httpx2.Response:
    headers = {"Content-Type": BATCH_JSON, **bearer("platform", uscc=UBIQ)}
    return await registry.http.post("/v1/platform-events", content=array(event), headers=headers)


async def test_a_push_of_unknown_outcome_is_published_later(
    broker_at_hand: None, mongo_uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, log = child.free_port(), tmp_path / "broker.log"
    bootstrap = f"127.0.0.1:{port}"
    broker = await child.start(await broker_command(broker_kind(), tmp_path / "broker", port), log)
    try:
        await child.ready(broker, lambda: broker_answers(bootstrap), log)
        await create_topics(KafkaSettings(bootstrap), topics())
        async with running(service, mongo_uri, bootstrap, tmp_path, role="api") as registry:
            assert (await push(registry, order())).status_code == 202
            monkeypatch.setattr(records, "GIVE_UP_SECONDS", 3)
            broker.send_signal(signal.SIGSTOP)
            event = order()
            answer = await push(registry, event)
            broker.send_signal(signal.SIGCONT)
            assert (answer.status_code, answer.json()["type"]) == (503, "/problems/outcome-unknown")
            assert answer.headers["retry-after"]
            receipt = answer.json()["receipt"]
            kept = await registry.http.get(f"/v1/batches/{receipt}", headers=bearer("platform", uscc=UBIQ))
            assert (kept.json()["accepted"], kept.json()["published"]) == (1, False)
            monkeypatch.setattr(records, "GIVE_UP_SECONDS", 25)
            assert await batches.publish_held(registry.running.producer, clock.now()) == 1
            assert await seen(bootstrap, event["id"]) >= 1
            published = await registry.http.get(f"/v1/batches/{receipt}", headers=bearer("platform", uscc=UBIQ))
            assert published.json()["published"] is True
    finally:
        broker.send_signal(signal.SIGCONT)
        await child.stop(broker)
