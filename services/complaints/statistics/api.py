"""The service's figures of the report."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from services.complaints.cases.documents import Case
from services.complaints.compliance.documents import Lead
from shared.web.scope import CityOfficer

router = APIRouter(prefix="/v1", tags=["statistics 统计"])


class Statistics(BaseModel):
    """How many cases and leads are on file."""

    cases: int
    leads: int


@router.get("/statistics")
async def read_statistics(officer: CityOfficer) -> Statistics:
    """How many cases were filed and leads raised."""
    return Statistics(cases=await Case.find_all().count(), leads=await Lead.find_all().count())
