"""Copies of unions, of their members, and of which records of workers were merged."""

from __future__ import annotations

import datetime as dt

from pymongo import ASCENDING, IndexModel

from shared.storage.records import Record


class UnionOnFile(Record):
    """A union by its id, with its name and the subjects of those who act for it, as the registry told it at `told_at`."""

    name: str
    officers: list[str]
    told_at: dt.datetime

    class Settings:
        name = "unions"
        indexes = [IndexModel([("officers", ASCENDING)])]


class Member(Record):
    """A worker in a union by the id of the membership, as it was told last: legal days, both included; `until` is null while it
    lasts, `since` while only its end is told."""

    union_id: str
    worker_id: str
    since: dt.date | None = None
    until: dt.date | None = None
    told_at: dt.datetime

    class Settings:
        name = "union_members"
        indexes = [IndexModel([("worker_id", ASCENDING)])]


class MergedWorker(Record):
    """A record of a person by its id, whose place the record `worker_id` has taken at `merged_at`."""

    worker_id: str
    merged_at: dt.datetime

    class Settings:
        name = "merged_workers"
