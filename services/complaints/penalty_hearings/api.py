"""What an enterprise says before a decision over HTTP, that it will not, and the hearing that it asks for."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from pydantic import BaseModel

from services.complaints.penalties.body import PenaltyText, Short, Taking, TakingOwn, Text
from services.complaints.penalties.documents import ClosedFor
from services.complaints.penalties.told_views import ToldView
from services.complaints.penalties.views import PenaltyFile
from services.complaints.penalty_hearings import commands

router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])


class HearingDay(BaseModel):
    """When and where a hearing is held. `closed_for`: why not everybody may come."""

    on: dt.date
    place: Short
    closed_for: ClosedFor | None = None


class HearingRecord(BaseModel):
    """The record of a hearing, whether the enterprise came, and whether it signed; where it did not, the record says so."""

    text: Text
    appeared: bool
    signed: bool = False


@router.post("/penalties/{penalty_id}/statement")
async def state(body: PenaltyText, step: TakingOwn) -> ToldView:
    """State and defend (陈述申辩; 行政处罚法 art. 45); files are handed in as evidence."""
    return await step.take(lambda one, tx: commands.state(one, body.text, tx))


@router.post("/penalties/{penalty_id}/waiver")
async def waive(step: TakingOwn) -> ToldView:
    """Say that one will not state, defend or be heard any more (行政处罚法 art. 62)."""
    return await step.take(commands.waive)


@router.post("/penalties/{penalty_id}/hearing-request")
async def ask_hearing(body: PenaltyText, step: TakingOwn) -> ToldView:
    """Ask for a hearing (行政处罚法 art. 63)."""
    return await step.take(lambda one, tx: commands.ask_hearing(one, body.text, tx))


@router.post("/penalties/{penalty_id}/hearing-day")
async def set_hearing(body: HearingDay, step: Taking) -> PenaltyFile:
    """Set the hearing that was asked for, and hold it oneself (行政处罚法 art. 64)."""
    return await step.take(
        "hearing_set",
        "approver",
        lambda one, who, tx: commands.set_hearing(one, body.on, body.place, body.closed_for, who, tx),
    )


@router.post("/penalties/{penalty_id}/hearing")
async def hear(body: HearingRecord, step: Taking) -> PenaltyFile:
    """Record the hearing."""
    return await step.take(
        "heard",
        "approver",
        lambda one, who, tx: commands.hear(one, body.text, who, appeared=body.appeared, signed=body.signed, tx=tx),
    )
