"""What was told of a duty, as it is stored."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.complaints.duties.rules import TYPES, Subject
from services.complaints.duties.told_rules import Told
from shared.storage.records import Record


class Kept(BaseModel):
    """A fact in its slot; `name` is that of its class, `data` its fields as they are published."""

    slot: str
    name: str
    at: dt.datetime
    event_id: str
    data: dict[str, Any]

    @property
    def told(self) -> Told:
        return Told(msgspec.convert(self.data, TYPES[self.name]), self.at, self.event_id)


class Duty(Record):
    """What one thing is known by: a paper, an enrolment, a bill, a benefit, a cooperation, a
    partner through which people work (`<platform>|<partner>`), a licence, a policy or a block.

    Its id is `<subject>|<id>`. `people_of`: the enterprise whose people matter to it. `watched`: the platform's worker
    (`<platform>|<worker_ref>`) whose orders would be a sign. `leads`: ids of those that it gave, also where withdrawn.
    """

    subject: Subject
    engagement_id: str | None = None
    people_of: str | None = None
    watched: str | None = None
    facts: list[Kept] = []
    leads: list[str] = []

    class Settings:
        name = "duties"
        indexes = [
            IndexModel([("engagement_id", ASCENDING)]),
            IndexModel([("people_of", ASCENDING)]),
            IndexModel([("watched", ASCENDING)]),
        ]

    @property
    def told(self) -> list[Told]:
        return [one.told for one in self.facts]
