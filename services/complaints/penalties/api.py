"""Penalties over HTTP: the list and the file of one, for officers and for the enterprise, and who stays away."""

from __future__ import annotations

from fastapi import APIRouter, Response

from services.complaints.penalties.access import penalty_of, seen_by
from services.complaints.penalties.body import PenaltyText, Punisher, Taking, as_told
from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.steps import keep_out
from services.complaints.penalties.told_views import ToldRow, ToldView
from services.complaints.penalties.views import PenaltyFile, PenaltyView, shown
from shared.web.auth import Platform
from shared.web.paging import Page, PageAsked

router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])


@router.get("/penalties/told")
async def list_told(platform: Platform, page: PageAsked) -> Page[ToldRow]:
    """An enterprise's own penalties that it was told of, the newest first."""
    return await Page.of(Penalty, await seen_by(platform), ToldRow.of, page, sort="-_id")


@router.get("/penalties/{penalty_id}/letter")
async def read_letter(penalty_id: str, platform: Platform, response: Response) -> ToldView:
    """A penalty as the enterprise was told of it."""
    return as_told(await penalty_of(penalty_id, platform), response)


@router.get("/penalties")
async def list_penalties(caller: Punisher, page: PageAsked) -> Page[PenaltyView]:
    """Penalties within an officer's reach, the newest first."""
    return await Page.of(Penalty, await seen_by(caller), PenaltyView.of, page, sort="-_id")


@router.get("/penalties/{penalty_id}")
async def read_penalty(penalty_id: str, caller: Punisher, response: Response) -> PenaltyFile:
    """A penalty with all that belongs to it, for officers."""
    return shown(await penalty_of(penalty_id, caller), response)


@router.post("/penalties/{penalty_id}/recusal")
async def recuse(body: PenaltyText, step: Taking) -> PenaltyFile:
    """Stay away from a penalty because of an interest in it (回避; 行政处罚法 art. 43); the reason is in the audit log."""
    return await step.take("recused", None, lambda one, who, tx: keep_out(one, who.id, tx), body.text)
