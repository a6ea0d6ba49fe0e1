"""The registry's figures."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from services.registry.engagements.documents import Engagement
from services.registry.engagements.rules import State
from services.registry.enterprises.documents import Enterprise
from services.registry.workers.documents import Worker
from shared.web.scope import CityOfficer

router = APIRouter(prefix="/v1", tags=["statistics 统计"])


class EngagementFigures(BaseModel):
    """Engagements by how they stand today."""

    active: int
    blocked: int
    ended: int


class Statistics(BaseModel):
    """How many persons and enterprises are on file, and how their engagements stand today."""

    workers: int
    enterprises: int
    engagements: EngagementFigures


@router.get("/statistics")
async def read_statistics(officer: CityOfficer) -> Statistics:
    """The figures of the whole city."""
    return Statistics(
        workers=await Worker.count(),
        enterprises=await Enterprise.count(),
        engagements=EngagementFigures(
            active=await _standing("active"), blocked=await _standing("blocked"), ended=await _standing("ended")
        ),
    )


async def _standing(state: State) -> int:
    return await Engagement.find(Engagement.state == state).count()
