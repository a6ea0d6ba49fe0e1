"""Working time, and settlements with what a check found."""

from __future__ import annotations

import datetime as dt

from beanie import Document
from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.complaints.pay.rules import Interval, Pay
from shared.contracts.leads import LeadKind
from shared.contracts.platform import Industry
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.storage.records import Record
from shared.storage.transaction import Transaction


class WorkInterval(Document):
    """The time of one order; its id is `<platform>|<order id>`. There are as many as orders, so they are small.

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
    checked (`used`: by what parameters), `district` whose officers see that. `leads` are the ids of those that it gave.
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
    used: list[Used] = []  # noqa: RUF012 - pydantic copies it
    district: str | None = None
    leads: dict[LeadKind, str] = {}  # noqa: RUF012 - pydantic copies it

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
