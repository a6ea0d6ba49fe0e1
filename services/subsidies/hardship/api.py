"""What the union found of a hardship over HTTP, for officers of the union alone."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Self

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field, StringConstraints

from services.subsidies.decisions.commands import require_application
from services.subsidies.hardship import commands
from services.subsidies.hardship.documents import HardshipVisit
from services.subsidies.hardship.rules import KIND, Circumstance
from shared.callers import Caller
from shared.storage.transaction import Transaction, transact
from shared.web.idempotency import IdempotentRoute
from shared.web.scope import UNION, callers

TAGS = ["hardship assistance 困难帮扶"]
visiting = APIRouter(prefix="/v1", tags=[*TAGS], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=[*TAGS])

OfUnion = Annotated[Caller, callers(departments=[UNION], district="any")]
ApplicationId = Annotated[str, Path(max_length=64)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]


class VisitBody(BaseModel):
    """What was found on a day; `companion`: who looked beside the officer, by their subject."""

    visited_on: dt.date
    companion: Name
    found: Annotated[dict[Circumstance, bool], Field(min_length=1)]
    note: Text


class VisitView(BaseModel):
    """What two people of the union found."""

    visit_id: str
    application_id: str
    visited_on: dt.date
    by: list[str]
    found: dict[Circumstance, bool]
    note: str

    @classmethod
    def of(cls, one: HardshipVisit) -> Self:
        return cls(
            visit_id=one.id,
            application_id=one.application_id,
            visited_on=one.visited_on,
            by=one.by,
            found=one.clear_found,
            note=one.clear_note,
        )


class Visits(BaseModel):
    """Every look at one hardship, the first first."""

    items: list[VisitView]


@visiting.post("/hardship-applications/{application_id}/visits", status_code=201)
async def record_visit(application_id: ApplicationId, body: VisitBody, officer: OfUnion) -> VisitView:
    """Enter what two people found; it counts for applications of the officer's district, and the city's for all."""
    seen = commands.Seen(
        visited_on=body.visited_on, by=[officer.subject, body.companion], found=body.found, note=body.note
    )
    district = str(officer.district)
    return VisitView.of(await transact(lambda tx: commands.record_visit(application_id, seen, district, tx)))


@router.get("/hardship-applications/{application_id}/visits")
async def list_visits(application_id: ApplicationId, officer: OfUnion) -> Visits:
    """What the union of the officer's district found."""

    async def look(tx: Transaction) -> Visits:
        await require_application(application_id, KIND, tx)
        found = await commands.visits_of(application_id, (str(officer.district),), tx)
        return Visits(items=[VisitView.of(one) for one in found])

    return await transact(look)
