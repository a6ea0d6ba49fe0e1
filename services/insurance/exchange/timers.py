"""Enrolments and their ends to the provincial platform, again until it has answered; and the daily exchange."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.insurance.enrolment import commands as enrolments
from services.insurance.enrolment.documents import Enrolment
from services.insurance.exchange import commands, contributions, differences, notices, province, reconciliation, sending
from services.insurance.exchange.documents import Difference, Pull
from shared import clock
from shared.messaging.timers import Due, Outcome, timer, work
from shared.storage.transaction import Transaction, transact

AT_ONCE = 50
OVERLAP = dt.timedelta(hours=1)
"""How far back each pull begins before the latest change it has seen: the province's machines may not agree on the time."""


@work(enrolments.EXCHANGE, seconds=25)
async def hand_over(due: Due) -> Outcome:
    """Send what a request lacks: the request itself, or the end of an accepted one. The key is the request's number."""
    enrolment = await Enrolment.of(due.data["enrolment"])
    request = enrolment.request(due.key) if enrolment else None
    if enrolment is None or request is None:
        return _nothing
    if request.status == "waiting":
        return await sending.send(enrolment, request)
    if request.end_is_due and request.ends_on is not None:
        return await sending.send_end(enrolment, request.number, request.ends_on)
    return _nothing


@timer(commands.DAILY)
async def on_daily_hour(_: Due, tx: Transaction) -> None:
    await commands.exchange_daily(tx)


@work(commands.RECONCILE, seconds=50)
async def reconcile(due: Due) -> Outcome:
    """Compare a day's enrolments. The key is the day."""
    return await reconciliation.run(due.key)


@work(differences.MEND, seconds=25)
async def mend(due: Due) -> Outcome:
    """Mend a difference. The key is its id."""
    difference = await Difference.of(due.key)
    return await sending.mend(difference) if difference and difference.state == "mending" else _nothing


@work(commands.PULL, seconds=50)
async def pull(_: Due) -> Outcome:
    """Read what was paid in since the last time. Each page is kept at once, so that a try that breaks off is not lost."""
    known = await Pull.of(commands.PULLED)
    assert known is not None
    async for page in province.list_payments_in(known.since - OVERLAP):
        for start in range(0, len(page), AT_ONCE):
            items = page[start : start + AT_ONCE]
            await transact(lambda tx, items=items: _take(items, tx))  # type: ignore[misc]
    return _nothing


async def _take(items: list[dict[str, Any]], tx: Transaction) -> None:
    known = await Pull.of(commands.PULLED, tx)
    assert known is not None
    for item in items:
        notice = notices.read(item)
        if notice is None:
            await differences.find(str(item.get("number"))[:128], "unreadable", tx)
            continue
        await contributions.take(notice, tx)
        known.since = max(known.since, min(notice.changed_at, clock.now()))
    await known.put(tx)


async def _nothing(tx: Transaction) -> None:
    """What was asked for was done by an earlier try."""
