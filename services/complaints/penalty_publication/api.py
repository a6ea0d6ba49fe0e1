"""Publication over HTTP: officers publish, everybody reads."""

from __future__ import annotations

from fastapi import APIRouter

from services.complaints.parties.documents import Enterprise
from services.complaints.penalties.body import PenaltyText, Taking
from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.views import PenaltyFile, PublicPenalty
from services.complaints.penalty_publication import commands
from shared.storage.records import find
from shared.web.paging import Page, PageAsked

public = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])
router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])


@public.get("/public-penalties")
async def list_public(page: PageAsked) -> Page[PublicPenalty]:
    """Decisions that are published, the newest first; of those that were taken back, that and why (行政处罚法 art. 48)."""
    shown = await Page.of(Penalty, {"public": True}, lambda one: one, page, sort="-_id")
    names = {
        one.id: one.name
        for one in await find(Enterprise, {"_id": {"$in": sorted({one.enterprise for one in shown.items})}})
    }
    items = [PublicPenalty.of(one, names.get(one.enterprise, "")) for one in shown.items]
    return Page(items=items, next=shown.next)


@router.post("/penalties/{penalty_id}/publication")
async def publish(body: PenaltyText, step: Taking) -> PenaltyFile:
    """Publish a decision of some public influence (行政处罚法 art. 48)."""
    return await step.take("published", "approver", lambda one, who, tx: commands.publish(one, body.text, who, tx))
