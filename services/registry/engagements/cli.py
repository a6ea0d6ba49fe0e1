"""Telling again how the engagements stand, for a copy that was begun when topics had their earlier events no more."""

from __future__ import annotations

from argparse import Namespace

from services.registry.engagements.documents import Engagement
from services.registry.engagements.events import restated
from shared.commands import Command, no_arguments
from shared.storage.transaction import Transaction, transact

AT_ONCE = 500


async def restate() -> int:
    """Publish of all engagements that have no end how they stand; says how many. Done again it does no harm."""
    count, after = 0, ""
    while True:

        async def some(tx: Transaction, behind: str = after) -> list[str]:
            wanted = {"_id": {"$gt": behind}, "ended_on": None}
            found = await tx.find(Engagement, wanted, sort="_id", limit=AT_ONCE)
            for engagement in found:
                tx.publish(restated(engagement))
            return [engagement.id for engagement in found]

        ids = await transact(some)
        if not ids:
            return count
        count, after = count + len(ids), ids[-1]


async def _run(_: Namespace) -> int:
    print(f"{await restate()} engagements are told again")
    return 0


COMMANDS = (
    Command(
        "restate-engagements",
        "tell again how engagements stand, for copies that were begun late (the audience of broadcasts)",
        no_arguments,
        _run,
    ),
)
