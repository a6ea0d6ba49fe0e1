"""A process that sends webhooks is killed wherever it may be: every event arrives, in order, and under one id."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import signal
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from aiokafka import AIOKafkaProducer
from pymongo.errors import PyMongoError

from services.notifier.app import service
from services.notifier.webhooks import commands, replays, rules
from services.notifier.webhooks.commands import SEND
from services.notifier.webhooks.documents import Endpoint, Replay
from shared import clock
from shared.ids import new_id
from shared.messaging.broker import Record, make_producer, publish
from shared.messaging.envelope import headers_of
from shared.service import create_service_topics
from shared.storage import client, keys
from shared.storage.client import storage
from shared.storage.transaction import transact
from tests.harness import eventually, key_server, make_settings, write_keys
from tests.integration.databases import Database
from tests.integration.notifier.people import Person
from tests.integration.notifier.processes import environment, notifier
from tests.integration.notifier.webhooks.conftest import Hook, Receiver, fact

PLATFORMS = 3
EACH = 4
"""Events that are published to each stream before each kill."""
STREAMS = ("insurance.bill.due_near.v1", "insurance.policy.gap_found.v1")


@dataclass
class Listener:
    """A platform with its address, and the ids of its events by stream, in order."""

    uscc: str
    hook: Hook
    id: str = ""
    events: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    async def register(self) -> None:
        endpoint, self.hook.secret = await transact(lambda tx: commands.register(self.uscc, self.hook.url, None, tx))
        self.id = endpoint.id

    async def is_in_use(self) -> bool:
        endpoint = await Endpoint.get(self.id)
        return endpoint is not None and endpoint.state == "active"

    async def publish(self, producer: AIOKafkaProducer) -> None:
        records = []
        for name in STREAMS:
            changed = {"bill_id": "bill-1"} if "bill" in name else {}
            told = fact(name, platform=self.uscc, **changed)
            for _ in range(EACH):
                self.events[name].append(new_id())
                headers = headers_of(self.events[name][-1], "/services/test", told.TYPE, clock.now())
                records.append(Record(told.TOPIC.name, told.key().encode(), msgspec.json.encode(told), headers))
        await publish(producer, records)

    async def rotate(self) -> None:
        _, self.hook.secret = await transact(lambda tx: commands.rotate(self.id, self.uscc, tx))

    async def replay(self) -> None:
        since, until = clock.now() - dt.timedelta(days=1), clock.now() + dt.timedelta(minutes=1)
        replay = await transact(lambda tx: replays.replay_some(self.id, self.uscc, since, until, tx))
        assert len(replay.messages) >= EACH

    async def switch_off_and_on(self) -> None:
        await transact(lambda tx: commands.switch_off(self.id, self.uscc, tx))
        await transact(lambda tx: commands.challenge(self.id, self.uscc, tx))

    async def refuse(self) -> None:
        self.hook.answers.extend([(500, {}), (503, {"Retry-After": "30"}), (500, {})])

    async def nothing(self) -> None:
        pass

    @property
    def has_all(self) -> bool:
        return set(self.hook.taken) == {one for ids in self.events.values() for one in ids}


STEPS: list[tuple[str, Callable[[Listener], Awaitable[None]]]] = [
    ("consumer.handled", Listener.nothing),  # in the streams, and Kafka's offset not moved
    ("transaction.stored", Listener.nothing),
    ("webhook.chosen", Listener.nothing),  # before the request
    ("webhook.answered", Listener.nothing),  # and not stored
    ("webhook.answered", Listener.refuse),  # its stream is held back from now on
    ("webhook.chosen", Listener.replay),
    ("webhook.answered", Listener.rotate),
    ("work.attempted", Listener.switch_off_and_on),
]


@asynccontextmanager
async def in_a_hurry() -> AsyncIterator[None]:
    """Tries that failed come again soon, and no address rests for long."""

    async def hurry() -> None:
        while True:
            await asyncio.sleep(0.3)
            now, waits = clock.now(), {"kind": SEND.name, "holder": None, "due_at": {"$gt": clock.now()}}
            with suppress(PyMongoError):
                await storage().collection("webhooks").update_many({}, {"$set": {"rests_until": None}})
                await storage().collection("timers").update_many(waits, {"$set": {"due_at": now}})

    task = asyncio.create_task(hurry())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_kills_lose_and_disorder_no_event(
    kafka_bootstrap: str,
    module_directory: Path,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WEBHOOK_ALLOW_HOSTS", "127.0.0.1")  # here, where they are registered, and below
    chance, log = random.Random(11), module_directory / "notifier.log"
    listeners = [Listener(Person().platform, receiver.hook()) for _ in range(PLATFORMS)]
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(module_directory / "data"))
        jwks_url = await stack.enter_async_context(key_server())
        keys_file = write_keys(module_directory / "crash-keys.json")
        settings = make_settings(database.uri, kafka_bootstrap, jwks_url, keys_file)
        await create_service_topics(service, settings)
        env = environment(settings) | {"WEBHOOK_ALLOW_HOSTS": "127.0.0.1"}
        await client.connect(settings.mongo_uri, settings.mongo_database, service.documents, keys.read(keys_file))
        stack.callback(client.disconnect)
        producer = make_producer(settings.kafka)
        await producer.start()
        stack.push_async_callback(producer.stop)
        async with notifier(env, log):
            for one in listeners:
                await one.register()
                await eventually(one.is_in_use, 60)
        await stack.enter_async_context(in_a_hurry())
        for place, act in STEPS:
            if act is Listener.replay:  # of what was sent
                async with notifier(env, log):
                    await eventually(lambda: _all(listeners), 120)
            async with notifier(env | {"XINDUN_CRASH_AT": place}, log) as doomed, asyncio.timeout(60):
                for one in listeners:
                    await one.publish(producer)
                    await act(one)
                assert await doomed.wait() == -signal.SIGKILL, place
            await database.after_a_kill()
            for one in listeners:
                one.hook.answers.extend((chance.choice([204, 204, 500]), {}) for _ in range(EACH))
        async with notifier(env, log):
            await eventually(lambda: _all(listeners), 120)
            await eventually(_nothing_waits, 60)
    for one in listeners:
        for ids in one.events.values():
            assert [event for event in dict.fromkeys(event["id"] for event in one.hook.got) if event in ids] == ids
        came = {event["id"]: event["webhook-id"] for event in one.hook.got}
        assert came == {event: rules.webhook_id(one.id, event) for event in came}
        assert {event["webhook-id"] for event in one.hook.got} == set(came.values())


async def _all(listeners: list[Listener]) -> bool:
    return all(one.has_all for one in listeners)


async def _nothing_waits() -> bool:
    replays = [replay for replay in await Replay.find().to_list() if replay.under_way]
    return not replays and not await storage().collection("timers").count_documents({"kind": SEND.name})
