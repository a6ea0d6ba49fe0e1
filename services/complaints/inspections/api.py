"""Campaigns and inspections over HTTP: what is public to anybody, without a token; the work to the officers of the register; its
own inspection, after the visit, to the enterprise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints, field_validator

from services.complaints.cases.access import within_reach
from services.complaints.evidence.api import Files, evidence_router
from services.complaints.inspections import campaigns, commands, consequences
from services.complaints.inspections.access import inspection_for, not_away, own_inspection
from services.complaints.inspections.campaigns import Plan
from services.complaints.inspections.checklist import ARTICLES
from services.complaints.inspections.commands import Noted
from services.complaints.inspections.documents import Campaign, Draw, Inspection, Origin
from services.complaints.inspections.rules import Cause, State, Verdict
from services.complaints.inspections.views import (
    CampaignView,
    DrawView,
    OfficersTaskView,
    PublicInspection,
    TaskView,
    of_enterprise,
    of_officers,
)
from services.complaints.officers.commands import registered
from services.complaints.parties.documents import Enterprise
from shared.callers import Caller
from shared.contracts.complaints import CampaignKind
from shared.contracts.platform import Industry
from shared.errors import NotFound
from shared.storage.transaction import Transaction, transact
from shared.web.etags import set_etag
from shared.web.fields import DistrictOrCity, Instant, Uscc
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import ALL, callers

creating = APIRouter(prefix="/v1", tags=["inspections 检查"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["inspections 检查"])
public = APIRouter(prefix="/v1", tags=["inspections 检查"])

AnyOfficer = Annotated[Caller, callers(article=ALL, district="document")]
Concerned = Annotated[Caller, callers("platform", article=ALL, district="document")]

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Subject = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class CampaignBody(BaseModel):
    """A campaign. For `double_random` a public draw is named, whose result is known from `known_from` on."""

    kind: CampaignKind
    title: Title
    articles: list[str] = Field(min_length=1, max_length=18)
    district: DistrictOrCity
    industries: list[Industry] = Field(default=[], max_length=5)
    starts_on: dt.date
    ends_on: dt.date
    source: Title | None = None
    known_from: Instant | None = None

    @field_validator("articles")
    @classmethod
    def _on_the_checklist(cls, articles: list[str]) -> list[str]:
        if unknown := set(articles) - ARTICLES:
            raise ValueError(f"no item of the checklist: {sorted(unknown)}")
        return articles


class BeaconBody(BaseModel):
    """The result of the public draw: its numbers as they were published, with blanks between; kept in rising order, without leading
    zeros."""

    beacon: Title


class ReasonBody(BaseModel):
    """Why."""

    reason: Text


class SendBody(BaseModel):
    """Whom to send to which enterprise, and from which matter that comes."""

    campaign_id: Id
    enterprise: Uscc
    inspectors: list[Subject] = Field(min_length=1, max_length=10)
    origin: Origin | None = None


class ReplacementBody(BaseModel):
    """Who stays away, and why."""

    inspector: Subject
    reason: Text


class LeftBody(BaseModel):
    """From which items, found to be violations, no order follows, and why."""

    items: list[Id] = Field(min_length=1, max_length=50)
    reason: Text


class CauseBody(BaseModel):
    """Why an enterprise cannot be inspected."""

    cause: Cause


class FindingBody(BaseModel):
    """What was found of one item; `evidence` are ids of files of the inspection."""

    item: Id
    verdict: Verdict
    note: Text | None = None
    evidence: list[Id] = Field(default=[], max_length=50)


class FindingsBody(BaseModel):
    """A visit: its day, which of the inspectors were there, and what was found."""

    visited_on: dt.date
    present: list[Subject] = Field(min_length=1, max_length=10)
    findings: list[FindingBody] = Field(min_length=1, max_length=50)


class StatementBody(BaseModel):
    """What the enterprise says to the findings."""

    statement: Text


@public.get("/inspection-campaigns")
async def list_campaigns(page: PageAsked) -> Page[CampaignView]:
    """Every campaign, the newest first. Public."""
    return await Page.of(Campaign, {}, CampaignView.of, page, sort="-_id")


@public.get("/inspection-campaigns/{campaign_id}")
async def read_campaign(campaign_id: str) -> CampaignView:
    """A campaign. Public."""
    return CampaignView.of(await _campaign(campaign_id))


@public.get("/inspection-campaigns/{campaign_id}/draw")
async def read_draw(campaign_id: str) -> DrawView:
    """A draw as it is published, for anybody to draw again. Public."""
    return DrawView.of(await _campaign(campaign_id), await _draw(campaign_id))


@public.get("/inspections")
async def list_results(
    page: PageAsked, enterprise: Annotated[Uscc | None, Query(description="only this enterprise's")] = None
) -> Page[PublicInspection]:
    """Published results, the newest first, and enterprises that could not be inspected. Public."""
    wanted: dict[str, Any] = {"state": {"$in": ["published", "called_off"]}}
    if enterprise is not None:
        wanted["enterprise"] = enterprise
    found = await Page.of(Inspection, wanted, lambda one: one, page, sort="-_id")
    names = {one.id: one.name for one in await _enterprises([one.enterprise for one in found.items])}
    return Page(items=[PublicInspection.of(one, names.get(one.enterprise, "")) for one in found.items], next=found.next)


@router.get("/inspection-campaigns/{campaign_id}/arithmetic")
async def read_arithmetic(campaign_id: str, caller: Concerned) -> DrawView:
    """A draw with what its strata rest on: to officers who lead the campaign, and after it to each enterprise its own."""
    campaign, draw = await _campaign(campaign_id), await _draw(campaign_id)
    if caller.role == "platform":
        own = [one for one in draw.arithmetic if one["id"] == caller.uscc]
        if draw.revealed_at is None or not own:
            raise NotFound("该检查计划", "the campaign")
        return DrawView.of(campaign, draw, own)
    await transact(lambda tx: campaigns.campaign_for(campaign_id, caller, tx))
    return DrawView.of(campaign, draw, draw.arithmetic)


@creating.post("/inspection-campaigns", status_code=201)
async def announce_campaign(body: CampaignBody, officer: AnyOfficer, response: Response) -> CampaignView:
    """Announce a campaign of the officer's department; a double-random one with its lists and a commitment."""
    campaign = await transact(lambda tx: campaigns.announce(Plan(**body.model_dump()), officer, tx))
    response.headers["Location"] = f"/v1/inspection-campaigns/{campaign.id}"
    return _campaign_view(campaign, response)


@router.post("/inspection-campaigns/{campaign_id}/draw")
async def hold_draw(campaign_id: str, body: BeaconBody, officer: AnyOfficer, response: Response) -> CampaignView:
    """Hold the draw with the result of the public one."""
    campaign = await transact(lambda tx: campaigns.hold(campaign_id, body.beacon, officer, tx))
    return _campaign_view(campaign, response)


@router.post("/inspection-campaigns/{campaign_id}/cancellation")
async def cancel_campaign(campaign_id: str, body: ReasonBody, officer: AnyOfficer, response: Response) -> CampaignView:
    """Cancel a campaign before the public draw is held."""
    campaign = await transact(lambda tx: campaigns.cancel(campaign_id, body.reason, officer, tx))
    return _campaign_view(campaign, response)


@router.post("/inspection-campaigns/{campaign_id}/closing")
async def close_campaign(campaign_id: str, officer: AnyOfficer, response: Response) -> CampaignView:
    """Close a routine or special campaign all of whose visits are made."""
    return _campaign_view(await transact(lambda tx: campaigns.close(campaign_id, officer, tx)), response)


@creating.post("/inspection-tasks", status_code=201)
async def send_inspectors(body: SendBody, officer: AnyOfficer, response: Response) -> OfficersTaskView:
    """Send inspectors to an enterprise within a routine or special campaign."""

    async def send(tx: Transaction) -> Inspection:
        return await commands.send(body.campaign_id, body.enterprise, body.inspectors, body.origin, officer, tx)

    inspection = await transact(send)
    response.headers["Location"] = f"/v1/inspection-tasks/{inspection.id}"
    return _task_view(inspection, response)


@router.get("/inspection-tasks")
async def list_tasks(
    officer: AnyOfficer,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
    campaign_id: Annotated[str | None, Query(max_length=128, description="only this campaign's")] = None,
) -> Page[OfficersTaskView]:
    """The inspections of the officer's department and district, the newest first; what comes of a sensitive case for its circle."""
    asked = {"state": state, "campaign_id": campaign_id}
    wanted: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    own = await registered(officer)
    wanted |= within_reach(own) | {"department": own.department} | await not_away(own)
    return await Page.of(Inspection, wanted, of_officers, page, sort="-_id")


@router.get("/inspection-tasks/{inspection_id}")
async def read_task(inspection_id: str, caller: Concerned, response: Response) -> OfficersTaskView | TaskView:
    """An inspection: for officers of its department, and after the visit for the enterprise."""
    if caller.role == "platform":
        own = await own_inspection(inspection_id, caller)
        set_etag(response, own.revision)
        return of_enterprise(own)
    return _task_view((await transact(lambda tx: inspection_for(inspection_id, caller, None, tx)))[0], response)


@router.post("/inspection-tasks/{inspection_id}/replacement")
async def replace_inspector(
    inspection_id: str, body: ReplacementBody, officer: AnyOfficer, response: Response
) -> OfficersTaskView:
    """Let an inspector stay away; the next in the draw's own order comes."""
    return await _changed(
        lambda tx: commands.replace(inspection_id, body.inspector, body.reason, officer, tx), response
    )


@router.post("/inspection-tasks/{inspection_id}/calling-off")
async def call_off(inspection_id: str, body: CauseBody, officer: AnyOfficer, response: Response) -> OfficersTaskView:
    """Record that an enterprise cannot be inspected."""
    return await _changed(lambda tx: commands.call_off(inspection_id, body.cause, officer, tx), response)


@router.post("/inspection-tasks/{inspection_id}/findings")
async def record_findings(
    inspection_id: str, body: FindingsBody, officer: AnyOfficer, response: Response
) -> OfficersTaskView:
    """Record a visit and what was found, or put that right before it is public."""
    found = [Noted(**one.model_dump()) for one in body.findings]

    async def record(tx: Transaction) -> Inspection:
        return await commands.record_findings(inspection_id, body.visited_on, body.present, found, officer, tx)

    return await _changed(record, response)


@router.post("/inspection-tasks/{inspection_id}/statement")
async def state(
    inspection_id: str, body: StatementBody, caller: Concerned, response: Response
) -> OfficersTaskView | TaskView:
    """Keep what the enterprise says to the findings: by itself, or taken down by an inspector."""

    async def hear(tx: Transaction) -> Inspection:
        if caller.role == "platform":
            inspection = await own_inspection(inspection_id, caller, tx)
        else:
            inspection, _ = await inspection_for(inspection_id, caller, "inspector", tx)
        return await commands.hear(inspection, body.statement, tx)

    inspection = await transact(hear)
    if caller.role == "platform":
        set_etag(response, inspection.revision)
        return of_enterprise(inspection)
    return _task_view(inspection, response)


@router.post("/inspection-tasks/{inspection_id}/without-order")
async def leave(inspection_id: str, body: LeftBody, officer: AnyOfficer, response: Response) -> OfficersTaskView:
    """Say why no order to put right follows from violations, by an officer who did not inspect."""
    return await _changed(lambda tx: consequences.leave(inspection_id, body.items, body.reason, officer, tx), response)


@router.post("/inspection-tasks/{inspection_id}/publication")
async def publish(inspection_id: str, officer: AnyOfficer, response: Response) -> OfficersTaskView:
    """Publish a result, by an officer who did not inspect."""
    return await _changed(lambda tx: commands.publish(inspection_id, officer, tx), response)


async def _files(inspection_id: str, officer: AnyOfficer) -> Files:
    """Photos, recordings and papers of a visit, by who inspects."""

    async def read() -> str:
        inspection, _ = await transact(lambda tx: inspection_for(inspection_id, officer, None, tx))
        return inspection.matter

    async def hand_in(tx: Transaction) -> str:
        inspection, _ = await inspection_for(inspection_id, officer, "inspector", tx)
        return inspection.matter

    return Files(officer, read, hand_in)


files = evidence_router("/inspection-tasks/{inspection_id}", "inspections 检查", _files, content="")


async def _changed(command: Callable[[Transaction], Awaitable[Inspection]], response: Response) -> OfficersTaskView:
    return _task_view(await transact(command), response)


async def _campaign(campaign_id: str) -> Campaign:
    campaign = await Campaign.of(campaign_id)
    if campaign is None:
        raise NotFound("该检查计划", "the campaign")
    return campaign


async def _draw(campaign_id: str) -> Draw:
    draw = await Draw.of(campaign_id)
    if draw is None:
        raise NotFound("该检查计划的摇号", "the campaign's draw")
    return draw


async def _enterprises(codes: list[str]) -> list[Enterprise]:
    return await Enterprise.find({"_id": {"$in": codes}}).to_list() if codes else []


def _campaign_view(campaign: Campaign, response: Response) -> CampaignView:
    set_etag(response, campaign.revision)
    return CampaignView.of(campaign)


def _task_view(inspection: Inspection, response: Response) -> OfficersTaskView:
    set_etag(response, inspection.revision)
    return of_officers(inspection)
