"""The matters for which a person's record is kept."""

from __future__ import annotations

import datetime as dt

from pymongo import ASCENDING, IndexModel

from shared.storage.records import Record


class Ground(Record):
    """A matter (`<kind>:<its id>`) as far as it keeps a record. `worker_id`: whose it is, null while no event has named them.

    `closed_on` is the legal day on which it ended, null while it is open; `told_at` when that of the latest event happened, so
    that one that comes late takes nothing back.
    """

    kind: str
    worker_id: str | None
    opened_on: dt.date
    closed_on: dt.date | None = None
    told_at: dt.datetime

    class Settings:
        name = "grounds"
        indexes = [IndexModel([("worker_id", ASCENDING)])]
