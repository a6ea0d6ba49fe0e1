"""What only a real MongoDB shows: it runs where `MONGO_URI` names one, and nowhere else."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio
from pymongo import ASCENDING, IndexModel, MongoClient
from pymongo.errors import DuplicateKeyError

from services.insurance.ledger.repricing import CORRECTIONS_AT_ONCE
from shared import migrate
from shared.messaging.consuming import BATCH
from shared.storage import backups, client, inventory
from shared.storage.client import Storage, collection_of
from shared.storage.transaction import Transaction, transact
from tests.harness import eventually
from tests.integration.chassis.old_sample import SERVICE, Book
from tests.integration.chassis.sample import Counter
from tests.unit.project.code import SERVICES, service


def _why_not() -> str | None:
    uri = os.environ.get("MONGO_URI")
    if uri is None:
        return "MONGO_URI names no server: no registry that this project installs from brings MongoDB itself"
    with MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=5000) as real:
        built = real.admin.command("buildInfo")
    return "the server at MONGO_URI is not MongoDB itself" if "secantusVersion" in built else None


WHY_NOT = _why_not()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=WHY_NOT or "")


@pytest_asyncio.fixture(loop_scope="session")
async def storage(mongo_uri: str) -> AsyncIterator[Storage]:
    storage = await client.connect(mongo_uri, f"test_{uuid.uuid4().hex[:12]}", [Counter, Book], unhurried=True)
    yield storage
    await storage.client.drop_database(storage.database.name)
    client.disconnect()


async def hello(storage: Storage) -> dict[str, Any]:
    found: dict[str, Any] = await storage.client.admin.command("hello")
    return found


async def test_the_server_is_one_that_the_services_can_work_on(storage: Storage) -> None:
    """Version 8 or later, and a replica set or a sharded cluster: transactions need either."""
    built, said = await storage.client.admin.command("buildInfo"), await hello(storage)
    assert built["versionArray"][0] >= 8
    assert "setName" in said or said.get("msg") == "isdbgrid"


async def test_a_transaction_of_many_large_documents_is_stored(storage: Storage) -> None:
    """More than 16 MB together: that is the limit of one document, and of one entry of the log, of which there may be many."""
    rows = [{"_id": f"{n}", "filler": "x" * 200_000} for n in range(max(BATCH, CORRECTIONS_AT_ONCE) // 4)]

    async def store(tx: Transaction) -> None:
        tx.insert_rows(Counter, rows)

    await transact(store)
    assert sum(len(row["filler"]) for row in rows) > 16 * 1024 * 1024
    assert await collection_of(Counter).count_documents({}) == len(rows)


async def test_the_largest_batches_of_small_writes_are_stored(storage: Storage) -> None:
    """Ten thousand writes in one transaction, far more than any batch comes to, take less than the minute that it may."""

    async def store(tx: Transaction) -> None:
        for n in range(10_000):
            tx.insert(Counter(id=f"{n}", name="n"))

    async with asyncio.timeout(30):
        await transact(store)
    assert await collection_of(Counter).count_documents({}) == 10_000


async def test_an_index_is_built_while_rows_come_in(storage: Storage) -> None:
    books = collection_of(Book)
    await books.insert_many([{"_id": f"{n:06}", "author": f"a {n}"} for n in range(50_000)])
    came = 0

    async def come() -> None:
        nonlocal came
        while True:
            await books.insert_one({"_id": f"late-{came}", "author": "late"})
            came += 1

    coming = asyncio.create_task(come())
    await eventually(lambda: _at_least(lambda: came, 1))
    before = came
    assert await migrate.run(SERVICE, finish=False) in (0, 1)
    during = came - before
    coming.cancel()
    assert during > 0
    assert "by_author" in await books.index_information()


async def _at_least(count: Any, least: int) -> bool:
    return bool(count() >= least)


async def test_a_backup_reads_one_instant_without_a_transaction(storage: Storage) -> None:
    """A transaction would be aborted after a minute."""
    async with backups._one_instant() as (_, session):
        assert not cast(bool, session.in_transaction)  # a property, whatever Motor's stub says
        await Counter(id="later", name="later").insert()
        assert await collection_of(Counter).find_one({"_id": "later"}, session=session) is None


async def test_a_backup_comes_back(storage: Storage, tmp_path: Path) -> None:
    await Counter(id="1", name="one").insert()
    await backups.back_up(tmp_path)
    await storage.client.drop_database(storage.database.name)
    await backups.restore(tmp_path)
    assert [one.name for one in await Counter.find_all().to_list()] == ["one"]


@pytest.mark.parametrize("name", SERVICES)
async def test_mongodb_takes_every_index_of_a_service(name: str, mongo_uri: str, storage: Storage) -> None:
    """Whether they serve the services' queries is asked of the server by the watch over all other tests."""
    await client.connect(mongo_uri, storage.database.name, service(name).documents)
    for document in service(name).documents:
        declared = document.get_settings().indexes or []
        there = await collection_of(document).index_information()
        assert {field.name for field in declared} <= set(there)


@pytest.mark.parametrize("name", SERVICES)
async def test_every_collection_can_be_sharded_by_its_key(name: str, storage: Storage) -> None:
    """And keeps an id unique then, and takes every kind of write that the services send."""
    if (await hello(storage)).get("msg") != "isdbgrid":
        pytest.skip("MONGO_URI names a replica set, and no sharded cluster")
    for collection, row in inventory.of_service(name).items():
        if row.shard is None:
            continue
        key = {"_id": "hashed" if row.shard == "hashed" else 1}
        await storage.client.admin.command("shardCollection", f"{storage.database.name}.{collection}", key=key)
        rows = storage.collection(collection)
        await rows.insert_many([{"_id": f"{n}", "revision": 1} for n in range(100)])
        with pytest.raises(DuplicateKeyError):
            await rows.insert_one({"_id": "7"})
        await rows.update_one({"_id": "new"}, {"$set": {"revision": 1}}, upsert=True)
        await rows.find_one_and_update({"_id": "newer"}, {"$set": {"revision": 1}}, upsert=True)
        replaced = await rows.replace_one({"_id": "7", "revision": 1}, {"_id": "7", "revision": 2})
        assert replaced.matched_count == 1
        async with await storage.client.start_session() as session, session.start_transaction():
            await rows.update_many({"revision": 1}, {"$inc": {"revision": 1}}, session=session)
            await rows.delete_many({"_id": {"$in": ["1", "2"]}}, session=session)
        await rows.create_indexes([IndexModel([("revision", ASCENDING)])])
        assert await rows.count_documents({"revision": 2}) == 100
