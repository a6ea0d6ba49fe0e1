"""Files that technical equipment recorded over HTTP, for officers: which equipment, and the review of the record."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from pydantic import BaseModel

from services.complaints.penalties.body import EvidenceId, Short, Taking, Text
from services.complaints.penalties.views import PenaltyFile
from services.complaints.penalty_filing import monitoring_commands as commands
from services.complaints.penalty_filing.monitoring_commands import Equipment

router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])


class MonitoringBody(BaseModel):
    """A file that equipment recorded by itself: which equipment, where it stands, since when it is approved in law and technology
    (法制和技术审核), and since when its place is public."""

    evidence_id: EvidenceId
    equipment: Short
    place: Short
    approved_on: dt.date
    announced_on: dt.date

    @property
    def equipped(self) -> Equipment:
        return Equipment(**self.model_dump())


class MonitoringReview(BaseModel):
    """Whether a record is true, clear, complete and accurate, and why."""

    evidence_id: EvidenceId
    passed: bool
    text: Text


@router.post("/penalties/{penalty_id}/monitoring-records")
async def record(body: MonitoringBody, step: Taking) -> PenaltyFile:
    """Say that technical equipment recorded a file (电子技术监控设备; 行政处罚法 art. 41)."""
    return await step.take(
        "monitoring_recorded",
        "handler",
        lambda one, who, tx: commands.record(one, body.equipped, who, tx),
        body.evidence_id,
    )


@router.post("/penalties/{penalty_id}/monitoring-reviews")
async def review(body: MonitoringReview, step: Taking) -> PenaltyFile:
    """Review such a record before a penalty rests on it, as another officer (行政处罚法 art. 41)."""
    return await step.take(
        "monitoring_reviewed",
        "approver",
        lambda one, who, tx: commands.review(one, body.evidence_id, body.text, who, passed=body.passed, tx=tx),
        body.evidence_id,
    )
