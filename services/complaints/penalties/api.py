"""Penalties over HTTP: the list and the file of one, for officers, what is handed in as evidence, and who stays away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.complaints.evidence.api import LARGEST_REQUEST, HandedIn, evidence_page, keep_file, read_file
from services.complaints.evidence.views import EvidenceView
from services.complaints.penalties.access import penalty_in_hand, penalty_of, seen_by
from services.complaints.penalties.body import EvidenceId, PenaltyText, Punisher, Taking
from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.evidence_commands import add_further
from services.complaints.penalties.steps import keep_out
from services.complaints.penalties.views import PenaltyFile, PenaltyView, shown
from shared.callers import Caller
from shared.storage.transaction import Transaction
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers

creating = APIRouter(prefix="/v1", tags=["penalties 行政处罚"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])


class FurtherEvidence(BaseModel):
    """Files of the penalty or of what it arose from. `silent`: they were looked through, and none shows who reported in
    confidence."""

    evidence: list[EvidenceId] = Field(min_length=1, max_length=50)
    silent: bool = False


Concerned = Annotated[Caller, callers("platform", departments=[HRSS], district="document")]


@router.get("/penalties")
async def list_penalties(caller: Punisher, page: PageAsked) -> Page[PenaltyView]:
    """Penalties within an officer's reach, the newest first."""
    return await Page.of(Penalty, await seen_by(caller), PenaltyView.of, page, sort="-_id")


@router.get("/penalties/{penalty_id}")
async def read_penalty(penalty_id: str, caller: Punisher, response: Response) -> PenaltyFile:
    """A penalty with all that belongs to it, for officers."""
    return shown(await penalty_of(penalty_id, caller), response)


@creating.post("/penalties/{penalty_id}/evidence", status_code=201, max_body_size=LARGEST_REQUEST)
async def hand_in(penalty_id: str, file: HandedIn, caller: Concerned) -> EvidenceView:
    """Hand in a file, as the enterprise or an officer."""

    async def matter(tx: Transaction) -> str:
        if caller.role == "officer":
            penalty, _ = await penalty_in_hand(penalty_id, caller, "handler", None, tx)
        else:
            penalty = await penalty_of(penalty_id, caller, tx)
        return penalty.matter

    return await keep_file(file, caller, matter)


@router.get("/penalties/{penalty_id}/evidence")
async def list_evidence(penalty_id: str, caller: Concerned, page: PageAsked) -> Page[EvidenceView]:
    """The files of a penalty that the caller may see."""
    penalty = await penalty_of(penalty_id, caller)
    return await evidence_page(penalty.matter, caller, page)


@router.get("/penalties/{penalty_id}/evidence/{evidence_id}/content")
async def read_evidence(penalty_id: str, evidence_id: str, caller: Concerned) -> Response:
    """A file of a penalty; that an officer reads it is written down."""
    penalty = await penalty_of(penalty_id, caller)
    return await read_file(penalty.matter, evidence_id, caller)


@router.post("/penalties/{penalty_id}/recusal")
async def recuse(body: PenaltyText, step: Taking) -> PenaltyFile:
    """Stay away from a penalty because of an interest in it (回避; 行政处罚法 art. 43); the reason is in the audit log."""
    return await step.take("recused", None, lambda one, who, tx: keep_out(one, who.id, tx), body.text)


@router.post("/penalties/{penalty_id}/further-evidence")
async def add_evidence(body: FurtherEvidence, step: Taking) -> PenaltyFile:
    """Rest a penalty on more evidence after the enterprise was told: it may speak to that before the decision."""
    return await step.take(
        "evidence_added", "handler", lambda one, _, tx: add_further(one, body.evidence, silent=body.silent, tx=tx)
    )
