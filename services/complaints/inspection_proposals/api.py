"""Proposed inspections over HTTP, for officers of the department and district that they go to."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from services.complaints.inspection_proposals import commands
from services.complaints.inspection_proposals.documents import Proposal
from services.complaints.inspection_proposals.rules import State
from services.complaints.officers.commands import registered
from shared.callers import Caller
from shared.policy.parameters import Used
from shared.storage.transaction import transact
from shared.web.etags import set_etag
from shared.web.paging import Page, PageAsked
from shared.web.scope import ALL, callers, reach

router = APIRouter(prefix="/v1", tags=["inspections 检查"])

AnyOfficer = Annotated[Caller, callers(article=ALL, district="document")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Subject = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class InspectionProposalView(BaseModel):
    """A proposal: on how many leads it rests, about how many persons, since when. `used`: what was enough."""

    proposal_id: str
    enterprise: str
    department: str
    district: str
    leads: list[str]
    lead_count: int
    persons: int
    since: dt.date
    state: State
    reason: str | None
    inspection_id: str | None
    used: list[Used]

    @classmethod
    def of(cls, proposal: Proposal) -> Self:
        kept = {*cls.model_fields} - {"proposal_id", "reason"}
        return cls(proposal_id=proposal.id, reason=proposal.clear_reason, **proposal.model_dump(include=kept))


class ProposalTakingUp(BaseModel):
    """The routine or special campaign in which the enterprise is inspected, and by whom."""

    campaign_id: str = Field(min_length=1, max_length=128)
    inspectors: list[Subject] = Field(min_length=1, max_length=10)


class ProposalDismissal(BaseModel):
    """Why no inspection is made."""

    reason: Text


@router.get("/inspection-proposals")
async def list_proposals(
    officer: AnyOfficer,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
) -> Page[InspectionProposalView]:
    """Proposals of the officer's department and district, the newest first."""
    own = await registered(officer)
    wanted: dict[str, Any] = {"department": own.department, **reach(officer, district="district")}
    if state is not None:
        wanted["state"] = state
    if kept_away := own.person.interests:
        wanted["enterprise"] = {"$nin": list(kept_away)}
    return await Page.of(Proposal, wanted, InspectionProposalView.of, page, sort="-_id")


@router.post("/inspection-proposals/{proposal_id}/taking-up")
async def take_up(
    proposal_id: str, body: ProposalTakingUp, officer: AnyOfficer, response: Response
) -> InspectionProposalView:
    """Take a proposal up: inspectors are sent, and the leads that wait are taken up with it."""
    proposal = await transact(lambda tx: commands.take_up(proposal_id, body.campaign_id, body.inspectors, officer, tx))
    return _answered(proposal, response)


@router.post("/inspection-proposals/{proposal_id}/dismissal")
async def dismiss(
    proposal_id: str, body: ProposalDismissal, officer: AnyOfficer, response: Response
) -> InspectionProposalView:
    """Dismiss a proposal; only what is raised later makes another."""
    return _answered(await transact(lambda tx: commands.dismiss(proposal_id, body.reason, officer, tx)), response)


def _answered(proposal: Proposal, response: Response) -> InspectionProposalView:
    set_etag(response, proposal.revision)
    return InspectionProposalView.of(proposal)
