"""Who draws benefits by the month, and how far their entitlement is confirmed."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.insurance.qualification.rules import Event, State, Way
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt
from shared.storage.records import Record, find_one
from shared.storage.taken import Taken
from shared.storage.transaction import Transaction

STATEMENT: Final = "qualification.statement"
"""The place that what was said of an entitlement is encrypted for."""


class Drawn(BaseModel):
    """A benefit that is drawn. `benefit_id` is null where an officer registered one that is not in this system. `to_kin`, `kin`: as
    in `BenefitFact`."""

    kind: str
    benefit_id: str | None
    to_kin: bool = False
    kin: list[str] = []


class Step(BaseModel):
    """One entry of a check's history; `statement` is encrypted. `by`: the caller's subject, or `timer`."""

    at: dt.datetime
    event: Event
    by: str
    way: Way | None = None
    on: dt.date | None = None
    statement: Annotated[str | None, EncryptedAt(STATEMENT)] = None


class Check(Record):
    """One person's yearly check, for all that they draw. `due_on` is its present last day.

    `ended`: what the person drew until an officer found that the entitlement had ended; what is granted later is `drawn`.
    """

    worker_id: str
    district: str
    state: State
    due_on: dt.date
    confirmed_on: dt.date
    drawn: list[Drawn]
    ended: list[Drawn] = []  # noqa: RUF012 - pydantic copies it
    history: list[Step]
    used: list[Used]

    class Settings:
        name = "qualification_checks"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("worker_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
        ]

    def has_ended(self, benefit_id: str) -> bool:
        """Whether the entitlement to a benefit was found to have ended."""
        return any(one.benefit_id == benefit_id for one in self.ended)

    def rests(self, benefit_id: str) -> bool:
        """Whether payments of a benefit rest until a check that was missed is made up for."""
        return self.state == "missed" and any(one.benefit_id == benefit_id for one in self.drawn)

    @classmethod
    async def of_worker(cls, worker_id: str, tx: Transaction | None = None) -> Check | None:
        return await find_one(cls, {"worker_id": worker_id}, tx)


class Checked(Taken):
    """That a worker, whose id it has, is checked, with the check."""

    class Settings:
        name = "checked_workers"
