"""Record what the registry tells of engagements and platforms, and say what that touches."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.insurance.engagements.documents import Engagement, Platform
from services.insurance.engagements.rules import State, state_after
from shared.contracts.registry import EngagementFact, EnterpriseRegistered
from shared.storage.client import Row
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Recorded:
    """An engagement that has changed. `reprice`: orders that are in the ledger already may cost something else now.

    `was_activated`: before this change the person was taken to have been let to work. `earlier_worker` is whose engagement
    it was before, None where it was nobody else's.
    """

    engagement: Engagement
    reprice: bool
    was_activated: bool = False
    earlier_worker: str | None = None


async def record(fact: EngagementFact, state: State | None, tx: Transaction) -> Recorded | None:
    """Store an engagement as this fact tells it; None where a newer one is known already and this adds nothing."""
    known = await Engagement.of(fact.engagement_id, tx)
    if known is not None and known.version >= fact.version:
        says_more = state == "active" and fact.worked is None and not known.activated
        return await _activate_late(known, tx) if says_more else None
    before, was_activated = (known.employments, known.activated) if known else ([], False)
    values = _values(fact, state, known)
    earlier_worker = known.worker_id if known and known.worker_id != fact.worker_id else None
    engagement = known.changed(values) if known else Engagement(id=fact.engagement_id, **values)
    reprice = False
    if engagement.employments != before:
        platform = await Platform.count_change(fact.platform, {}, tx)
        engagement.change = platform["change"]
        reprice = platform.get("first_month") is not None
    await engagement.put(tx)
    return Recorded(engagement, reprice, was_activated, earlier_worker)


async def _activate_late(known: Engagement, tx: Transaction) -> Recorded:
    """An old event says what no newer one does: that the person was once let to work."""
    known.activated = True
    await known.put(tx)
    return Recorded(known, reprice=False)


def _values(fact: EngagementFact, state: State | None, known: Engagement | None) -> Row:
    return {
        "version": fact.version,
        "state": state_after(state, known.state if known else None, fact.ended_on),
        "activated": _was_let_to_work(fact, state, known),
        "platform": fact.platform,
        "worker_ref": fact.worker_ref,
        "worker_id": fact.worker_id,
        "relation": fact.relation,
        "footings": list(fact.footings),
        "industry": fact.industry,
        "partner_uscc": fact.partner_uscc,
        "started_on": fact.started_on,
        "ended_on": fact.ended_on,
        "district": fact.district,
        "happened_at": fact.happened_at,
    }


def _was_let_to_work(fact: EngagementFact, state: State | None, known: Engagement | None) -> bool:
    if fact.worked is not None:
        return fact.worked
    return state == "active" or (known is not None and known.activated)


async def record_name(fact: EnterpriseRegistered, told_at: dt.datetime, tx: Transaction) -> None:
    """Store what a platform is called, by which it is found on the list of those admitted to the occupational scheme."""
    before = await Platform.row(fact.uscc, tx)
    if before.get("name") != fact.name and (before.get("named_at") is None or before["named_at"] <= told_at):
        await tx.change(Platform, fact.uscc, {"$set": {"name": fact.name, "named_at": told_at}})


async def record_classes(fact: EnterpriseRegistered, told_at: dt.datetime, tx: Transaction) -> tuple[Row, Row] | None:
    """Take over a platform's declared classes; its row before and after, None where they are the same or older."""
    before = await Platform.row(fact.uscc, tx)
    if before.get("declared_at") is not None and before["declared_at"] > told_at:
        return None
    declared = [[day.isoformat(), name] for day, name in fact.delivery_classes]
    if before.get("declared", []) == declared:
        return None
    return before, await Platform.count_change(fact.uscc, {"declared": declared, "declared_at": told_at}, tx)
