"""What is stored of cooperations."""

from __future__ import annotations

import datetime as dt

from pymongo import ASCENDING, IndexModel

from services.registry.cooperations.rules import Form, Lack, State
from shared.contracts.platform import Industry
from shared.contracts.registry import LicenceKind
from shared.policy.parameters import Used
from shared.storage.records import Record


class Cooperation(Record):
    """A platform organises its work through a partner, on both legal days and between.

    `missing` and `unlicensed_since`: what the partner lacks. `used`: the parameters of the latest examination.
    """

    platform: str
    partner: str
    form: Form
    industry: Industry
    district: str
    starts_on: dt.date
    ends_on: dt.date | None
    state: State = "licensed"
    missing: list[LicenceKind] = []
    unlicensed_since: dt.date | None = None
    used: list[Used] = []
    recorded_by: str

    @property
    def lack(self) -> Lack | None:
        return None if self.unlicensed_since is None else Lack(tuple(self.missing), self.unlicensed_since)

    class Settings:
        name = "cooperations"
        indexes = [
            IndexModel([("partner", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("platform", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
        ]
