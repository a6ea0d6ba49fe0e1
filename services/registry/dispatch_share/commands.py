"""How many of an employer's people are dispatched, calculated from the engagements and watched from day to day."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from services.registry.dispatch_share import rules
from services.registry.dispatch_share.documents import DispatchWatch
from services.registry.dispatch_share.rules import Share, Work
from services.registry.engagements.documents import Engagement, Footing
from services.registry.unions import scopes
from shared import clock
from shared.contracts.platform import Relation
from shared.contracts.registry import DispatchShareExceeded
from shared.policy.calendar import shanghai_date, start_of_day
from shared.policy.parameters import Law, parameters
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

SHARE = TimerKind("registry.dispatch_share")
_DAY = dt.timedelta(days=1)


class _Engaged(BaseModel):
    """What of an engagement the share is calculated from."""

    worker_id: str
    relation: Relation
    footings: list[Footing] = []
    dispatched: bool
    partner_uscc: str | None
    started_on: dt.date
    ended_on: dt.date | None

    @property
    def work(self) -> Work:
        footings = tuple((one.since, one.relation) for one in self.footings) or ((self.started_on, self.relation),)
        return Work(self.worker_id, footings, self.dispatched, self.partner_uscc, self.started_on, self.ended_on)


async def watch(employer: str, tx: Transaction) -> None:
    """Look at an employer's share when this day is over, and from then on every day."""
    kept = await DispatchWatch.of(employer, tx) or DispatchWatch(id=employer)
    if not kept.watched:
        kept.watched = True
        await kept.put(tx)
        _next_look(employer, tx)


async def share_on(employer: str, law: Law, tx: Transaction | None = None) -> Share:
    """An employer's dispatch share on the law's day, by what is known of its engagements now."""
    if tx is not None:
        await tx.write()
    wanted = {"platform": employer, "$or": [{"ended_on": None}, {"ended_on": {"$gte": law.day}}]}
    found = Engagement.find(wanted, session=tx.session if tx else None).project(_Engaged)
    people = [engaged.work async for engaged in found]
    return rules.share(people, law.day, law)


async def look(employer: str, tx: Transaction) -> None:
    """Calculate the share of the day that has just ended, and publish it once while the limit is exceeded."""
    kept = await DispatchWatch.of(employer, tx) or DispatchWatch(id=employer)
    before = (kept.watched, kept.exceeded_since)
    kept.watched = True
    law = parameters.on(shanghai_date(clock.now()) - _DAY, platform=employer)
    share = await share_on(employer, law, tx)
    if not share.exceeded:
        kept.exceeded_since = None
    elif kept.exceeded_since is None:
        kept.exceeded_since = law.day
        tx.publish(_exceeded(employer, law.day, share, await scopes.acting_for(employer, tx)))
    _next_look(employer, tx)
    if (kept.watched, kept.exceeded_since) != before:
        await kept.put(tx)


def _next_look(employer: str, tx: Transaction) -> None:
    tx.schedule(SHARE, employer, start_of_day(shanghai_date(clock.now()) + _DAY))


def _exceeded(employer: str, day: dt.date, share: Share, unions: tuple[str, ...]) -> DispatchShareExceeded:
    return DispatchShareExceeded(
        uscc=employer,
        on=day,
        dispatched=share.dispatched,
        employed=share.employed,
        percent=str(share.percent),
        limit_percent=str(share.limit),
        unions=unions,
    )
