"""What HTTP shows of an engagement."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from services.registry.engagements.documents import Engagement
from services.registry.engagements.rules import State
from shared.contracts.platform import Industry, Relation


class EngagementView(BaseModel):
    """One person's work through one platform; `worker_ref` is the platform's own id of the person."""

    engagement_id: str
    worker_id: str
    platform: str
    worker_ref: str
    industry: Industry
    relation: Relation
    state: State
    started_on: dt.date
    ended_on: dt.date | None
    district: str
    version: int


def view_of(engagement: Engagement) -> EngagementView:
    return EngagementView(engagement_id=engagement.id, **engagement.model_dump(include={*EngagementView.model_fields}))
