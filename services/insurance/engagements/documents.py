"""Own copies of what the registry tells: engagements, and platforms with the classes that price their orders."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pymongo import ASCENDING, IndexModel

from services.insurance.engagements.rules import DatedFooting, Relation, Span, State, employments
from shared.storage.client import Row
from shared.storage.records import Keyed, Record
from shared.storage.transaction import Transaction


class Engagement(Record):
    """One engagement (its id) as the registry last told it.

    `footings` are the footings by the day from which each holds, `relation` the last of them. `activated`: the person was
    ever let to work; a later block does not take it back, but the facts may (no training was completed by the last day).
    `partner_uscc` is the partner firm or courier outlet through which the person works; `outlet_only`: a courier outlet put
    its own person on file here, and the registry knows nothing of it.

    `excluded_since`: since when it was told that no scheme takes in this work; None where one does, or nothing was told.

    `change` numbers the last change of the platform that touched prices and came from here (see `Platform.change`); 0
    where this engagement never was a labour relation.
    """

    version: int
    state: State
    platform: str
    worker_ref: str
    worker_id: str
    relation: Relation
    started_on: dt.date
    ended_on: dt.date | None
    district: str
    happened_at: dt.datetime
    change: int = 0
    footings: list[DatedFooting] = []
    activated: bool = False
    industry: str | None = None
    partner_uscc: str | None = None
    outlet_only: bool = False
    excluded_since: dt.date | None = None

    class Settings:
        name = "footings"
        indexes = [
            IndexModel([("platform", ASCENDING), ("worker_ref", ASCENDING)]),
            IndexModel([("platform", ASCENDING), ("change", ASCENDING)]),
            IndexModel([("worker_id", ASCENDING)]),
            IndexModel(
                [("partner_uscc", ASCENDING), ("_id", ASCENDING)], partialFilterExpression={"partner_uscc": {"$gt": ""}}
            ),
        ]

    @property
    def dated(self) -> list[DatedFooting]:
        """The footings by day, the earliest first."""
        return self.footings or [(self.started_on, self.relation)]

    @property
    def employments(self) -> list[Span]:
        return employments(self.dated, self.ended_on)

    @classmethod
    async def of_worker(cls, platform: str, worker_ref: str, tx: Transaction) -> list[Engagement]:
        """Every engagement of a platform's worker."""
        return await tx.find(cls, {"platform": platform, "worker_ref": worker_ref})


class Platform(Keyed):
    """What prices a platform's orders. Written with update operators only, by several writers.

    `declared` are the registry's classes with the days from which they hold; `assigned` maps a day (`YYYY-MM-DD`) to the
    class that an officer set from it on. `change` grows, in the transaction of the change, with every change of a class
    or of a labour relation: whoever reads the same number twice knows that no price changed in between. `first_month`
    and `last_month` bound the months of the orders in the ledger. `name` is the enterprise's, as the registry told it at `named_at`.
    """

    change: int = 0
    declared: list[list[str]] = []
    declared_at: dt.datetime | None = None
    assigned: dict[str, dict[str, Any]] = {}
    first_month: str | None = None
    last_month: str | None = None
    name: str | None = None
    named_at: dt.datetime | None = None

    class Settings:
        name = "platforms"

    @classmethod
    async def row(cls, uscc: str, tx: Transaction) -> Row:
        """The stored row of a platform; empty where there is none."""
        rows = await tx.rows(cls, {"_id": uscc})
        return rows[0] if rows else {}

    @classmethod
    async def count_change(cls, uscc: str, values: Row, tx: Transaction) -> Row:
        """Set values and number the change; the row after it."""
        return await tx.change(cls, uscc, {"$inc": {"change": 1}} | ({"$set": values} if values else {}))
