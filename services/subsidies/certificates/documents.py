"""Certificates, and whom a platform's worker reference stands for."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pymongo import ASCENDING, DESCENDING, IndexModel

from shared.storage.records import Record
from shared.storage.transaction import Transaction


class Trainee(Record):
    """A platform's worker; its id is `<platform>|<worker_ref>`. `worker_id` is null while no event of the registry names them.

    Every training stores its trainee too. So of two transactions at the same time one is run again, and sees what the other
    did: an engagement and a training that waits for it, or the same training twice.
    """

    worker_id: str | None = None
    engagement_id: str | None = None
    district: str | None = None
    version: int = 0
    happened_at: dt.datetime | None = None

    class Settings:
        name = "trainees"

    @staticmethod
    def key(platform: str, worker_ref: str) -> str:
        return f"{platform}|{worker_ref}"

    @classmethod
    async def named(cls, platform: str, worker_ref: str, tx: Transaction) -> Self:
        """The worker of that reference, known or new."""
        trainee_id = cls.key(platform, worker_ref)
        return await cls.of(trainee_id, tx) or cls(id=trainee_id)


class Certificate(Record):
    """A completed course. `worker_id` is null while nobody knows who the platform's worker is, and `district`, where that
    worker was engaged, too. `event_id`: the event that told of it."""

    number: str
    worker_id: str | None
    platform: str
    worker_ref: str
    course: str
    hours: float
    completed_on: dt.date
    district: str | None = None
    event_id: str | None = None

    class Settings:
        name = "certificates"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("platform", ASCENDING), ("worker_ref", ASCENDING)]),
            IndexModel([("worker_id", ASCENDING), ("_id", DESCENDING)]),
        ]

    @classmethod
    async def same(
        cls, platform: str, worker_ref: str, course: str, completed_on: dt.date, tx: Transaction
    ) -> Self | None:
        """The certificate of that worker, course and day."""
        wanted = {"platform": platform, "worker_ref": worker_ref, "course": course, "completed_on": completed_on}
        return await tx.find_one(cls, wanted)

    @classmethod
    async def nameless(cls, platform: str, worker_ref: str, tx: Transaction) -> list[Self]:
        """The certificates of a platform's worker whom nobody knew so far."""
        found = await tx.find(cls, {"platform": platform, "worker_ref": worker_ref})
        return [certificate for certificate in found if certificate.worker_id is None]
