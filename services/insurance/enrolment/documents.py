"""Enrolments with what was sent to the province about them, and the persons they are for."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from shared.contracts.insurance import Scheme
from shared.storage.encryption import decrypt_field
from shared.storage.records import Record


class Person(Record):
    """Own copy of a worker (its id) as the province must be told; both fields are encrypted."""

    id_number: str
    name: str
    told_at: dt.datetime

    class Settings:
        name = "persons"

    def opened(self) -> tuple[str, str]:
        """Id number and name in clear."""
        return decrypt_field("person.id_number", self.id_number), decrypt_field("person.name", self.name)


class Request(BaseModel):
    """One request to the provincial platform, and the later notice of its end. What was sent never changes."""

    number: str
    scheme: Scheme
    worker_id: str
    district: str
    starts_on: dt.date
    status: Literal["waiting", "accepted", "rejected"] = "waiting"
    receipt_number: str | None = None
    reason: str | None = None
    ends_on: dt.date | None = None
    end_receipt: str | None = None

    @property
    def end_is_due(self) -> bool:
        return self.status == "accepted" and self.ends_on is not None and self.end_receipt is None


class Enrolment(Record):
    """One person's insurance through one engagement (its id). `requests`: one for each scheme or person it ever had."""

    platform: str
    worker_id: str
    scheme: Scheme
    state: Literal["open", "ended"]
    starts_on: dt.date
    ends_on: dt.date | None
    due_on: dt.date | None
    overdue: bool = False
    requests: list[Request]

    class Settings:
        name = "enrolments"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("worker_id", ASCENDING)]),
            IndexModel([("state", ASCENDING)]),
        ]

    @property
    def current(self) -> Request:
        return self.requests[-1]

    def request(self, number: str) -> Request | None:
        return next((request for request in self.requests if request.number == number), None)
