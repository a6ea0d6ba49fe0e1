"""The hearing over HTTP, for officers."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.complaints.penalties import hearing_commands
from services.complaints.penalties.body import Punisher, Short, Text, acted
from services.complaints.penalties.views import PenaltyFile
from shared.web.etags import RevisionSeen

router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])


class HearingDay(BaseModel):
    """When and where a hearing is held."""

    on: dt.date
    place: Short


class HearingRecord(BaseModel):
    """The record of a hearing, and whether the enterprise came."""

    text: Text
    appeared: bool


@router.post("/penalties/{penalty_id}/hearing-day")
async def set_hearing(
    penalty_id: str, body: HearingDay, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Set the hearing that was asked for, and hold it oneself (行政处罚法 art. 64)."""
    return await acted(
        penalty_id, caller, "approver", "hearing_set", seen, response,
        lambda one, who, tx: hearing_commands.set_hearing(one, body.on, body.place, who, tx),
    )  # fmt: skip


@router.post("/penalties/{penalty_id}/hearing")
async def hear(
    penalty_id: str, body: HearingRecord, caller: Punisher, seen: RevisionSeen, response: Response
) -> PenaltyFile:
    """Record the hearing."""
    return await acted(
        penalty_id, caller, "approver", "heard", seen, response,
        lambda one, who, tx: hearing_commands.hear(one, body.text, who, appeared=body.appeared, tx=tx),
    )  # fmt: skip
