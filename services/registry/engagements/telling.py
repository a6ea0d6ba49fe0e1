"""The facts that are told of an engagement."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.registry.engagements.documents import Engagement
from services.registry.engagements.rules import News
from shared.contracts.platform import Agreement
from shared.contracts.registry import (
    EngagementActivated,
    EngagementBlocked,
    EngagementClosed,
    EngagementCorrected,
    EngagementFact,
    EngagementRegistered,
)


def fact_of(engagement: Engagement, news: News, happened_at: dt.datetime) -> EngagementFact:
    """One piece of news of an engagement, as it stands after it."""
    paper = engagement.agreement
    state: dict[str, Any] = {
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
        "agreement": paper and Agreement(kind=paper.kind, number=paper.number, signed_on=paper.signed_on),
        "partner_uscc": engagement.partner_uscc,
        "dispatched": engagement.dispatched,
        "happened_at": happened_at,
        "footings": engagement.history,
        "worked": engagement.worked,
    }
    match news:
        case "registered":
            return EngagementRegistered(**state)
        case "blocked":
            return EngagementBlocked(**state)
        case "activated":
            return EngagementActivated(**state, was_blocked=False)
        case "unblocked":
            return EngagementActivated(**state, was_blocked=True)
        case "corrected":
            return EngagementCorrected(**state)
        case "closed":
            return EngagementClosed(**state, reason="")  # a free text: whoever may read it finds it at the engagement
