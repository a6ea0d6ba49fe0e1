"""A database in files and back: as it was at one instant, whole, and only into an empty database."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from shared.storage import backups, client, migrations
from shared.storage.client import storage
from tests.harness import eventually
from tests.integration.chassis.sample import Counter


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def database(mongo_uri: str) -> AsyncIterator[str]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    await client.connect(mongo_uri, name, [Counter], unhurried=True)
    yield name
    client.disconnect()


async def empty() -> None:
    """Lose everything."""
    await storage().client.drop_database(storage().database.name)


async def test_a_backup_comes_back_as_it_was(tmp_path: Path) -> None:
    for n in range(1200):
        await Counter(id=f"{n:04}", name="甲", heard=[n]).insert()
    before = await storage().collection("counters").find({}).sort("_id", 1).to_list(None)
    manifest = await backups.back_up(tmp_path)
    assert [(part.collection, part.documents) for part in manifest.parts] == [("counters", 1200)]
    await empty()
    await backups.restore(tmp_path)
    assert await storage().collection("counters").find({}).sort("_id", 1).to_list(None) == before
    assert await migrations.waiting([]) == []


async def test_what_is_stored_meanwhile_is_in_it_whole_or_not_at_all(tmp_path: Path) -> None:
    """Two collections are always changed together: the backup holds as many of one as of the other."""
    one, other = storage().collection("a_one"), storage().collection("z_other")
    await one.insert_many([{"_id": n, "filler": "x" * 1000} for n in range(3000)])
    await other.insert_many([{"_id": n} for n in range(3000)])
    number = 3000

    async def go_on() -> None:
        nonlocal number
        while True:
            async with await storage().client.start_session() as session, session.start_transaction():
                await one.insert_one({"_id": number}, session=session)
                await other.insert_one({"_id": number}, session=session)
            number += 1

    writing = asyncio.create_task(go_on())

    async def begun() -> bool:
        return number > 3005

    await eventually(begun, 20)
    before = number
    manifest = await backups.back_up(tmp_path)
    while_writing = number - before
    writing.cancel()
    counts = {part.collection: part.documents for part in manifest.parts}
    assert counts["a_one"] == counts["z_other"]
    assert while_writing > 0


async def test_only_a_whole_backup_is_brought_back(tmp_path: Path) -> None:
    await Counter(id="1", name="甲").insert()
    await backups.back_up(tmp_path)
    await empty()
    file = tmp_path / "counters.bson.gz"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    with pytest.raises(backups.CannotRestore, match="is not what was written"):
        await backups.restore(tmp_path)
    file.unlink()
    with pytest.raises(backups.CannotRestore, match="is missing"):
        await backups.restore(tmp_path)
    (tmp_path / backups.MANIFEST).unlink()
    with pytest.raises(backups.CannotRestore, match="no whole backup"):
        await backups.restore(tmp_path)
    assert await storage().database.list_collection_names() == []


async def test_nothing_is_restored_over_what_is_there(tmp_path: Path) -> None:
    await Counter(id="1", name="甲").insert()
    await backups.back_up(tmp_path)
    with pytest.raises(backups.CannotRestore, match="not empty: counters"):
        await backups.restore(tmp_path)
    with pytest.raises(backups.CannotBackUp, match="is not empty"):
        await backups.back_up(tmp_path)


async def test_no_service_begins_on_half_a_restore(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await Counter(id="1", name="甲").insert()
    await backups.back_up(tmp_path)
    await empty()

    def broken(file: Path) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(backups, "_batches", broken)
    with pytest.raises(KeyboardInterrupt):
        await backups.restore(tmp_path)
    assert await migrations.waiting([]) == ["a restore has not been finished"]
