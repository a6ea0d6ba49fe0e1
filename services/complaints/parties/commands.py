"""Record copies of the registry's facts, and look parties up in them."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from services.complaints.parties.documents import Engagement, Enterprise, ErasedWorker, FootingSince, Moved
from shared import clock
from shared.contracts.platform import Industry
from shared.contracts.registry import EngagementBlocked, EngagementFact, EnterpriseRegistered
from shared.policy.calendar import shanghai_date
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

MOVED = TimerKind("complaints.moved")
"""Set when people wait in `Moved`."""
LEFT = TimerKind("complaints.left_accounts")
"""Set for a person of whom a platform's reference was thought to be: what was reckoned with it is reckoned anew without it."""
NOT_TOLD = dt.datetime.fromtimestamp(0, dt.UTC)
"""When an enterprise was told of that is known by a listing alone."""
Standing = Literal["active", "ended", "never_active"]
"""Whether people work for an enterprise, do so no more, or never did."""


async def record_engagement(fact: EngagementFact, tx: Transaction) -> None:
    """Record an engagement, unless a newer version of it is recorded."""
    known = await Engagement.of(fact.engagement_id, tx)
    if known is not None and (
        known.version > fact.version or (known.version == fact.version and known.worked is not None)
    ):
        return
    if known is None or known.worker_id != fact.worker_id:
        for person in {fact.worker_id} if known is None else {fact.worker_id, known.worker_id}:
            tx.update(Moved, person, {"$inc": {"times": 1}}, upsert=True)
        tx.schedule(MOVED, "all", clock.now())
    if known is not None and known.worker_id != fact.worker_id:
        tx.schedule(LEFT, known.worker_id, clock.now())
    footings = fact.footings or ((fact.started_on, fact.relation),)
    values = {
        "version": fact.version,
        "platform": fact.platform,
        "worker_ref": fact.worker_ref,
        "worker_id": fact.worker_id,
        "industry": fact.industry,
        "happened_at": fact.happened_at,
        "started_on": fact.started_on,
        "ended_on": fact.ended_on,
        "district": fact.district,
        "partner": fact.partner_uscc,
        "dispatched": fact.dispatched,
        "worked": fact.worked if fact.worked is not None else not isinstance(fact, EngagementBlocked),
        "part_time": fact.part_time,
        "footings": [FootingSince(since=since, relation=relation) for since, relation in footings],
    }
    await (Engagement(id=fact.engagement_id, **values) if known is None else known.changed(values)).put(tx)


async def erase_worker(worker_id: str, tx: Transaction) -> None:
    """Keep that a person was erased: copies of whom they worked for name them by their id still."""
    if await ErasedWorker.of(worker_id, tx) is None:
        await ErasedWorker(id=worker_id).put(tx)


async def record_enterprise(fact: EnterpriseRegistered, told_at: dt.datetime, tx: Transaction) -> None:
    """Record an enterprise, unless a later event on it was recorded."""
    known = await Enterprise.of(fact.uscc, tx)
    if known is not None and known.told_at >= told_at and known.name:
        return
    copy = known or Enterprise(id=fact.uscc, industries=[], told_at=told_at)
    copy.name, copy.industries, copy.told_at = fact.name, list(fact.industries), told_at
    await copy.put(tx)


async def district_of(platform: str | None, worker_id: str | None, tx: Transaction) -> str | None:
    """Where a person works for a platform, by the engagement that was told last, or None where nobody knows."""
    engagements = await Engagement.between(worker_id, platform, tx) if worker_id and platform else []
    known = [one for one in engagements if one.district is not None]
    return max(known, key=lambda one: one.happened_at).district if known else None


async def record_listing(uscc: str, listing_id: str, until: dt.date, tx: Transaction) -> None:
    """Record until when an enterprise, which may not be known yet, is on the list of those who have seriously broken trust by a
    listing: its end may be told first, and another may hold for longer."""
    enterprise = await Enterprise.of(uscc, tx) or Enterprise(id=uscc, industries=[], told_at=NOT_TOLD)
    until = min(until, enterprise.listings.get(listing_id, until))
    enterprise.listings = {**enterprise.listings, listing_id: until}
    enterprise.listed_until = max(enterprise.listings.values())
    await enterprise.put(tx)


async def places_of_work(uscc: str, district: str | None, tx: Transaction) -> Standing:
    """Whether people work for an enterprise in a district (None: anywhere), through it or as its partner firm's people."""
    where = {} if district is None else {"district": district}
    standing: Standing = "never_active"
    for party in ("platform", "partner"):
        wanted = {party: uscc, "worked": True, **where}
        today = shanghai_date(clock.now())
        if await tx.find_one(Engagement, {**wanted, "$or": [{"ended_on": None}, {"ended_on": {"$gte": today}}]}):
            return "active"
        if await tx.find_one(Engagement, wanted):
            standing = "ended"
    return standing


async def industries_of(platform: str, worker_id: str | None, tx: Transaction) -> tuple[Industry, ...]:
    """The trades that a matter between a person and a platform is about: those they work in, or else all the platform's."""
    engagements = await Engagement.between(worker_id, platform, tx) if worker_id else []
    if engagements:
        return tuple(sorted({engagement.industry for engagement in engagements}))
    enterprise = await Enterprise.of(platform, tx)
    return tuple(sorted(enterprise.industries)) if enterprise else ()
