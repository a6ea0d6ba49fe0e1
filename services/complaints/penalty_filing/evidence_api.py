"""Evidence of a penalty over HTTP: what is handed in, what it rests on as the enterprise sees it, and what comes after the notice."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.complaints.evidence.api import Files, evidence_router
from services.complaints.evidence.views import download
from services.complaints.penalties.access import penalty_in_hand, penalty_of
from services.complaints.penalties.body import Concerned, EvidenceId, Taking
from services.complaints.penalties.told_views import ShownEvidence
from services.complaints.penalties.views import PenaltyFile
from services.complaints.penalty_filing import evidence_commands
from services.complaints.penalty_filing.evidence_commands import add_further
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction
from shared.web.auth import Platform

router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])


class FurtherEvidence(BaseModel):
    """Files of the penalty or of what it arose from. `silent`: they were looked through, and none shows who reported in
    confidence."""

    evidence: list[EvidenceId] = Field(min_length=1, max_length=50)
    silent: bool = False


async def _files(penalty_id: str, caller: Concerned) -> Files:
    async def read() -> str:
        return (await penalty_of(penalty_id, caller)).matter

    async def hand_in(tx: Transaction) -> str:
        if caller.role != "officer":
            return (await penalty_of(penalty_id, caller, tx)).matter
        penalty, _ = await penalty_in_hand(penalty_id, caller, "handler", None, tx)
        return penalty.matter

    return Files(caller, read, hand_in)


files = evidence_router("/penalties/{penalty_id}", "penalties 行政处罚", _files)


@router.get("/penalties/{penalty_id}/shown-evidence")
async def list_shown_evidence(penalty_id: str, platform: Platform) -> list[ShownEvidence]:
    """The files that a penalty rests on, for the enterprise to answer to (行政处罚法 art. 44, 45, 64); the reading is written down."""
    penalty = await penalty_of(penalty_id, platform)
    await write_down("penalty.evidence_listed", penalty.id, platform)
    return [ShownEvidence.of(one, penalty) for one in await evidence_commands.shown(penalty)]


@router.get("/penalties/{penalty_id}/shown-evidence/{evidence_id}/content")
async def read_shown_evidence(penalty_id: str, evidence_id: str, platform: Platform) -> Response:
    """A file that a penalty rests on; the reading is written down."""
    penalty = await penalty_of(penalty_id, platform)
    found = await evidence_commands.shown_file(penalty, evidence_id)
    await write_down("penalty.evidence_read", found.id, platform)
    return await download(found)


@router.post("/penalties/{penalty_id}/further-evidence")
async def add_evidence(body: FurtherEvidence, step: Taking) -> PenaltyFile:
    """Rest a penalty on more evidence after the enterprise was told: it may speak to that before the decision."""
    return await step.take(
        "evidence_added", "handler", lambda one, _, tx: add_further(one, body.evidence, silent=body.silent, tx=tx)
    )
