"""The service's figures of the report."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from services.subsidies.training.documents import Application
from shared.web.scope import CityOfficer

router = APIRouter(prefix="/v1", tags=["statistics 统计"])


class Statistics(BaseModel):
    """How many applications are on file."""

    applications: int


@router.get("/statistics")
async def read_statistics(officer: CityOfficer) -> Statistics:
    """How many applications were filed."""
    return Statistics(applications=await Application.find_all().count())
