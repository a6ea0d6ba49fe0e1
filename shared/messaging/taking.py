"""Timers and work as they are stored: taken by a lease when they are due, put back after a failed try, removed when done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import structlog
from pymongo import UpdateOne
from pymongo.results import ClientBulkWriteResult

from shared import clock
from shared.ids import new_id
from shared.storage.client import Row, storage
from shared.storage.transaction import Transaction
from shared.storage.writes import namespace

log = structlog.get_logger(__name__)

LEASE_SECONDS: Final = 60.0
LONGEST_DELAY: Final = 3600.0
"""Within how many seconds a piece that failed comes again."""


class LeaseLost(Exception):
    """The piece was cancelled, set anew or taken by another while it was worked on."""


def reserve(row: Row) -> None:
    """Lease a piece that is not stored yet to whoever sets it due."""
    # a holder for each: the same timer may be set anew and given again while it is worked on
    row.update(holder=new_id(), due_at=clock.now() + dt.timedelta(seconds=LEASE_SECONDS), attempts=1)


async def claim(kinds: Sequence[str], limit: int) -> list[Row]:
    """Take the pieces that have been due longest; nobody else gets them until their lease has run out."""
    timers, now, holder = storage().collection("timers"), clock.now(), new_id()
    # looked up and then taken: a find-and-modify would sort everything that is due for each
    due = timers.find({"due_at": {"$lte": now}, "kind": {"$in": list(kinds)}}).sort("due_at", 1).limit(limit)
    rows = await due.to_list(None)
    if not rows:
        return []
    mine = {"holder": holder, "due_at": now + dt.timedelta(seconds=LEASE_SECONDS)}
    changes = [
        UpdateOne(
            {"_id": row["_id"], "due_at": row["due_at"], "holder": row["holder"]},
            {"$set": mine, "$inc": {"attempts": 1}},
            namespace=namespace("timers"),
        )
        for row in rows
    ]
    result: ClientBulkWriteResult = await storage().client.bulk_write(changes, ordered=False, verbose_results=True)
    taken = [row for place, row in enumerate(rows) if result.update_results[place].modified_count]
    return [{**row, "holder": holder, "attempts": row["attempts"] + 1} for row in taken]


def remove(row: Row, tx: Transaction) -> None:
    """Remove a piece that is done; the transaction fails with `LeaseLost` where somebody else has it by now."""
    tx.finish_timer(row["_id"], row["holder"], LeaseLost(row["_id"]))


async def put_back(row: Row, delay: float) -> None:
    """Let a piece come again after so many seconds."""
    mine = {"_id": row["_id"], "holder": row["holder"]}
    again = {"holder": None, "due_at": clock.now() + dt.timedelta(seconds=delay)}
    try:
        await storage().collection("timers").update_one(mine, {"$set": again})
    except Exception as error:  # its lease runs out, and it comes again by itself
        log.warning("timers.not_put_back", reason=type(error).__name__)


async def due_count() -> int:
    """Timers and work whose time has come, or that were tried and come again within `LONGEST_DELAY`."""
    timers, now = storage().collection("timers"), clock.now()
    due = await timers.count_documents({"due_at": {"$lte": now}})
    return due + await timers.count_documents({"due_at": {"$gt": now, "$lte": _soon(now)}, "attempts": {"$gt": 0}})


async def waiting_work(kinds: Sequence[str]) -> dict[str, int]:
    """Outside work that is not done yet and whose next try comes within `LONGEST_DELAY`, by kind."""
    of_these = {"$match": {"due_at": {"$lte": _soon(clock.now())}, "kind": {"$in": list(kinds)}}}
    counted = storage().collection("timers").aggregate([of_these, {"$group": {"_id": "$kind", "count": {"$sum": 1}}}])
    found = {row["_id"]: row["count"] async for row in counted} if kinds else {}
    return {kind: found.get(kind, 0) for kind in kinds}


def _soon(now: dt.datetime) -> dt.datetime:
    # so that the index of instants finds them: most timers wait for days of the law, and are many
    return now + dt.timedelta(seconds=LONGEST_DELAY)
