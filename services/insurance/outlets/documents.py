"""Courier outlets, the monthly lists they come from, and what their insurance costs a month."""

from __future__ import annotations

import datetime as dt

from pymongo import ASCENDING, IndexModel

from services.insurance.outlets.rules import Filing
from shared.storage.records import Keyed, Record
from shared.storage.transaction import Transaction


class Outlet(Record):
    """An outlet (its credit code) on the work-injury scheme from `since` to `until`, legal days, both included.

    `insurer` is the credit code of whoever insures its people. `first_listed` and `last_listed` are the first and last
    month (`YYYY-MM`) in whose list of the postal authority it stands, null where in none.
    """

    name: str
    district: str
    filing: Filing
    insurer: str
    since: dt.date
    until: dt.date | None = None
    first_listed: str | None = None
    last_listed: str | None = None

    class Settings:
        name = "outlets"
        indexes = [IndexModel([("district", ASCENDING), ("_id", ASCENDING)])]


class OutletMark(Keyed):
    """A row that whoever changes an outlet (its id) and whoever insures one of its people write both.

    So neither overlooks the other, also where the outlet is put on file at the very moment at which a person comes.
    """

    changes: int

    class Settings:
        name = "outlet_marks"

    @classmethod
    async def touch(cls, uscc: str, tx: Transaction) -> None:
        tx.update(cls, uscc, {"$inc": {"changes": 1}}, upsert=True)
