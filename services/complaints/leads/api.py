"""Leads over HTTP, for officers of their departments and districts: lists, detail, dismissal."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from services.complaints.leads import commands
from services.complaints.leads.documents import Lead
from services.complaints.leads.rules import State
from services.complaints.leads.views import DismissalReason, LeadDetail, LeadView, detail_of, view_of
from services.complaints.officers.commands import stays_away_from
from shared.callers import Caller
from shared.contracts.complaints.leads import LeadKind
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import Uscc
from shared.web.paging import Page, PageAsked
from shared.web.scope import ALL, CityOfficer, callers, reach

router = APIRouter(prefix="/v1", tags=["leads 线索"])

LeadReader = Annotated[Caller, callers(article=ALL, district="document")]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class Dismissal(BaseModel):
    """Why a lead is no matter: a code of `leads.dismissal_reasons`, and what the officer writes."""

    reason: str = Field(max_length=40)
    note: Note | None = None


@router.get("/leads")
async def list_leads(
    officer: LeadReader,
    page: PageAsked,
    kind: Annotated[LeadKind | None, Query(description="only leads of this kind")] = None,
    state: Annotated[State | None, Query(description="only leads that stand so")] = None,
    platform: Annotated[Uscc | None, Query(description="only leads on this enterprise")] = None,
) -> Page[LeadView]:
    """Leads of the officer's department and district, the newest first; the officers of its article's departments see one,
    but those who stay away from its enterprise."""
    asked: dict[str, Any] = {"kind": kind, "state": state, "platform": platform}
    query = {name: value for name, value in asked.items() if value is not None}
    query |= reach(officer, district="district") | {"departments": officer.department}
    if away := await stays_away_from(officer):
        query["$nor"] = [{"platform": {"$in": away}}]
    return await Page.of(Lead, query, view_of, page, sort="-created_at")


@router.get("/leads/dismissals")
async def count_dismissals(officer: CityOfficer) -> list[DismissalReason]:
    """For which reasons leads were dismissed, and how many: what the signs are worth."""
    return [
        DismissalReason(
            reason=code,
            zh=zh,
            dismissed=await Lead.find({"state": "dismissed", "decision.reason": code}).count(),
        )
        for code, zh in commands.reasons().items()
    ]


@router.get("/leads/{lead_id}")
async def read_lead(lead_id: str, officer: LeadReader, response: Response) -> LeadDetail:
    """A lead with its arithmetic and what that rests on."""
    lead = await commands.lead_within_reach(lead_id, officer)
    set_etag(response, lead.revision)
    return await detail_of(lead, officer)


@router.post("/leads/{lead_id}/dismissal")
async def dismiss_lead(
    lead_id: str, body: Dismissal, officer: LeadReader, seen: RevisionSeen, response: Response
) -> LeadDetail:
    """Dismiss a lead, for an officer on the register who handles matters of its department and district."""

    async def dismiss(tx: Transaction) -> Lead:
        lead = await commands.lead_within_reach(lead_id, officer, tx)
        require_revision(seen, lead.revision)
        return await commands.dismiss(lead, body.reason, body.note, officer, tx)

    lead = await transact(dismiss)
    set_etag(response, lead.revision)
    return await detail_of(lead, officer)
