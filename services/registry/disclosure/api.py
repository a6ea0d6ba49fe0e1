"""Engagements over HTTP: one by one, in figures, and as a table to take away."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from services.registry.disclosure.access import EngagementLister, Reader, engagements_seen_by
from services.registry.disclosure.queries import engagement_for
from services.registry.engagements.documents import DeclaredTraining, Engagement, Footing
from services.registry.engagements.paper_documents import Paper
from services.registry.engagements.rules import DutyState, Run, State, predecessor
from services.registry.engagements.views import EngagementView, view_of
from shared.contracts.platform import Relation
from shared.policy.parameters import Used
from shared.storage.client import Row, collection_of
from shared.web.etags import set_etag
from shared.web.paging import Page, PageAsked
from shared.web.tables import Cell, TableFormat, table_response

router = APIRouter(prefix="/v1", tags=["engagements 用工关系"])

NO_PAPER: Final = ("due", "near", "missing")
COLUMNS: Final = {
    "_id": "用工编号",
    "platform": "平台统一社会信用代码",
    "worker_ref": "平台人员编号",
    "industry": "行业",
    "relation": "用工关系",
    "state": "状态",
    "started_on": "开始日",
    "ended_on": "结束日",
    "district": "区（市、县）代码",
    "partner_uscc": "合作企业统一社会信用代码",
    "duty.state": "书面文书",
    "duty.due_on": "文书最迟签订日",
}
"""The stored fields of a row and their headings; values are the codes of this API."""


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


class Summary(BaseModel):
    """How many engagements there are, by code; `papers` by how the paper that the footing demands stands."""

    total: int
    states: dict[State, int]
    relations: dict[Relation, int]
    districts: dict[str, int]
    papers: dict[DutyState, int]
    without_paper: int = Field(description="a paper is demanded and none of the right kind is on file")
    overdue: int = Field(description="of these, the ones whose deadline is over")


async def wanted(
    caller: EngagementLister,
    platform: Annotated[str | None, Query(max_length=18, description="unified social credit code")] = None,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
    relation: Annotated[Relation | None, Query(description="only on this footing")] = None,
    paper: Annotated[DutyState | None, Query(description="how the paper that the footing demands stands")] = None,
    since: Annotated[dt.date | None, Query(description="begun on this legal day or later")] = None,
) -> Row:
    """The condition on engagements that a caller asks for and may see."""
    asked: Row = {"platform": platform, "state": state, "relation": relation, "duty.state": paper}
    found = {name: value for name, value in asked.items() if value is not None}
    if since is not None:
        found["started_on"] = {"$gte": dt.datetime(since.year, since.month, since.day, tzinfo=dt.UTC)}
    seen = engagements_seen_by(caller)
    if any(found.get(name, value) != value for name, value in seen.items()):
        return {"_id": {"$in": []}}
    return {**found, **seen}


Wanted = Annotated[Row, Depends(wanted)]


@router.get("/engagements/summary")
async def read_summary(condition: Wanted) -> Summary:
    """Figures of a platform's own engagements, or of those in an officer's district, by the filters given."""
    parts = {"state": "$state", "relation": "$relation", "district": "$district", "paper": "$duty.state"}
    grouped: list[Row] = [{"$match": condition}, {"$group": {"_id": parts, "count": {"$sum": 1}}}]
    counts: dict[str, Counter[str]] = {name: Counter() for name in parts}
    async for row in collection_of(Engagement).aggregate(grouped):
        for name, count in counts.items():
            count[row["_id"].get(name) or "not_needed"] += row["count"]
    papers = counts["paper"]
    return Summary(
        total=counts["state"].total(),
        states=counts["state"],
        relations=counts["relation"],
        districts=counts["district"],
        papers=papers,
        without_paper=sum(papers[state] for state in NO_PAPER),
        overdue=papers["missing"],
    )


@router.get("/engagements/export")
async def export(condition: Wanted, kind: TableFormat = "csv") -> StreamingResponse:
    """A platform's own engagements, or those in an officer's district, as CSV or Excel; nothing personal is in it."""
    return await table_response("用工关系", list(COLUMNS.values()), _rows(condition), kind)


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
    return await Page.of(Engagement, {**wanted, **seen}, view_of, page)


@router.get("/engagements/{engagement_id}")
async def read_engagement(engagement_id: str, caller: Reader, response: Response) -> EngagementDetail:
    """One engagement with its papers, for its worker, its platform, an officer of its district, or a union
    with which its member shares that."""
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


async def _rows(condition: Row) -> AsyncIterator[Sequence[Cell]]:
    found = collection_of(Engagement).find(condition, dict.fromkeys(COLUMNS, 1)).sort("_id", 1)
    async for row in found:
        yield [_cell(row, name) for name in COLUMNS]


def _cell(row: Row, name: str) -> Cell:
    value: Any = row
    for part in name.split("."):
        value = value.get(part) if value else None
    return value.date() if isinstance(value, dt.datetime) else value
