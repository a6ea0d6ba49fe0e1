"""Budgets, the reservations in them, and changes that officers propose."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pymongo import ASCENDING, IndexModel

from services.subsidies.budgets.rules import ChangeState, Line, Purpose, Source
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record

REASON = "budget_change.reason"
NOTHING = Decimal("0.00")


class Budget(Record):
    """A budget; its id is `<year>:<kind>:<source>:<district>`. It changes by increments alone, each of one step of `rules`, so
    that many transactions at once neither lose money nor overdraw a heap.

    `waiting`: reservations that wait for money, in the order of their `place`; `queued`: the last place that was given.
    """

    year: int
    kind: str
    source: Source
    department: str
    district: str
    available: Yuan = NOTHING
    reserved: Yuan = NOTHING
    spent: Yuan = NOTHING
    returned: Yuan = NOTHING
    waiting: int = 0
    queued: int = 0

    class Settings:
        name = "budgets"
        indexes = [
            IndexModel([("department", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("waiting", ASCENDING)], name="waiting", partialFilterExpression={"waiting": {"$gt": 0}}),
        ]

    @property
    def line(self) -> Line:
        return Line(year=self.year, kind=self.kind, source=self.source, district=self.district)


class Reservation(Record):
    """Money of a budget for one application or a part of it, whose id it has. `place`: in the queue, null when it has its money, below
    zero where it waited in an earlier year's queue before.

    The heaps say where its money is; of what was released nothing is in any.
    """

    budget: str
    amount: Yuan
    place: int | None = None
    reserved: Yuan = NOTHING
    spent: Yuan = NOTHING
    returned: Yuan = NOTHING
    released: bool = False

    class Settings:
        name = "reservations"
        indexes = [
            IndexModel([("budget", ASCENDING), ("place", ASCENDING)]),
        ]


class BudgetChange(Record):
    """A change of a budget that one officer proposes and another decides on. The reason is encrypted."""

    year: int
    kind: str
    source: Source
    department: str
    district: str
    purpose: Purpose
    amount: Yuan
    reason: Annotated[str, EncryptedAt(REASON)]
    state: ChangeState = "proposed"
    proposed_by: str
    decided_by: str | None = None
    decided_at: dt.datetime | None = None

    class Settings:
        name = "budget_changes"
        indexes = [
            IndexModel([("department", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def line(self) -> Line:
        return Line(year=self.year, kind=self.kind, source=self.source, district=self.district)

    @property
    def clear_reason(self) -> str:
        return decrypt_field(REASON, self.id, self.reason)


def encrypted_reason(change_id: str, reason: str) -> str:
    return encrypt_field(REASON, change_id, reason)
