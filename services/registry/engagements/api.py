"""Engagements over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from services.registry.access import EngagementLister, after, engagements_seen_by
from services.registry.engagements.access import Reader, engagement_for
from services.registry.engagements.documents import DeclaredTraining, Engagement, Footing, Paper
from services.registry.engagements.rules import Run, State, predecessor
from shared.contracts.platform import Industry, Relation
from shared.policy.parameters import Used
from shared.web.etags import set_etag
from shared.web.paging import Page, PageAsked, cursor_of

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
    """`gate_rests_on`: the parameters that the safety gate used (德人社发〔2022〕95 号 art. 7).

    `footings` are the footings by the first legal day of each, `relation` is the last one. `restarts` is the engagement
    of the same person and platform that had ended before this one began, where there is one.
    """

    agreement: Paper | None
    safety_training: DeclaredTraining | None
    partner_uscc: str | None
    dispatched: bool
    declared_at: dt.datetime
    end_reason: str | None
    gate_rests_on: list[Used]
    footings: list[Footing]
    restarts: str | None


def view_of(engagement: Engagement) -> EngagementView:
    return EngagementView(engagement_id=engagement.id, **engagement.model_dump(include={*EngagementView.model_fields}))


@router.get("/engagements")
async def list_engagements(
    caller: EngagementLister,
    page: PageAsked,
    platform: Annotated[
        str | None, Query(max_length=18, description="only of this platform, by its credit code")
    ] = None,
    worker_ref: Annotated[
        str | None, Query(max_length=128, description="only of this worker, by the platform's own id")
    ] = None,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
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
async def read_engagement(engagement_id: str, caller: Reader, response: Response) -> EngagementDetail:
    """One engagement with its papers, for its worker, its platform, an officer of its district, or a union."""
    engagement = await engagement_for(engagement_id, caller)
    mates = await Engagement.find(Engagement.worker_id == engagement.worker_id).to_list()
    runs = [Run(mate.id, mate.started_on, mate.ended_on) for mate in mates if mate.platform == engagement.platform]
    set_etag(response, engagement.revision)
    derived = {"end_reason", "footings", "restarts"}
    return EngagementDetail(
        engagement_id=engagement.id,
        end_reason=engagement.clear_end_reason,
        footings=[Footing(since=since, relation=relation) for since, relation in engagement.history],
        restarts=predecessor(engagement.started_on, runs),
        **engagement.model_dump(include={*EngagementDetail.model_fields} - derived),
    )
