"""Enrolments and their ends to the provincial platform, again until it has answered; and the daily exchange."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from services.insurance.contributions import commands as contributions
from services.insurance.contributions import notices
from services.insurance.differences import commands as differences
from services.insurance.differences.documents import Difference
from services.insurance.enrolment import province_requests
from services.insurance.enrolment.documents import Enrolment
from services.insurance.enrolment.province_requests import OfEnrolment
from services.insurance.exchange import commands, reconciliation, sending
from services.insurance.exchange.documents import Pull
from services.insurance.exchange.reconciliation import Compared
from services.insurance.exchange.sending import Mended, Sent
from services.insurance.province import client as province
from shared import clock
from shared.messaging.timers import Due, timer, work
from shared.storage.transaction import Transaction, transact

AT_ONCE = 50
OVERLAP = dt.timedelta(hours=1)
"""How far back each pull begins before the latest change it has seen: the province's machines may not agree on the time."""


@work(province_requests.EXCHANGE, seconds=25, reads=lambda due: [(Enrolment, due.payload.enrolment)])
async def hand_over(due: Due[OfEnrolment]) -> Sent | None:
    """Send what a request lacks: the request itself, or the end of an accepted one. The key is the request's number."""
    enrolment = await Enrolment.of(due.payload.enrolment)
    request = enrolment.request(due.key) if enrolment else None
    if request is None:
        return None
    if request.status == "waiting":
        return await sending.ask(request)
    if request.end_is_due and request.ends_on is not None:
        return await sending.tell_end(request.number, request.ends_on)
    return None


@hand_over.store
async def answered(due: Due[OfEnrolment], sent: Sent, tx: Transaction) -> None:
    await sending.record(due.payload.enrolment, sent, tx)


@timer(commands.DAILY)
async def on_daily_hour(_: Due[None], tx: Transaction) -> None:
    await commands.exchange_daily(tx)


@work(commands.RECONCILE, seconds=50)
async def reconcile(due: Due[None]) -> Compared | None:
    """Compare a day's enrolments. The key is the day."""
    return await reconciliation.run()


@reconcile.store
async def finish(due: Due[None], compared: Compared, tx: Transaction) -> None:
    await reconciliation.finish(due.key, compared, tx)


@work(differences.MEND, seconds=25)
async def mend(due: Due[None]) -> Mended | None:
    """Mend a difference. The key is its id."""
    difference = await Difference.of(due.key)
    return await sending.mend(difference) if difference and difference.state == "mending" else None


@mend.store
async def mended(due: Due[None], mended: Mended, tx: Transaction) -> None:
    await sending.record_mended(due.key, mended, tx)


@work(commands.PULL, seconds=50)
async def pull(_: Due[None]) -> None:
    """Read what was paid in since the last time. Each page is kept at once, so that a try that breaks off is not lost."""
    known = await Pull.of(commands.PULLED)
    assert known is not None
    async for page in province.list_payments_in(known.since - OVERLAP):
        for start in range(0, len(page), AT_ONCE):
            items = page[start : start + AT_ONCE]
            await transact(partial(_record, items))


async def _record(items: list[dict[str, Any]], tx: Transaction) -> None:
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
