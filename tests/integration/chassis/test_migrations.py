"""`migrate`: what an earlier version stored is brought to what this one reads, once, however often it is broken off."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio
from pymongo import ASCENDING, IndexModel

from deploy.local import child
from shared import migrate
from shared.storage import client, migrations
from shared.storage.client import Storage, collection_of
from shared.storage.leases import Lease
from tests.harness import eventually
from tests.integration.chassis.old_sample import SERVICE, Book

ROWS = 3 * migrations.BATCH + 50


@pytest.fixture
def database() -> str:
    return f"test_{uuid.uuid4().hex[:12]}"


@pytest_asyncio.fixture(loop_scope="session")
async def storage(mongo_uri: str, database: str) -> AsyncIterator[Storage]:
    """A database with what an earlier version stored: books with a `writer`, which this version calls `author`."""
    storage = await client.connect(mongo_uri, database, SERVICE.documents, unhurried=True)
    rows = [{"_id": f"{n:05}", "revision": 1, "writer": f"writer {n}", "changes": 0} for n in range(ROWS)]
    await collection_of(Book).insert_many(rows)
    yield storage
    client.disconnect()


async def migrated() -> None:
    """Every book has its author, by one change each, and keeps what the earlier version reads."""
    rows = await collection_of(Book).find({}).sort("_id", 1).to_list(None)
    assert [row["author"] for row in rows] == [f"writer {n}" for n in range(ROWS)]
    assert [row["writer"] for row in rows] == [f"writer {n}" for n in range(ROWS)]
    assert {row["revision"] for row in rows} == {2}


def environment(mongo_uri: str, database: str, directory: Path) -> dict[str, str]:
    keys = directory / "keys.json"
    keys.write_text('{"rings": {}}')
    return {
        **os.environ,
        "MONGO_URI": mongo_uri,
        "MONGO_DATABASE": database,
        "KAFKA_BOOTSTRAP": "127.0.0.1:1",
        "KEYS_FILE": str(keys),
        "OIDC_ISSUER": "http://issuer.test",
        "OIDC_JWKS_URL": "http://issuer.test/jwks",
    }


async def run_command(env: dict[str, str], log: Path) -> int:
    command = [sys.executable, "-m", "tests.integration.chassis.old_sample", "migrate"]
    process = await child.start(command, log, env=env, directory=child.PROJECT)
    try:
        return await asyncio.wait_for(process.wait(), 60)
    finally:
        await child.stop(process)


async def test_what_is_stored_is_changed_and_then_nothing_is_left(
    storage: Storage, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await migrations.waiting(SERVICE.migrations) == ["migration 1 has not been finished: writers are authors"]
    assert await migrate.run(SERVICE, finish=False) == 0
    await migrated()
    assert f"finished: {ROWS} changed" in capsys.readouterr().out
    assert await migrate.run(SERVICE, finish=False) == 0
    assert capsys.readouterr().out == "nothing is left\n"
    await migrated()


async def test_a_killed_run_is_taken_up_where_it_was(
    storage: Storage, mongo_uri: str, database: str, tmp_path: Path
) -> None:
    """The kill comes between changing a batch and keeping that it is done."""
    env, log = environment(mongo_uri, database, tmp_path), tmp_path / "migrate.log"
    assert await run_command({**env, "XINDUN_CRASH_AT": "migration.changed"}, log) == -signal.SIGKILL
    assert await collection_of(Book).count_documents({"author": {"$exists": True}}) == migrations.BATCH
    await storage.collection("leases").delete_many({})  # as if its lease had run out
    assert await run_command(env, log) == 0, log.read_text()
    await migrated()


async def test_of_two_at_once_one_waits_for_the_other(
    storage: Storage, mongo_uri: str, database: str, tmp_path: Path
) -> None:
    env = environment(mongo_uri, database, tmp_path)
    logs = [tmp_path / "one.log", tmp_path / "other.log"]
    assert await asyncio.gather(*(run_command(env, log) for log in logs)) == [0, 0]
    await migrated()
    told = sorted(log.read_text().count("finished:") for log in logs)
    assert told == [0, 1]


async def test_nothing_is_migrated_while_another_process_does(
    storage: Storage, capsys: pytest.CaptureFixture[str]
) -> None:
    lease = Lease("migrate")
    assert await lease.renew()
    task = asyncio.create_task(migrate.run(SERVICE, finish=False))

    async def waits() -> bool:
        return "another process migrates" in capsys.readouterr().out

    await eventually(waits, 10)
    assert await collection_of(Book).count_documents({"author": {"$exists": True}}) == 0
    assert not task.done()
    await lease.release()
    assert await task == 0
    await migrated()


async def test_a_row_changed_meanwhile_is_migrated_all_the_same(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The earlier version stores a book between the reading of it and the change."""
    books = collection_of(Book)
    real = migrations._update
    changed: list[client.Row] = []

    def change_before(migration: migrations.Migration, row: client.Row) -> object:
        if row["_id"] == "00007" and not changed:
            changed.append(row)
            row = {**row, "revision": row["revision"] - 1}  # what was read is not what is stored any more
        return real(migration, row)

    monkeypatch.setattr(migrations, "_update", change_before)
    assert await migrate.run(SERVICE, finish=False) == 0
    assert changed
    assert (await books.find_one({"_id": "00007"}) or {})["author"] == "writer 7"
    await migrated()


async def test_finish_takes_up_what_the_old_version_stored_since(storage: Storage) -> None:
    await migrate.run(SERVICE, finish=False)
    late = {"_id": "late", "revision": 1, "writer": "late writer", "changes": 0}
    await collection_of(Book).insert_one(late)
    assert await migrate.run(SERVICE, finish=False) == 0
    assert "author" not in (await collection_of(Book).find_one({"_id": "late"}) or {})
    assert await migrate.run(SERVICE, finish=True) == 0
    assert (await collection_of(Book).find_one({"_id": "late"}) or {})["author"] == "late writer"


async def test_indexes_follow_what_the_documents_declare(storage: Storage) -> None:
    """One is missing, one of the same name is another, one keeps rows for another time, one is left over."""
    books = collection_of(Book)
    await books.create_indexes(
        [
            IndexModel([("changes", ASCENDING)], name="by_author"),
            IndexModel([("returned_at", ASCENDING)], name="returned", expireAfterSeconds=60),
            IndexModel([("writer", ASCENDING)], name="left_over"),
        ]
    )
    await migrate.run(SERVICE, finish=False)
    known = await books.index_information()
    assert sorted(known) == ["_id_", "by_author", "left_over", "returned"]
    assert known["by_author"]["key"] == [("author", 1)]
    assert known["returned"]["expireAfterSeconds"] == 3600
    assert "published_at_1" in await storage.collection("outbox").index_information()
    await migrate.run(SERVICE, finish=True)
    assert "left_over" not in await books.index_information()


async def test_an_empty_database_has_nothing_to_migrate(mongo_uri: str, database: str) -> None:
    await client.connect(mongo_uri, database, SERVICE.documents)
    try:
        assert await migrations.waiting(SERVICE.migrations) == []
        await Book(id="1", author="new").insert()
        assert await migrations.waiting(SERVICE.migrations) == []
    finally:
        client.disconnect()


@pytest.mark.usefixtures("storage")
async def test_a_service_waits_until_its_database_is_migrated(
    mongo_uri: str, kafka_bootstrap: str, database: str, tmp_path: Path
) -> None:
    """It lives and says what is missing; and begins by itself once that is done."""
    port, log = child.free_port(), tmp_path / "sample.log"
    env = environment(mongo_uri, database, tmp_path)
    serving = env | {"KAFKA_BOOTSTRAP": kafka_bootstrap, "HTTP_PORT": str(port)}
    command = [sys.executable, "-m", "tests.integration.chassis.old_sample"]
    process = await child.start(command, log, env=serving, directory=child.PROJECT)
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:

            async def ready() -> httpx2.Response | None:
                try:
                    return await http.get("/readyz")
                except httpx2.HTTPError:
                    return None

            answer = await eventually(ready, 30)
            assert (answer.status_code, answer.json()["missing"]) == (503, ["migrate"])
            assert (await http.get("/healthz")).status_code == 200
            assert (await http.get("/v1/backlog")).status_code == 503
            assert await run_command(env, tmp_path / "migrate.log") == 0

            async def begun() -> bool:
                found = await ready()
                return found is not None and found.status_code == 200

            await eventually(begun, 30)
            assert (await http.get("/v1/backlog")).status_code == 401
    finally:
        await child.stop(process)
    assert "migration 1 has not been finished" in log.read_text()
