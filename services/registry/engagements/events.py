"""The events of an engagement."""

from __future__ import annotations

import datetime as dt

from services.registry.engagements.documents import Engagement
from services.registry.engagements.paper_documents import Paper
from services.registry.engagements.rules import FactKind
from shared.contracts.platform import Agreement
from shared.contracts.registry import (
    EngagementActivated,
    EngagementBlocked,
    EngagementCorrected,
    EngagementEnded,
    EngagementFact,
    EngagementFields,
    EngagementRestated,
    EngagementStarted,
)


def event_of(
    engagement: Engagement, kind: FactKind, happened_at: dt.datetime, trained_on: dt.date | None = None
) -> EngagementFact:
    """The event that says one kind of fact of an engagement, as it stands after it. `trained_on`: since when the person has the
    training that lets them work, where that is new."""
    match kind:
        case "registered":
            return EngagementStarted(**_fields(engagement, happened_at))
        case "blocked":
            return EngagementBlocked(**_fields(engagement, happened_at))
        case "corrected":
            return EngagementCorrected(**_fields(engagement, happened_at), trained_on=trained_on)
        case "activated":
            return EngagementActivated(**_fields(engagement, happened_at), was_blocked=False, trained_on=trained_on)
        case "unblocked":
            return EngagementActivated(**_fields(engagement, happened_at), was_blocked=True, trained_on=trained_on)
        case "closed":
            # the reason is a free text: whoever may read it finds it at the engagement
            return EngagementEnded(**_fields(engagement, happened_at), reason="")


def restated(engagement: Engagement) -> EngagementRestated:
    """The event that says again how an engagement stands."""
    return EngagementRestated(**_fields(engagement, engagement.updated_at))


def _fields(engagement: Engagement, happened_at: dt.datetime) -> EngagementFields:
    return {
        "engagement_id": engagement.id,
        "version": engagement.version,
        "worker_id": engagement.worker_id,
        "platform": engagement.platform,
        "worker_ref": engagement.worker_ref,
        "industry": engagement.industry,
        "relation": engagement.relation,
        "started_on": engagement.started_on,
        "ended_on": engagement.ended_on,
        "district": engagement.district,
        "agreement": _agreement(engagement.agreement),
        "partner_uscc": engagement.partner_uscc,
        "dispatched": engagement.dispatched,
        "happened_at": happened_at,
        "footings": engagement.history,
        "worked": engagement.worked,
        "part_time": engagement.part_time,
    }


def _agreement(paper: Paper | None) -> Agreement | None:
    if paper is None:
        return None
    return Agreement(**paper.model_dump())
