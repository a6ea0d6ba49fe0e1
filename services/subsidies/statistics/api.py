"""The service's figures of the report."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from services.subsidies.applications.documents import ApplicationCount
from shared.web.scope import CityOfficer

router = APIRouter(prefix="/v1", tags=["statistics 统计"])


class Statistics(BaseModel):
    """How many applications are on file."""

    applications: int


@router.get("/statistics")
async def read_statistics(officer: CityOfficer) -> Statistics:
    """How many applications were filed."""
    cells = await ApplicationCount.find_all().to_list()
    return Statistics(applications=sum(number for cell in cells for number in cell.n.values()))
