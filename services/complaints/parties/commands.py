"""Record copies of the registry's facts, and look parties up in them."""

from __future__ import annotations

import datetime as dt

from services.complaints.parties.documents import Engagement, Enterprise, FootingSince
from shared.contracts.platform import Industry
from shared.contracts.registry import EngagementFact, EnterpriseRegistered
from shared.storage.transaction import Transaction


async def record_engagement(fact: EngagementFact, tx: Transaction) -> None:
    """Record an engagement, unless a newer version of it is recorded."""
    known = await Engagement.of(fact.engagement_id, tx)
    if known is not None and (known.version > fact.version or (known.version == fact.version and known.footings)):
        return
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
        "footings": [FootingSince(since=since, relation=relation) for since, relation in footings],
    }
    await (Engagement(id=fact.engagement_id, **values) if known is None else known.changed(values)).put(tx)


async def record_enterprise(fact: EnterpriseRegistered, told_at: dt.datetime, tx: Transaction) -> None:
    """Record an enterprise, unless a later event on it was recorded."""
    known = await Enterprise.of(fact.uscc, tx)
    if known is not None and known.told_at >= told_at:
        return
    copy = known or Enterprise(id=fact.uscc, industries=[], told_at=told_at)
    copy.industries, copy.told_at = list(fact.industries), told_at
    await copy.put(tx)


async def district_of(platform: str | None, worker_id: str | None, tx: Transaction) -> str | None:
    """Where a person works for a platform, by the engagement that was told last, or None where nobody knows."""
    engagements = await Engagement.between(worker_id, platform, tx) if worker_id and platform else []
    known = [one for one in engagements if one.district is not None]
    return max(known, key=lambda one: one.happened_at).district if known else None


async def industries_of(platform: str, worker_id: str | None, tx: Transaction) -> tuple[Industry, ...]:
    """The trades that a matter between a person and a platform is about: those they work in, or else all the platform's."""
    engagements = await Engagement.between(worker_id, platform, tx) if worker_id else []
    if engagements:
        return tuple(sorted({engagement.industry for engagement in engagements}))
    enterprise = await Enterprise.of(platform, tx)
    return tuple(sorted(enterprise.industries)) if enterprise else ()
