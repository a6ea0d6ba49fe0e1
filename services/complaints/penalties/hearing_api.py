"""The hearing over HTTP, for officers."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from pydantic import BaseModel

from services.complaints.penalties import hearing_commands as commands
from services.complaints.penalties.body import Short, Taking, Text
from services.complaints.penalties.documents import ClosedFor
from services.complaints.penalties.views import PenaltyFile

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
