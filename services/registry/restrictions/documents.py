"""What is stored of restrictions."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.registry.restrictions.rules import State, Stop, last_day
from shared.contracts.registry import RestrictedField
from shared.storage.encryption import EncryptedAt
from shared.storage.records import Record, find
from shared.storage.transaction import Transaction

WITHDRAWAL: Final = "restriction.withdrawal"
"""The place that the reason of a withdrawal is encrypted for."""


class Listed(BaseModel):
    """The latest word of a listing: what it restricts, and from which day to which. `told_at`: when it was said."""

    fields: list[RestrictedField]
    since: dt.date
    until: dt.date
    told_at: dt.datetime


class Withdrawal(BaseModel):
    """An officer's lifting of a restriction from a day on, with the reason, which is encrypted."""

    on: dt.date
    officer: str
    reason: Annotated[str, EncryptedAt(WITHDRAWAL)]


class Restriction(Record):
    """What one credit listing (whose id it bears) stops an enterprise from.

    `listed` is missing where the delisting came first.
    """

    uscc: str
    state: State
    listed: Listed | None = None
    delisted_on: dt.date | None = None
    withdrawal: Withdrawal | None = None

    @property
    def stop(self) -> Stop | None:
        """What is stopped and when; None while nothing is known of that."""
        if self.listed is None:
            return None
        withdrawn_on = self.withdrawal.on if self.withdrawal else None
        last = last_day(self.listed.until, self.delisted_on, withdrawn_on)
        return Stop(tuple(self.listed.fields), self.listed.since, last)

    @classmethod
    async def stops_of(cls, uscc: str, tx: Transaction | None = None) -> list[Stop]:
        """What an enterprise is, was and will be stopped from."""
        found = await find(cls, {"uscc": uscc}, tx)
        return [kept.stop for kept in found if kept.stop is not None]

    class Settings:
        name = "restrictions"
        indexes = [
            IndexModel([("uscc", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
        ]
