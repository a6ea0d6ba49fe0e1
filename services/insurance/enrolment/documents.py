"""Enrolments with what was sent to the province about them, and the persons they are for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Final, Literal

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.insurance.engagements.rules import Span
from services.insurance.enrolment.rules import Declared, Sent, State, undeclared
from services.insurance.enrolment.segments import Basis, Segment
from shared.contracts.insurance import Scheme
from shared.storage.encryption import EncryptedAt
from shared.storage.records import Record

REFUSED_FOR: Final = "enrolment.refused_for"
SUSPENDED_FOR: Final = "enrolment.suspended_for"
"""The places that a person's fields, the province's reasons and an officer's are encrypted for."""


class InsuredDays(BaseModel):
    """One person's insurance by one unit on legal days, both included; see `segments.Segment`."""

    scheme: Scheme
    basis: Basis
    worker_id: str
    unit: str
    starts_on: dt.date
    ends_on: dt.date | None

    @property
    def segment(self) -> Segment:
        return Segment(self.scheme, self.basis, self.worker_id, self.unit, self.starts_on, self.ends_on)

    @property
    def withdrawn(self) -> bool:
        """Whether it covers no day."""
        return self.ends_on is not None and self.ends_on < self.starts_on


class StoredSegment(InsuredDays):
    """`due_on`: until when the employer must declare the person; null where no employer must. `declared_on`: when it did.
    `overdue`: it was told that this day had passed. `listed`: see `EnrolmentFact`."""

    due_on: dt.date | None
    declared_on: dt.date | None = None
    overdue: bool = False
    listed: bool | None = None


class Request(InsuredDays):
    """One request to the provincial platform, and the later notice of its end. What was sent never changes.

    `ends_on` before `starts_on`: it is withdrawn. `end_receipt` is that of the present `ends_on`. `reason`, why
    it was refused, is encrypted.
    """

    number: str
    district: str
    status: Literal["waiting", "accepted", "rejected"] = "waiting"
    receipt_number: str | None = None
    reason: Annotated[str | None, EncryptedAt(REFUSED_FOR)] = None
    end_receipt: str | None = None

    @property
    def end_is_due(self) -> bool:
        return self.status == "accepted" and self.ends_on is not None and self.end_receipt is None


class Suspension(BaseModel):
    """Legal days on which the cover rests: from `since` to the day before `resumed_on`, null while it still does. `reason`
    is encrypted."""

    since: dt.date
    reason: Annotated[str, EncryptedAt(SUSPENDED_FOR)]
    by: str
    at: dt.datetime
    resumed_on: dt.date | None = None
    resumed_by: str | None = None


class Declaration(BaseModel):
    """What an employer (by its credit code) has declared: that it employs the person since `starts_on`."""

    unit: str
    starts_on: dt.date
    at: dt.datetime
    by: str

    @property
    def word(self) -> Declared:
        return Declared(self.unit, self.starts_on)


class Enrolment(Record):
    """One person's insurance through one engagement (its id).

    `segments` are the days that facts call for, `suspensions` the days taken out of them, `declarations` what employers said,
    `requests` all that the province was ever asked about it. Scheme, basis and days are those of the last segment.
    `confirmed_on`: when the province took the last segment; `overdue`: an employer's deadline passed before it took its
    segment; `duty_on`: the deadline that is watched. `seen_by`: the enterprises that may see it, the platform and the units.
    """

    platform: str
    worker_ref: str
    district: str
    worker_id: str
    scheme: Scheme
    basis: Basis
    state: State
    starts_on: dt.date
    ends_on: dt.date | None
    due_on: dt.date | None
    confirmed_on: dt.date | None = None
    overdue: bool = False
    duty_on: dt.date | None = None
    segments: list[StoredSegment]
    suspensions: list[Suspension] = []
    declarations: list[Declaration] = []
    seen_by: list[str] = []
    requests: list[Request]

    class Settings:
        name = "enrolments"
        indexes = [
            IndexModel([("worker_id", ASCENDING)]),
            IndexModel([("state", ASCENDING)]),
            IndexModel([("platform", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("seen_by", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("overdue", ASCENDING)], partialFilterExpression={"overdue": True}),
        ]

    @property
    def current(self) -> Request | None:
        """The latest request that is not withdrawn, or the latest of all; None where nothing was asked."""
        standing = (request for request in reversed(self.requests) if not request.withdrawn)
        return next(standing, self.requests[-1] if self.requests else None)

    @property
    def declared(self) -> list[Declared]:
        return [one.word for one in self.declarations]

    @property
    def undeclared(self) -> list[Segment]:
        return undeclared([one.segment for one in self.segments], self.declared)

    @property
    def rests(self) -> list[Span]:
        day = dt.timedelta(days=1)
        return [Span(one.since, one.resumed_on - day if one.resumed_on else None) for one in self.suspensions]

    @property
    def sent(self) -> list[Sent]:
        return [Sent(request.number, request.segment, request.status) for request in self.requests]

    def request(self, number: str) -> Request | None:
        return next((request for request in self.requests if request.number == number), None)

    def segment_of(self, request: Request) -> StoredSegment | None:
        """The segment that a request is for; None where it is withdrawn."""
        asked = request.segment
        same: Sequence[StoredSegment] = [
            kept
            for kept in self.segments
            if (kept.scheme, kept.basis, kept.worker_id, kept.unit)
            == (asked.scheme, asked.basis, asked.worker_id, asked.unit)
            and kept.segment.span.covers(asked.starts_on)
        ]
        return None if request.withdrawn else next(iter(same), None)
