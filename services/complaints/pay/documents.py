"""Working time, and settlements with what a check found."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.complaints.pay.payment_rules import Pay
from services.complaints.pay.time_rules import Interval
from shared.contracts.complaints.leads import LeadKind
from shared.contracts.platform import Industry
from shared.policy.parameters import Used
from shared.storage.client import Row
from shared.storage.fields import Yuan
from shared.storage.records import Keyed, Record
from shared.storage.transaction import Transaction

LONGEST_ORDER = dt.timedelta(days=31)
"""What ended longer than this after a period is not looked for in it."""
PERIODS_AT_ONCE = 16
"""Periods whose working time is read together: of a month each, some twenty thousand orders."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a worker (`<platform>|<worker_ref>`), from an instant to another."""

    worker: str
    starts_at: dt.datetime
    ends_at: dt.datetime


class WorkInterval(Keyed):
    """The time of one order; its id is `<platform>|<order id>`. There are as many as orders, so they are small.

    `worker` is `<platform>|<worker_ref>`. The one further index ends with `finished_at`, so that reading a period passes
    over nothing that ended before it.
    """

    worker: str
    taken_at: dt.datetime
    finished_at: dt.datetime
    district: str
    industry: Industry | None = None

    class Settings:
        name = "work_intervals"
        indexes = [IndexModel([("worker", ASCENDING), ("finished_at", ASCENDING)])]

    @classmethod
    async def of_each(cls, periods: Iterable[Period], tx: Transaction) -> dict[Period, list[Interval]]:
        """For each period the intervals of its worker that reach into it, read by when they ended: however long the worker goes on. A
        few periods of one month are read for together."""
        found: dict[Period, list[Interval]] = {}
        ordered = sorted(set(periods), key=lambda one: (one.starts_at, one.worker))
        for _, of_month in groupby(ordered, key=lambda one: (one.starts_at.year, one.starts_at.month)):
            while some := list(islice(of_month, PERIODS_AT_ONCE)):
                rows = await cls._within(some, tx)
                found |= {one: [interval(row) for row in rows[one.worker] if reaches(row, one)] for one in some}
        return found

    @classmethod
    async def _within(cls, periods: Sequence[Period], tx: Transaction) -> defaultdict[str, list[Row]]:
        """The intervals, by worker, of the time in which periods lie."""
        starts_at, ends_at = min(one.starts_at for one in periods), max(one.ends_at for one in periods)
        query = {
            "worker": {"$in": sorted({one.worker for one in periods})},
            "finished_at": {"$gt": starts_at, "$lt": ends_at + LONGEST_ORDER},
            "taken_at": {"$lt": ends_at},
        }
        rows: defaultdict[str, list[Row]] = defaultdict(list)
        for row in await tx.rows(cls, query):
            rows[row["worker"]].append(row)
        return rows


def reaches(row: Row, period: Period) -> bool:
    """Whether an interval reaches into a period."""
    after, before = period.starts_at, period.ends_at
    return bool(after < row["finished_at"] < before + LONGEST_ORDER and row["taken_at"] < before)


def interval(row: Row) -> Interval:
    return Interval(row["taken_at"], row["finished_at"], row["district"], row.get("industry"), row["worker"])


class Part(BaseModel):
    """A component of pay, or a deduction."""

    kind: str
    amount: Yuan


class Covered(BaseModel):
    """Whose work of which days a settlement was for."""

    worker: str
    period_start: dt.date
    period_end: dt.date


class Settlement(Record):
    """What a platform says it paid a worker for a period, and what a check found that someone must look into.

    Its id is `<platform>|<settlement id>`, `worker` is `<platform>|<worker_ref>`. `undecided` says why it could not be
    checked (`used`: by what parameters), `district` whose officers see that. `leads` are the ids of those that it gave, also
    where they are withdrawn. `told_at` and `event_id` are of the event that counts: the last one told. `agreed`: on some days
    the pay is agreed, since the worker is self-employed, and no minimum wage holds. `before`: what it was for when it was told
    earlier. `replaces`: the id of the settlement that the platform says it takes the place of, and `replaced_before` of those that it
    did when it was told earlier; `replaced_by`: of the one that took its own place, so that it counts no more.
    """

    worker: str
    platform: str
    settlement_id: str
    worker_ref: str
    period_start: dt.date
    period_end: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    gross: Yuan
    deductions: list[Part]
    components: list[Part] = []
    net: Yuan | None = None
    due_on: dt.date | None = None
    paid_on: dt.date | None = None
    orders: int | None = None
    told_at: dt.datetime | None = None
    event_id: str | None = None
    before: list[Covered] = []
    replaces: str | None = None
    replaced_before: list[str] = []
    replaced_by: str | None = None
    agreed: bool = False
    undecided: str | None = None
    used: list[Used] = []
    district: str | None = None
    leads: dict[LeadKind, str] = {}

    class Settings:
        name = "settlements"
        indexes = [
            IndexModel([("worker", ASCENDING), ("ends_at", ASCENDING)]),
            IndexModel([("ends_at", ASCENDING), ("_id", ASCENDING)]),
            IndexModel(
                [("worker", ASCENDING), ("replaces", ASCENDING)], partialFilterExpression={"replaces": {"$gt": ""}}
            ),
            IndexModel(
                [("undecided", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)],
                partialFilterExpression={"undecided": {"$gt": ""}},
            ),
        ]

    def pay(self, parties: str | None) -> Pay:
        """What it paid, for whose work for whom."""
        return Pay(
            settlement_id=self.settlement_id,
            period_start=self.period_start,
            period_end=self.period_end,
            gross=self.gross,
            deductions=[(part.kind, part.amount) for part in self.deductions],
            components=[(part.kind, part.amount) for part in self.components],
            net=self.net,
            due_on=self.due_on,
            paid_on=self.paid_on,
            orders=self.orders,
            parties=parties,
            account=self.worker,
        )


class PayLaw(Record):
    """The parameter rows by which settlements, and days of work, were last checked, as `rules.rows` gives them; one of each."""

    rows: list[str]

    class Settings:
        name = "pay_law"
