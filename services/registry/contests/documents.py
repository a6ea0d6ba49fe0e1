"""What is stored of contests."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final, Literal

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.registry.contests.rules import State
from shared.contracts.platform import Relation
from shared.storage.encryption import EncryptedAt
from shared.storage.records import Record

GROUNDS: Final = "footing_contest.grounds"
REASONS: Final = "footing_contest.reasons"
"""The places that the texts of a contest are encrypted for."""


class Verdict(BaseModel):
    """How a contest ended. `relation` is the footing from then on, `effective_on` the day of a changed one.

    `reasons` is encrypted; null where the contest was withdrawn.
    """

    relation: Relation
    effective_on: dt.date | None
    reasons: Annotated[str | None, EncryptedAt(REASONS)]
    by: str
    at: dt.datetime


class FootingContest(Record):
    """Somebody says that an engagement's footing is another one from a day on. `grounds` is encrypted.

    `subject` is who raised it, `raised_by` in which role; `district` is the engagement's when it was raised.
    """

    engagement_id: str
    platform: str
    district: str
    raised_by: Literal["worker", "platform", "officer", "union"]
    subject: str
    claimed: Relation
    since: dt.date
    grounds: Annotated[str, EncryptedAt(GROUNDS)]
    state: State = "open"
    verdict: Verdict | None = None

    class Settings:
        name = "footing_contests"
        indexes = [
            IndexModel([("engagement_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
        ]
