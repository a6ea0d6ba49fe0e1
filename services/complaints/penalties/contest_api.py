"""Review, suit and annulment over HTTP, for officers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.complaints.penalties import contest_commands
from services.complaints.penalties.body import PenaltyText, Punisher, Text, acted
from services.complaints.penalties.documents import ContestKind
from services.complaints.penalties.views import PenaltyFile
from shared.web.etags import RevisionSeen

router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])


class ContestBody(BaseModel):
    """A review or suit that the enterprise began."""

    kind: ContestKind
    on: dt.date


class ContestEnd(BaseModel):
    """How a review or suit ended: `fine` is the lower one that it was changed to."""

    on: dt.date
    annulled: bool = False
    fine: Decimal | None = Field(default=None, gt=0, max_digits=12, decimal_places=2)
    text: Text


@router.post("/penalties/{penalty_id}/contests")
async def contest(
    penalty_id: str, body: ContestBody, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Record a review or suit, during which nothing is added (行政处罚法 art. 73)."""
    return await acted(
        penalty_id, caller, "handler", "contested", seen, response,
        lambda one, _, tx: contest_commands.contest(one, body.kind, body.on, tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/contest-end")
async def end_contest(
    penalty_id: str, body: ContestEnd, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Record how a review or suit ended."""
    return await acted(
        penalty_id, caller, "approver", "contest_ended", seen, response,
        lambda one, _, tx: contest_commands.end_contest(one, body.on, body.fine, body.text, annulled=body.annulled, tx=tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/annulment")
async def annul(
    penalty_id: str, body: PenaltyText, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Annul a decision, as another officer than who made it (行政处罚法 art. 75)."""
    return await acted(
        penalty_id, caller, "approver", "annulled", seen, response,
        lambda one, who, tx: contest_commands.annul(one, body.text, who, tx),
    )  # fmt: skip
