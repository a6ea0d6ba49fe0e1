"""The service's figures of the report."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from services.complaints.cases.documents import Case
from services.complaints.leads.documents import Lead
from shared.web.scope import CityOfficer

router = APIRouter(prefix="/v1", tags=["statistics 统计"])


class Statistics(BaseModel):
    """How many cases are on file, and leads that the data give, but for those withdrawn."""

    cases: int
    leads: int


@router.get("/statistics")
async def read_statistics(officer: CityOfficer) -> Statistics:
    """How many cases were filed and leads raised."""
    standing = {"state": {"$in": ["raised", "taken_up", "dismissed"]}}
    return Statistics(cases=await Case.find_all().count(), leads=await Lead.find(standing).count())
