"""`python -m services.<name> migrate`: bring the database to what this version needs, while the version before goes on working.

An upgrade is done in three steps: `migrate` with the new version; the new version in place of the old one, process by process;
`migrate --finish`, which goes through what the old version has stored in the meantime, and drops the indexes that only it used.

One of several at once works, the others wait for it. Broken off anywhere, it is simply run again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from pymongo import IndexModel

from shared.service import Service
from shared.storage import indexes, migrations
from shared.storage.client import Collection, storage
from shared.storage.leases import Lease

LEASE_SECONDS = 15.0


class LeaseGone(Exception):
    """Another process may have taken over: this one must not go on."""


async def run(service: Service, finish: bool) -> int:
    """Do what there is to do, and print it; the exit status is 0 where nothing is left."""
    async with _alone() as lease:
        for name, wanted in sorted(indexes.declared(service.documents).items()):
            await _bring_indexes(storage().collection(name), wanted, finish)
        for migration in sorted(service.migrations, key=lambda one: one.number):
            await _run(migration, lease, again=finish)
    left = await migrations.waiting(service.migrations)
    print("\n".join(left) or "nothing is left")
    return 1 if left else 0


@asynccontextmanager
async def _alone() -> AsyncIterator[Lease]:
    """The right to migrate, kept for as long as the work takes: an index may take hours."""
    lease = Lease("migrate", LEASE_SECONDS)
    said = False
    while not await lease.renew():
        if not said:
            print("another process migrates; waiting for it")
        said = True
        await asyncio.sleep(1.0)

    async def keep() -> None:
        while True:
            await asyncio.sleep(LEASE_SECONDS / 5)
            with suppress(Exception):  # the database is away: the lease runs out, or is renewed the next time
                await lease.renew()

    keeping = asyncio.create_task(keep())
    try:
        yield lease
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        await lease.release()


async def _bring_indexes(collection: Collection, wanted: list[IndexModel], finish: bool) -> None:
    work, name = await indexes.look(collection, wanted), collection.name
    for index in work.anew:
        print(f"{name}: index {index} is another one now, and is built again")
        await collection.drop_index(index)
    missing = [*work.create, *work.anew]
    if missing:
        print(f"{name}: building {', '.join(missing)}")
        await collection.create_indexes([index for index in wanted if index.document["name"] in missing])
    if work.lifetimes:
        print(f"{name}: rows go by {', '.join(work.lifetimes)} after another time now")
        await indexes.set_lifetimes(collection, wanted, work.lifetimes)
    for index in work.undeclared:
        if finish:
            print(f"{name}: dropping index {index}, which nothing declares")
            await collection.drop_index(index)
        else:
            print(f"{name}: nothing declares index {index}; --finish drops it")


async def _run(migration: migrations.Migration, lease: Lease, again: bool) -> None:
    state = await migrations.begin(migration.number, migration.title, again)
    if state is None:
        return
    print(f"migration {migration.number}: {migration.title}")
    last, changed = state["last"], state["changed"]
    while True:
        if not lease.held:
            raise LeaseGone(f"migration {migration.number} was taken over by another process")
        batch = await migrations.next_batch(migration, last)
        if batch is None:
            break
        last, changed = batch[0], changed + batch[1]
        await migrations.reached(migration.number, *batch)
        print(f"  {changed} changed", flush=True)
    await migrations.finish(migration.number)
    print(f"  finished: {changed} changed")
