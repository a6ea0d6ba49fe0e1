"""Engagements over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.registry.engagements.documents import DeclaredTraining, Engagement, Paper
from services.registry.engagements.rules import State
from services.registry.scope import after, engagements_seen_by
from shared.contracts.platform import Industry, Relation
from shared.policy.parameters import Used
from shared.web.auth import AnyCaller
from shared.web.paging import Page, PageAsked, cursor_of
from shared.web.problems import not_found

router = APIRouter(prefix="/v1", tags=["engagements 用工关系"])


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


class EngagementDetail(EngagementView):
    """`gate_rests_on`: the parameters that the safety gate used (德人社发〔2022〕95 号 art. 7)."""

    agreement: Paper | None
    safety_training: DeclaredTraining | None
    partner_uscc: str | None
    dispatched: bool
    declared_at: dt.datetime
    end_reason: str | None
    gate_rests_on: list[Used]


def view_of(engagement: Engagement) -> EngagementView:
    return EngagementView(engagement_id=engagement.id, **engagement.model_dump(include={*EngagementView.model_fields}))


@router.get("/engagements")
async def list_engagements(
    caller: AnyCaller,
    page: PageAsked,
    platform: Annotated[str | None, Query(max_length=18)] = None,
    worker_ref: Annotated[str | None, Query(max_length=128)] = None,
    state: State | None = None,
) -> Page[EngagementView]:
    """Engagements by their age: an officer sees those of the district, a platform its own."""
    asked = {"platform": platform, "worker_ref": worker_ref, "state": state}
    wanted = {name: value for name, value in asked.items() if value is not None}
    seen = engagements_seen_by(caller)
    if any(wanted.get(name, value) != value for name, value in seen.items()):
        return Page(items=[], next=None)
    found = await Engagement.find({**wanted, **seen, **after(page)}).sort("+_id").limit(page.limit + 1).to_list()
    items = [view_of(engagement) for engagement in found[: page.limit]]
    return Page(items=items, next=cursor_of(items[-1].engagement_id) if len(found) > page.limit else None)


@router.get("/engagements/{engagement_id}")
async def read_engagement(engagement_id: str, caller: AnyCaller) -> EngagementDetail:
    """One engagement with its papers, for an officer of its district or its platform."""
    seen = engagements_seen_by(caller)
    engagement = await Engagement.find_one({"_id": engagement_id, **seen})
    if engagement is None:
        raise not_found("该用工关系", "this engagement")
    fields = engagement.model_dump(include={*EngagementDetail.model_fields})
    return EngagementDetail(engagement_id=engagement.id, **fields)
