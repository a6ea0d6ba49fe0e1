"""A rolling upgrade: processes of two versions share the work of one group, and each hears what either tells."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec

from deploy.local import child
from shared import clock
from shared.ids import new_id
from shared.messaging import dead_letters
from shared.messaging.broker import Record, create_topics, make_producer, publish
from shared.messaging.envelope import headers_of
from shared.settings import KafkaSettings
from shared.storage import client
from tests.harness import SESSION_SECONDS, eventually, write_keys
from tests.integration.chassis.rolling_sample import NOTES, Heard, NewNote, OldNote
from tests.processes import is_ready
from tests.processes import running as process

NAMES = 60


@asynccontextmanager
async def running(version: str, env: dict[str, str], directory: Path) -> AsyncIterator[None]:
    own = env | {"VERSION": version, "HTTP_PORT": str(child.free_port())}
    async with process("tests.integration.chassis.rolling_sample", env=own, log=directory / f"{version}.log"):
        await eventually(lambda: is_ready(own), 60)
        yield


async def test_two_versions_hear_what_either_tells(mongo_uri: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    kafka, database = KafkaSettings(kafka_bootstrap), f"test_{uuid.uuid4().hex[:12]}"
    await create_topics(kafka, [NOTES])
    env = {
        "MONGO_URI": mongo_uri,
        "MONGO_DATABASE": database,
        "KAFKA_BOOTSTRAP": kafka_bootstrap,
        "KAFKA_SESSION_SECONDS": str(SESSION_SECONDS),
        "KEYS_FILE": str(write_keys(tmp_path / "keys.json")),
        "OIDC_ISSUER": "http://issuer.test",
        "OIDC_JWKS_URL": "http://issuer.test/jwks",
    }
    await client.connect(mongo_uri, database, [Heard])
    producer = make_producer(kafka)
    await producer.start()
    told: dict[str, OldNote | NewNote] = {f"old-{n}": OldNote(name=f"old-{n}") for n in range(NAMES)}
    told |= {f"new-{n}": NewNote(name=f"new-{n}", mood="cheerful") for n in range(NAMES)}
    try:
        async with AsyncExitStack() as versions:
            for version in ("old", "new"):
                await versions.enter_async_context(running(version, env, tmp_path))
            records = [
                Record(
                    NOTES.name,
                    name.encode(),
                    msgspec.json.encode(note),
                    headers_of(new_id(), "/services/test", note.TYPE, clock.now()),
                )
                for name, note in told.items()
            ]
            await publish(producer, records)

            async def all_heard() -> bool:
                return await Heard.count() == len(told)

            await eventually(all_heard, 60)
        heard = {one.id: one for one in await Heard.find_all().to_list()}
        assert await dead_letters.read(kafka, ["rolling.hearing"]) == []
    finally:
        await producer.stop()
        client.disconnect()
    assert {one.times for one in heard.values()} == {1}
    assert {one.by for one in heard.values()} == {"old", "new"}
    for name, one in heard.items():
        known = None if one.by == "old" else "plain" if name.startswith("old") else "cheerful"
        assert one.mood == known, name
