"""The exchange's daily hour."""

from __future__ import annotations

import datetime as dt

from pymongo.errors import DuplicateKeyError

from services.insurance.exchange.documents import Pull, Reconciliation
from shared import clock
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.running import Running
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction, transact

DAILY = TimerKind("insurance.exchange_daily")
PULL = TimerKind("insurance.payments_in")
RECONCILE = TimerKind("insurance.reconciliation")

PULLED = "payments_in"


async def begin(_: Running) -> None:
    """At the service's first start: set the first daily exchange."""
    try:
        await transact(_begin)
    except DuplicateKeyError:
        return  # another process of the service was first


async def _begin(tx: Transaction) -> None:
    if await Pull.of(PULLED, tx) is None:
        await Pull(id=PULLED, since=dt.datetime(1970, 1, 1, tzinfo=dt.UTC)).put(tx)
        schedule_daily(tx)


def schedule_daily(tx: Transaction) -> None:
    """Set the next daily exchange, at its hour of the Shanghai day (exchange.daily_hour)."""
    today = calendar.shanghai_date(clock.now())
    hour = dt.timedelta(hours=parameters.on(today).number("exchange.daily_hour"))
    at = calendar.start_of_day(today) + hour
    tx.schedule(DAILY, "next", at if at > clock.now() else at + dt.timedelta(days=1))


async def exchange_daily(tx: Transaction) -> None:
    """Pull what was paid in, compare the enrolments, and set the next day's exchange."""
    tx.schedule(PULL, PULLED, clock.now())
    await ask_reconciliation(calendar.shanghai_date(clock.now()), "timer", tx)
    schedule_daily(tx)


async def ask_reconciliation(day: dt.date, by: str, tx: Transaction) -> Reconciliation:
    """Have the enrolments compared under a day's name; a comparison of that day that has finished is done again."""
    known = await Reconciliation.of(day.isoformat(), tx)
    if known is None:
        known = Reconciliation(id=day.isoformat(), asked_by=by)
    known.status, known.asked_by = "waiting", by
    tx.schedule(RECONCILE, known.id, clock.now())
    return await known.put(tx)
