"""Months that employers owe, and what persons have set of rates and bases."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.insurance.dues import amounts
from services.insurance.dues.amounts import FigureKind
from services.insurance.dues.rules import State
from shared.contracts.insurance import DuesFields, Insurance
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.storage.records import Record, find
from shared.storage.transaction import Transaction


class Term(BaseModel):
    """Days on which what is owed is deferred, both included."""

    first: dt.date
    last: dt.date


class MonthDue(Record):
    """One employee's month with one unit; its id is `<unit>|<worker id>|<month>`.

    `engagement_id` and `district` are those of the employment that makes it owed. `wage` of the month in yuan, where the employer
    declared it or an officer entered it. `missing`: the insurances that are not paid in full, as last looked at; `used`: the
    parameters that its last day rests on. `deferred`: when no late fee grows, as of the unit's month.
    """

    unit: str
    worker_id: str
    month: str
    engagement_id: str
    district: str
    due_on: dt.date
    state: State
    wage: Yuan | None = None
    wage_by: Literal["employer", "officer"] | None = None
    missing: list[Insurance] = []
    used: list[Used] = []
    deferred: Term | None = None

    class Settings:
        name = "month_dues"
        indexes = [
            IndexModel([("worker_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("unit", ASCENDING), ("month", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("unit", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("month", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
        ]

    @staticmethod
    def id_of(unit: str, worker_id: str, month: str) -> str:
        return f"{unit}|{worker_id}|{month}"

    @property
    def fields(self) -> DuesFields:
        """The month as every event tells it."""
        return {
            "dues_id": self.id,
            "platform": self.unit,
            "worker_id": self.worker_id,
            "engagement_id": self.engagement_id,
            "month": self.month,
            "due_on": self.due_on,
        }


class UnitMonth(Record):
    """A month of a unit, whose id is `<unit>|<month>`, with the day by which it pays.

    `declared`: the wages of all its people were; `amounts` are then yuan by insurance, both shares together, and `unknown` the
    insurances whose rate or base nobody knows. `deemed`: what it is taken to owe, by insurance, since it declared nothing in time
    (社会保险法 art. 62). `waits`: something of it only a person can set. `deferred`: the days on which it need not be paid.
    """

    unit: str
    month: str
    due_on: dt.date
    declared: bool = False
    people: int = 0
    amounts: dict[str, Yuan] = {}
    unknown: list[Insurance] = []
    deemed: dict[Insurance, Yuan] = {}
    waits: bool = False
    deferred: Term | None = None

    class Settings:
        name = "unit_months"
        indexes = [
            IndexModel([("unit", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("declared", ASCENDING), ("month", ASCENDING)]),
            IndexModel([("waits", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def payable_by(self) -> dt.date:
        """The last day to pay it: a later one where it is deferred (社会保险法 art. 60, 63)."""
        return self.due_on if self.deferred is None else max(self.due_on, self.deferred.last)


class EmployedPerson(Record):
    """A worker (the id) whom a unit employs or once did: whose months are looked at when one is over."""

    class Settings:
        name = "employed_persons"


class DuesMonth(Record):
    """That months are looked at when they are over: one document, made at the service's first start, with that start's month.
    `law`: the rows of the parameters by which months were reckoned last (`rules.rows`)."""

    since: str
    law: list[str] = []

    class Settings:
        name = "dues_months"


class Figure(Record):
    """What an officer set where no row of the parameters has a value (`amounts.PARTS`); its id is `<kind>|<unit or all>|<since>`."""

    kind: FigureKind
    unit: str | None
    since: dt.date
    values: dict[str, str]
    source: str
    set_by: str

    class Settings:
        name = "contribution_figures"
        indexes = [IndexModel([("kind", ASCENDING)])]

    @property
    def value(self) -> amounts.Figure:
        values = {part: Decimal(text) for part, text in self.values.items()}
        return amounts.Figure(self.kind, self.unit, self.since, values, self.source)


async def figures(tx: Transaction | None = None) -> amounts.Figures:
    """Everything that persons have set: a few rows a year."""
    rows = await find(Figure, {"kind": {"$in": sorted(amounts.PARTS)}}, tx)
    return amounts.Figures([row.value for row in rows])
