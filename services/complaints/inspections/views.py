"""Campaigns and inspections as HTTP shows them: to everybody what is public, to officers all, to the enterprise its own."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal, Self

import msgspec
from pydantic import BaseModel, Field

from services.complaints.draws.rules import METHOD, Arithmetic, Drawn, Lists
from services.complaints.draws.verification import Published
from services.complaints.inspections.checklist import CHECKLIST
from services.complaints.inspections.documents import Campaign, Draw, Finding, Inspection, Origin
from services.complaints.inspections.rules import CampaignState, Cause, Outcome, State, Verdict
from shared.contracts.complaints import CampaignKind
from shared.identity import regions
from shared.policy.parameters import Used


class CampaignView(BaseModel):
    """A campaign as everybody may see it."""

    campaign_id: str
    kind: CampaignKind
    title: str
    articles: list[str]
    department: str
    district: str
    district_name: str
    starts_on: dt.date
    ends_on: dt.date
    state: CampaignState

    @classmethod
    def of(cls, campaign: Campaign) -> Self:
        kept = {*cls.model_fields} - {"campaign_id", "district_name"}
        named = {"campaign_id": campaign.id, "district_name": regions.name(campaign.district)}
        return cls(**campaign.model_dump(include=kept), **named)


class DrawView(BaseModel):
    """What is published of a draw: `lists`, their digest, the commitment and the public draw before; `beacon` when the draw was
    held; `secret` and `result` after the last visit. `python -m services.complaints draw --verify` checks it.

    `arithmetic`, what strata rest on, is only for officers, and after the last visit for each enterprise its own."""

    campaign_id: str
    title: str
    method: Literal["xindun-draw-1"]
    lists: dict[str, Any]
    lists_digest: str
    commitment: str
    source: str
    known_from: str
    beacon: str | None
    secret: str | None
    result: list[dict[str, Any]] | None
    arithmetic: list[dict[str, Any]] | None = None
    used: list[Used]

    @classmethod
    def of(cls, campaign: Campaign, draw: Draw, arithmetic: list[dict[str, Any]] | None = None) -> Self:
        revealed = draw.revealed_at is not None
        shown = Published(
            method=METHOD,
            lists=msgspec.convert(draw.lists, Lists),
            lists_digest=draw.lists_digest,
            commitment=draw.commitment,
            source=draw.source,
            known_from=draw.known_from.isoformat(),
            beacon=draw.beacon,
            secret=draw.clear_secret if revealed else None,
            result=msgspec.convert(draw.result, list[Drawn]) if revealed and draw.result is not None else None,
            arithmetic=None if arithmetic is None else msgspec.convert(arithmetic, list[Arithmetic]),
        )
        about = {"campaign_id": campaign.id, "title": campaign.title, "used": draw.used}
        return cls(**msgspec.to_builtins(shown), **about)


class PublicFinding(BaseModel):
    """What was found of one item: its title, and the law that it rests on."""

    item: str
    title: str
    basis: str
    verdict: Verdict

    @classmethod
    def of(cls, finding: Finding) -> Self:
        item = CHECKLIST[finding.item]
        return cls(item=finding.item, title=item.title, basis=item.basis, verdict=finding.verdict)


class PublicInspection(BaseModel):
    """A published result, or why there is none: nobody who inspects or complains, and no text, is in it."""

    inspection_id: str
    number: str
    campaign_id: str
    kind: CampaignKind
    enterprise: str
    enterprise_name: str
    department: str
    district: str
    district_name: str
    visited_on: dt.date | None
    outcome: Outcome | None
    findings: list[PublicFinding]
    heard: bool = Field(description="the enterprise has made a statement")
    cause: Cause | None = Field(description="why it was not inspected")
    published_on: dt.date | None

    @classmethod
    def of(cls, inspection: Inspection, name: str) -> Self:
        kept = {*cls.model_fields} - {"inspection_id", "enterprise_name", "district_name", "findings", "heard"}
        return cls(
            inspection_id=inspection.id,
            enterprise_name=name,
            district_name=regions.name(inspection.district),
            findings=[PublicFinding.of(one) for one in inspection.findings],
            heard=inspection.statement is not None,
            **inspection.model_dump(include=kept),
        )


class FindingView(PublicFinding):
    """With what the inspectors wrote, and the files that show it."""

    note: str | None
    evidence: list[str]


class FollowedView(BaseModel):
    """What followed from items: an order to put right, or why there is none."""

    items: list[str]
    directive_id: str | None
    reason: str | None
    by: str
    on: dt.date


class TaskView(BaseModel):
    """An inspection as the enterprise may see it after the visit."""

    inspection_id: str
    number: str
    campaign_id: str
    kind: CampaignKind
    enterprise: str
    department: str
    district: str
    state: State
    visited_on: dt.date | None
    outcome: Outcome | None
    findings: list[FindingView]
    statement: str | None
    cause: Cause | None
    publish_by: dt.date | None
    published_on: dt.date | None
    used: list[Used]


class OfficersTaskView(TaskView):
    """An inspection as officers see it, with who inspects and what it came from."""

    items: list[str]
    inspectors: list[str]
    present: list[str]
    by_lot: bool
    visit_by: dt.date
    origin: Origin | None
    followed: list[FollowedView]
    published_by: str | None


def of_enterprise(inspection: Inspection) -> TaskView:
    return TaskView(**_fields(inspection, TaskView))


def of_officers(inspection: Inspection) -> OfficersTaskView:
    followed = [
        FollowedView(**one.model_dump(exclude={"reason"}), reason=inspection.clear_reason(one))
        for one in inspection.followed
    ]
    return OfficersTaskView(**(_fields(inspection, OfficersTaskView) | {"followed": followed}))


def _fields(inspection: Inspection, view: type[TaskView]) -> dict[str, Any]:
    kept = {*view.model_fields} - {"inspection_id", "findings", "statement"}
    return {
        **inspection.model_dump(include=kept),
        "inspection_id": inspection.id,
        "statement": inspection.clear_statement,
        "findings": [
            FindingView(**PublicFinding.of(one).model_dump(), note=inspection.clear_note(one), evidence=one.evidence)
            for one in inspection.findings
        ],
    }
