"""A lease: the right to do something alone, for a while."""

from __future__ import annotations

import datetime as dt
import time

from pymongo.errors import DuplicateKeyError

from shared import clock
from shared.ids import new_id
from shared.storage.client import storage


class Lease:
    """Held by at most one process at a time, and lost by one that does not renew it in time.

    `held` goes false a third of the term before the lease runs out, so that the work under it stops before another
    holder may begin.
    """

    def __init__(self, name: str, seconds: float = 6.0) -> None:
        self.name, self.seconds = name, seconds
        self.holder = new_id()
        self._until = 0.0

    @property
    def held(self) -> bool:
        return time.monotonic() < self._until

    @property
    def due(self) -> bool:
        """Whether it is time to ask for the lease (again)."""
        return time.monotonic() > self._until - self.seconds / 3

    async def renew(self) -> bool:
        """Take or keep the lease, if it is free; says whether it is held."""
        asked = time.monotonic()
        now = clock.now()
        try:
            await (
                storage()
                .collection("leases")
                .find_one_and_update(
                    {"_id": self.name, "$or": [{"holder": self.holder}, {"until": {"$lt": now}}]},
                    {"$set": {"holder": self.holder, "until": now + dt.timedelta(seconds=self.seconds)}},
                    upsert=True,
                )
            )
        except DuplicateKeyError:
            self._until = 0.0
            return False
        self._until = asked + self.seconds * 2 / 3
        return True

    async def release(self) -> None:
        self._until = 0.0
        await storage().collection("leases").delete_one({"_id": self.name, "holder": self.holder})
