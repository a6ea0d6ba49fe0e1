"""Tell those who keep a budget, once its year is over, of what still waits for its money (预算法 art. 18)."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from services.subsidies.budgets import events, rules
from services.subsidies.budgets.documents import Budget
from shared import clock
from shared.policy.calendar import shanghai_date, start_of_day
from shared.policy.parameters import Law, parameters
from shared.running import Running
from shared.storage.client import storage
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction, transact

TELL = TimerKind[None]("subsidies.budget_year_ended")
"""Due when it is told (again) which budgets of past years something waits for: one, of the key `ALL`, which is always set."""
ALL = "all"


def law_of(day: dt.date) -> Law:
    return parameters.on(day)


def told_after(day: dt.date, law: Law) -> dt.date:
    """When it is told next, after a day."""
    return rules.next_told(day, law.days("subsidy_budget.carry_over_days"))


def left_waiting(today: dt.date) -> dict[str, Any]:
    """The condition on the budgets of past years that something waits for."""
    return {"waiting": {"$gt": 0}, "year": {"$lt": today.year}}


async def begin(_: Running) -> None:
    """At the start: set the timer, where it is not set."""
    if await storage().collection("timers").find_one({"_id": TELL.id_of(ALL)}, {"_id": 1}) is None:
        await transact(partial(_set, shanghai_date(clock.now())))


async def tell(tx: Transaction) -> None:
    """Tell of each budget of a past year that something waits for."""
    today = shanghai_date(clock.now())
    for budget in await tx.find(Budget, left_waiting(today), sort="_id"):
        tx.publish(events.year_ended(budget))
    await _set(today, tx)


async def _set(today: dt.date, tx: Transaction) -> None:
    tx.schedule(TELL, ALL, start_of_day(told_after(today, law_of(today))))
