"""Working time, settlements and the leads that they give rise to."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from beanie import Document
from pydantic import BaseModel
from pymongo import ASCENDING, DESCENDING, IndexModel

from services.complaints.compliance.rules import Agreement, Interval, Pay, Terms
from shared.contracts.platform import Industry
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.storage.records import Record
from shared.storage.transaction import Transaction


class WorkInterval(Document):
    """The time of one order; its id is `<platform>|<order id>`. There are as many as orders, so they are kept small.

    `worker` is `<platform>|<worker_ref>`. The one further index ends with `finished_at`, so that reading a period passes
    over nothing that ended before it.
    """

    id: str  # type: ignore[assignment]
    worker: str
    taken_at: dt.datetime
    finished_at: dt.datetime
    district: str
    industry: Industry | None = None

    class Settings:
        name = "work_intervals"
        indexes = [IndexModel([("worker", ASCENDING), ("finished_at", ASCENDING)])]  # noqa: RUF012 - Beanie reads it so

    @classmethod
    async def since(cls, worker: str, starts_at: dt.datetime, tx: Transaction) -> list[Interval]:
        """The intervals of a worker that end after an instant."""
        query = {"worker": worker, "finished_at": {"$gt": starts_at}}
        rows = await tx.rows(cls, query)
        return [Interval(row["taken_at"], row["finished_at"], row["district"], row.get("industry")) for row in rows]


class Deducted(BaseModel):
    kind: str
    amount: Yuan


class Settlement(Record):
    """What a platform says it paid a worker for a period, and what a check found that someone must look into.

    Its id is `<platform>|<settlement id>`, `worker` is `<platform>|<worker_ref>`. `undecided` says why it could not be
    checked, `district` whose officers see that.
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
    deductions: list[Deducted]
    undecided: str | None = None
    district: str | None = None
    lead_id: str | None = None

    class Settings:
        name = "settlements"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("worker", ASCENDING), ("ends_at", ASCENDING)]),
            IndexModel([("ends_at", ASCENDING)]),
            IndexModel(
                [("undecided", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)],
                partialFilterExpression={"undecided": {"$gt": ""}},
            ),
        ]

    @property
    def pay(self) -> Pay:
        return Pay(
            period_start=self.period_start,
            period_end=self.period_end,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            gross=self.gross,
            deductions=[(part.kind, part.amount) for part in self.deductions],
        )


class Lead(Record):
    """A settlement under the minimum wage, with its arithmetic. Money is yuan, `minimum` per hour, time in seconds.

    `agreement_id` is the collective contract under which more was due than by the minimum wage alone, if there was one.
    """

    kind: str = "pay_below_minimum"
    platform: str
    worker_ref: str
    settlement_id: str
    period_start: dt.date
    period_end: dt.date
    district: str
    intervals: int
    working_seconds: int
    pay: Yuan
    minimum: Yuan
    shortfall: Yuan
    used: list[Used]
    verified: bool
    waiting_percent: Yuan = Decimal(0)
    agreement_id: str | None = None

    class Settings:
        name = "leads"
        indexes = [IndexModel([("district", ASCENDING), ("_id", DESCENDING)])]  # noqa: RUF012 - Beanie reads it so


class AgreedTerms(BaseModel):
    """What a collective contract agrees from a day on; None is not agreed."""

    since: dt.date
    hourly_pay: Yuan | None
    longest_continuous_minutes: int | None
    longest_daily_minutes: int | None
    waiting_percent: Yuan | None


class CollectiveTerms(Record):
    """Own copy of a collective contract (its id) as the registry told it last, at `told_at`."""

    platforms: list[str]
    industry: Industry | None
    district: str
    valid_from: dt.date
    valid_to: dt.date
    terms: list[AgreedTerms]
    told_at: dt.datetime

    class Settings:
        name = "collective_terms"
        indexes = [IndexModel([("valid_to", ASCENDING)])]  # noqa: RUF012 - Beanie reads it so

    @classmethod
    async def not_ended_by(cls, day: dt.date, tx: Transaction) -> list[Agreement]:
        """The contracts that hold on a day or later; there are few."""
        found = await tx.find(cls, {"valid_to": {"$gte": day}})
        return [one.agreement for one in found]

    @property
    def agreement(self) -> Agreement:
        return Agreement(
            contract_id=self.id,
            platforms=frozenset(self.platforms),
            industry=self.industry,
            district=self.district,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            terms=[
                Terms(since=one.since, hourly_pay=one.hourly_pay, waiting_percent=one.waiting_percent)
                for one in self.terms
            ],
        )
