"""Copies of unions and of their members."""

from __future__ import annotations

import datetime as dt

from pymongo import ASCENDING, IndexModel

from shared.storage.records import Record


class UnionOnFile(Record):
    """A union by its id, with the subjects of those who act for it, as the registry told it at `told_at`."""

    officers: list[str]
    told_at: dt.datetime

    class Settings:
        name = "unions"
        indexes = [IndexModel([("officers", ASCENDING)])]


class Member(Record):
    """A worker in a union by the id of the membership, as it was told last: legal days, both included; `until` is null while it
    lasts."""

    union_id: str
    worker_id: str
    since: dt.date | None
    until: dt.date | None
    told_at: dt.datetime

    class Settings:
        name = "union_members"
        indexes = [IndexModel([("worker_id", ASCENDING)])]
