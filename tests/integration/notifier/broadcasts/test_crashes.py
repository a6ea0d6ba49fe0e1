"""A broadcast that is killed, paused and continued in any order: everybody's phone gets its message once."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from pymongo.errors import PyMongoError

from services.notifier.app import service
from services.notifier.broadcasts import commands
from services.notifier.broadcasts.commands import Written
from services.notifier.broadcasts.documents import Broadcast
from services.notifier.recipients import contact_commands as contacts
from shared import clock
from shared.callers import Caller
from shared.errors import Conflict
from shared.service import create_service_topics
from shared.storage import client, keys, migrations
from shared.storage.client import storage
from shared.storage.transaction import Transaction, transact
from tests.harness import eventually, key_server, make_settings, write_keys
from tests.integration.databases import Database
from tests.integration.notifier.conftest import PROJECT, RECEIPT_SECRET
from tests.integration.notifier.people import Person
from tests.integration.notifier.processes import environment, notifier
from tests.processes import sandbox

PLACES = ["broadcast.listed", "work.attempted", "broadcast.paced", "delivery.given", "transaction.stored"]
"""Behind rows that were made; behind outside work; before messages have their instants, and behind one that is with the gateway
already; and behind everything that is stored."""
PEOPLE = 300
WRITER, APPROVER = (Caller(one, "officer", department="hrss", district="510600") for one in ("officer:1", "officer:2"))


async def people_there(people: list[Person]) -> None:
    async def some(tx: Transaction, part: list[Person]) -> None:
        for one in part:
            await contacts.record_worker(one.registered(), clock.now(), tx)
            await commands.record_standing(one.engaged(), tx)

    for start in range(0, len(people), 100):
        await transact(lambda tx, part=people[start : start + 100]: some(tx, part))  # type: ignore[misc]


async def begun() -> str:
    written = Written("weather", False, "暴雨预警", "请停止接单。", "SMS_RAIN", [], [], [])
    draft = await transact(lambda tx: commands.create(written, WRITER, tx))
    asked = await transact(lambda tx: commands.propose(draft.id, WRITER, draft.revision, tx))
    await transact(lambda tx: commands.approve(draft.id, APPROVER, asked.revision, tx))
    return draft.id


@asynccontextmanager
async def disturbed(broadcast_id: str, chance: random.Random) -> AsyncIterator[None]:
    """With an officer who lets it rest and go on, as it comes."""

    async def disturb() -> None:
        while True:
            await asyncio.sleep(chance.uniform(0, 0.4))
            move = chance.choice([commands.pause, commands.resume, commands.resume])
            with suppress(Conflict, PyMongoError):  # it rests, or goes, already; or the database is away
                await transact(partial(move, broadcast_id, WRITER))

    task = asyncio.create_task(disturb())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_kills_and_pauses_lose_and_repeat_nobody(kafka_bootstrap: str, module_directory: Path) -> None:
    chance = random.Random(7)
    log = module_directory / "notifier.log"
    texts = {"SMS_TEMPLATES": str(PROJECT / "services" / "notifier" / "notices")}
    secrets = {"RECEIPT_SECRET": RECEIPT_SECRET, "SMS_ACCESS_KEY_ID": "id", "SMS_ACCESS_KEY_SECRET": "secret"}
    receipts = {"RECEIPT_URL": "http://127.0.0.1:9/nobody-hears"}
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(module_directory / "data"))
        jwks_url = await stack.enter_async_context(key_server())
        sms = await stack.enter_async_context(sandbox("sms", module_directory, secrets | texts | receipts))
        (await sms.put("/sandbox/templates/SMS_RAIN", content="请停止接单。")).raise_for_status()
        keys_file = write_keys(module_directory / "crash-keys.json")
        settings = make_settings(database.uri, kafka_bootstrap, jwks_url, keys_file)
        await create_service_topics(service, settings)
        env = environment(settings) | secrets | {"SMS_URL": str(sms.base_url)}
        await client.connect(settings.mongo_uri, settings.mongo_database, service.documents, keys.read(keys_file))
        try:
            assert await migrations.waiting(service.migrations) == []  # as a notifier does that finds nobody yet
            people = [Person() for _ in range(PEOPLE)]
            await people_there(people)
            broadcast_id = await begun()
            async with disturbed(broadcast_id, chance):
                # the first rows are made once; by the other places it comes again and again
                for place in [PLACES[0], *chance.sample(PLACES[1:], 4)]:
                    async with notifier(env | {"XINDUN_CRASH_AT": place}, log) as doomed, asyncio.timeout(40):
                        assert await doomed.wait() == -signal.SIGKILL, place
                    await database.after_a_kill()
                await stack.enter_async_context(notifier(env, log))
                await eventually(half_listed, 60)
            with suppress(Conflict):
                await transact(lambda tx: commands.resume(broadcast_id, WRITER, tx))

            async def finished() -> Broadcast | None:
                found = await Broadcast.get(broadcast_id)
                return found if found is not None and found.state == "finished" else None

            ended = await eventually(finished, 90)
        finally:
            client.disconnect()
        got = Counter(message["phone"] for message in (await sms.get("/sandbox/messages")).json())
    assert got == {one.phone: 1 for one in people}
    assert (ended.listed, ended.given, ended.unreachable) == (PEOPLE, PEOPLE, 0)


async def half_listed() -> bool:
    return await storage().collection("deliveries").count_documents({"state": "listed"}) < PEOPLE / 2
