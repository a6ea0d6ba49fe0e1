"""Review, suit and annulment over HTTP, for officers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.complaints.penalties.body import PenaltyText, Taking, Text
from services.complaints.penalties.payment_documents import ContestKind
from services.complaints.penalties.views import PenaltyFile
from services.complaints.penalty_contests import commands
from services.complaints.penalty_contests.commands import Lower

router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])


class ContestBody(BaseModel):
    """A review or suit that the enterprise began. `admitted`: it was taken up though its time was over, as something had held it up or
    nothing was said of it (行政复议法 art. 20); asked for where a court executes the decision, or has ended that."""

    kind: ContestKind
    on: dt.date
    admitted: bool = False


class ContestEnd(BaseModel):
    """How a review or suit ended: `fine` and `confiscated` are what they were changed to, where they were; `licence_back`: the
    licence is not taken away or suspended after all; `suspended_days`: it is suspended for so many days, which are less;
    `unlawful`: a court found the decision unlawful and let it stand (确认违法).
    `received_on`: when the enterprise received the decision of a review, from which its time to sue runs."""

    on: dt.date
    received_on: dt.date | None = None
    annulled: bool = False
    unlawful: bool = False
    fine: Decimal | None = Field(default=None, gt=0, max_digits=12, decimal_places=2)
    confiscated: Decimal | None = Field(default=None, ge=0, max_digits=12, decimal_places=2)
    licence_back: bool = False
    suspended_days: int | None = Field(default=None, ge=1, le=3660)
    text: Text

    @property
    def lower(self) -> Lower:
        return Lower(self.fine, self.confiscated, self.licence_back, self.suspended_days)


@router.post("/penalties/{penalty_id}/contests")
async def contest(body: ContestBody, step: Taking) -> PenaltyFile:
    """Record a review or suit, during which nothing is added (行政处罚法 art. 73)."""
    return await step.take(
        "contested", "handler", lambda one, _, tx: commands.contest(one, body.kind, body.on, tx, admitted=body.admitted)
    )


@router.post("/penalties/{penalty_id}/contest-end")
async def end_contest(body: ContestEnd, step: Taking) -> PenaltyFile:
    """Record how a review or suit ended."""
    return await step.take(
        "contest_ended",
        "approver",
        lambda one, _, tx: commands.end_contest(
            one, body.on, body.received_on, body.lower, body.text, annulled=body.annulled, unlawful=body.unlawful, tx=tx
        ),
    )


@router.post("/penalties/{penalty_id}/annulment")
async def annul(body: PenaltyText, step: Taking) -> PenaltyFile:
    """Annul a decision, as another officer than who made it (行政处罚法 art. 75)."""
    return await step.take("annulled", "approver", lambda one, who, tx: commands.annul(one, body.text, who, tx))
