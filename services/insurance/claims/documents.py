"""Claims: accidents that platforms reported."""

from __future__ import annotations

import datetime as dt

from beanie import Document
from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel

from shared import clock
from shared.contracts.insurance import CoverCheck
from shared.contracts.platform import Severity
from shared.ids import new_id
from shared.storage.records import Record
from shared.storage.transaction import Transaction


class Claim(Record):
    """One reported accident. `place` and `description` are encrypted; `reported_at` is when it reached us.

    `platform_apply_by` and `self_apply_by` are the last days to apply for benefits: for the platform, and for the worker
    or next of kin.
    """

    platform: str
    incident_id: str
    worker_ref: str
    worker_id: str | None
    order_id: str | None
    occurred_at: dt.datetime
    reported_at: dt.datetime
    district: str
    severity: Severity
    place: str
    description: str
    cover: CoverCheck
    platform_apply_by: dt.date | None
    self_apply_by: dt.date | None

    class Settings:
        name = "claims"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("platform", ASCENDING), ("incident_id", ASCENDING)], unique=True),
            IndexModel([("platform", ASCENDING), ("worker_ref", ASCENDING)]),
            IndexModel([("worker_id", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", DESCENDING)]),
        ]

    @classmethod
    async def of_incident(cls, platform: str, incident_id: str, tx: Transaction) -> Claim | None:
        return await cls.find_one({"platform": platform, "incident_id": incident_id}, session=tx.session)


class ClaimRead(Document):
    """That an officer read what happened to a person. Only ever added to."""

    id: str = Field(default_factory=new_id)  # type: ignore[assignment]
    at: dt.datetime = Field(default_factory=clock.now)
    by: str
    claim_id: str

    class Settings:
        name = "claim_reads"
