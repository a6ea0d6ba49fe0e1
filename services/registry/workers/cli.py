"""Telling again who is on file, for a service that is told more of each person than when they were registered."""

from __future__ import annotations

from argparse import Namespace

from services.registry.workers.commands import person_of, registered
from services.registry.workers.documents import Worker
from shared.commands import Command, no_arguments
from shared.storage.transaction import Transaction, transact

AT_ONCE = 500


async def restate() -> int:
    """Publish of everybody who is on file what is on file of them; says how many. Done again it does no harm."""
    count, after = 0, ""
    while True:

        async def some(tx: Transaction, behind: str = after) -> tuple[int, str]:
            found = await tx.find(Worker, {"_id": {"$gt": behind}}, sort="_id", limit=AT_ONCE)
            kept = [one for one in found if one.merged_into is None and one.keeping != "erased" and one.id_number]
            for worker in kept:
                tx.publish(registered(worker.id, person_of(worker)), late=True)
            return len(kept), found[-1].id if found else ""

        told, last = await transact(some)
        if not last:
            return count
        count, after = count + told, last


async def _run(_: Namespace) -> int:
    print(f"{await restate()} persons are told again")
    return 0


COMMANDS = (
    Command(
        "restate-workers",
        "tell again who is on file, for services that are told more of a person than before (names, to subsidies)",
        no_arguments,
        _run,
    ),
)
