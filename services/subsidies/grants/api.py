"""Panels on projects of flexible work over HTTP: officers of the labour department enter and read what was decided."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field, StringConstraints

from services.subsidies.grants import commands
from services.subsidies.grants.documents import PanelDecision
from services.subsidies.grants.views import PanelView
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.fields import Yuan
from shared.storage.transaction import transact
from shared.web.etags import set_etag
from shared.web.scope import HRSS, callers

router = APIRouter(prefix="/v1", tags=["employment grants 就业创业服务补助"])

Officer = Annotated[Caller, callers(departments=[HRSS], district="any")]
ApplicationId = Annotated[str, Path(max_length=64)]


class PanelBody(BaseModel):
    """What a panel decided: the sum in yuan, how many sat on it, and the minutes."""

    decided_on: dt.date
    members: Annotated[int, Field(ge=1, le=99)]
    amount: Annotated[Yuan, Field(gt=0)]
    minutes: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]


@router.put("/employment-grant-panels/{application_id}")
async def record_panel(
    application_id: ApplicationId, body: PanelBody, officer: Officer, response: Response
) -> PanelView:
    """Enter what the panel of the officer's district decided on an application; it counts for applications of that district, and the
    city's for all. Two officers still decide on the application."""
    decided = commands.Decided(**body.model_dump())
    district = str(officer.district)
    one = await transact(lambda tx: commands.record_panel(application_id, decided, district, officer.subject, tx))
    set_etag(response, one.revision)
    return PanelView.of(one)


@router.get("/employment-grant-panels/{application_id}")
async def read_panel(application_id: ApplicationId, officer: Officer, response: Response) -> PanelView:
    """What the panel of the officer's district decided."""
    one = await PanelDecision.of(PanelDecision.key(application_id, str(officer.district)))
    if one is None:
        raise NotFound("该评审结果", "a decision of the panel")
    set_etag(response, one.revision)
    return PanelView.of(one)
