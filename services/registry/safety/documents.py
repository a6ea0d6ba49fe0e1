"""What is stored of trainings."""

from __future__ import annotations

import datetime as dt

from pymongo import ASCENDING, IndexModel

from shared.storage.records import Record


class TrainingRecord(Record):
    """A course that a platform says its worker completed. Who that is follows from the engagements, which may come later.

    It is there once, since whatever concerns an account stores that (`registry.engagements`).
    """

    platform: str
    worker_ref: str
    course: str
    completed_on: dt.date
    hours: float
    certificate_number: str | None
    told_at: dt.datetime

    class Settings:
        name = "trainings"
        indexes = [IndexModel([("platform", ASCENDING), ("worker_ref", ASCENDING)])]
