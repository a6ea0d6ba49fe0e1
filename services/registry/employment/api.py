"""Employment registration over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.registry.employment.documents import Employment, Form
from services.registry.engagements.documents import Engagement
from services.registry.workers.documents import Worker
from shared.callers import Caller
from shared.errors import NotFound
from shared.web.auth import Worker as WorkerCaller
from shared.web.scope import callers

router = APIRouter(prefix="/v1", tags=["employment 就业登记"])

Reader = Annotated[Caller, callers(article=12, district="document")]


class RegistrationView(BaseModel):
    """Days of work without a gap, both included. `ends_on` is null while it runs.

    `forms` say from which legal day the person was `employed` (单位就业: in a labour relation) or `flexible` (灵活就业).
    """

    registration_id: str
    starts_on: dt.date
    ends_on: dt.date | None
    district: str = Field(description="of the earliest engagement that runs, or ran on the last day")
    forms: list[Form]


class EmploymentView(BaseModel):
    """A person's employment registrations, the earliest first (德人社发〔2022〕95 号 art. 12)."""

    worker_id: str
    certificate_number: str = Field(description="就业创业证 number, kept for life: district, year, serial number")
    registrations: list[RegistrationView]


@router.get("/workers/me/employment")
async def read_own_employment(caller: WorkerCaller) -> EmploymentView:
    """A worker's own employment registrations; 404 where the person has not worked through any platform yet."""
    worker = await Worker.standing(str(caller.worker_id))
    employment = await Employment.of(worker.id) if worker else None
    if employment is None:
        raise _unknown()
    return _view(employment)


@router.get("/workers/{worker_id}/employment")
async def read_employment(worker_id: str, officer: Reader) -> EmploymentView:
    """A person's employment registrations, for an officer of the city or of a district in which the person works."""
    worker = await Worker.standing(worker_id)
    employment = await Employment.of(worker.id) if worker else None
    if worker is None or employment is None or not await _sees(officer, worker.id):
        raise _unknown()
    return _view(employment)


async def _sees(officer: Caller, worker_id: str) -> bool:
    if officer.reaches(None):
        return True
    engagements = await Engagement.find(Engagement.worker_id == worker_id).to_list()
    return any(officer.reaches(engagement.district) for engagement in engagements)


def _unknown() -> NotFound:
    return NotFound("就业登记", "employment registration")


def _view(employment: Employment) -> EmploymentView:
    standing = [one for one in employment.registrations if one.state != "withdrawn"]
    return EmploymentView(
        worker_id=employment.id,
        certificate_number=employment.certificate_number,
        registrations=[
            RegistrationView(**one.model_dump(exclude={"state"}))
            for one in sorted(standing, key=lambda one: one.starts_on)
        ],
    )
