"""The register of officers who act on money over HTTP: heads keep it, each officer reads their own entry."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from fastapi import APIRouter, Header, Path, Response
from pydantic import BaseModel, Field

from services.subsidies.officers import commands
from services.subsidies.officers.documents import MoneyOfficer
from services.subsidies.officers.rules import Duty
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import if_match, set_etag
from shared.web.fields import DistrictOrCity
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, UNION, callers, reach

router = APIRouter(prefix="/v1", tags=["officers for money 资金经办人员"])

KEEPERS = (HRSS, UNION)
"""Departments that pay subsidies: each keeps a register of its own."""

Recorder = Annotated[Caller, callers("operator", departments=KEEPERS, district="document")]
Officer = Annotated[Caller, callers(departments=KEEPERS, district="document")]
Subject = Annotated[str, Path(max_length=200, description="the subject of the officer's token")]


class MoneyOfficerBody(BaseModel):
    """An entry of the register. `department`: null for the recording officer's own."""

    department: Literal["hrss", "union"] | None = None
    district: DistrictOrCity
    duties: list[Duty] = Field(min_length=1, max_length=2)
    active: bool = True


class MoneyOfficerView(BaseModel):
    """An entry of the register."""

    subject: str
    department: str
    district: str
    duties: list[Duty]
    active: bool

    @classmethod
    def of(cls, officer: MoneyOfficer) -> Self:
        return cls(subject=officer.id, **officer.model_dump(include={"department", "district", "duties", "active"}))


@router.put("/money-officers/{subject}")
async def record_officer(
    subject: Subject,
    body: MoneyOfficerBody,
    by: Recorder,
    response: Response,
    seen: Annotated[str | None, Header(alias="If-Match")] = None,
) -> MoneyOfficerView:
    """Put an officer on the register, or change the entry (with `If-Match`). For heads of the district or of the city; the
    first head is recorded by an operator."""

    async def store(tx: Transaction) -> MoneyOfficer:
        officer = await MoneyOfficer.of(subject, tx)
        if officer is not None:
            require_revision(None if seen is None else if_match(seen), officer.revision)
        department = body.department or by.department or HRSS
        return await commands.record(
            subject, department, body.district, body.duties, officer, by, tx, active=body.active
        )

    officer = await transact(store)
    set_etag(response, officer.revision)
    return MoneyOfficerView.of(officer)


@router.get("/money-officers")
async def list_officers(caller: Officer, page: PageAsked) -> Page[MoneyOfficerView]:
    """The register of a head's district; for a head of the city, all of it."""
    await commands.on_duty(caller, str(caller.district), "head")
    own = {"department": caller.department} | reach(caller, district="district")
    return await Page.of(MoneyOfficer, own, MoneyOfficerView.of, page)


@router.get("/money-officers/{subject}")
async def read_officer(subject: Subject, caller: Officer, response: Response) -> MoneyOfficerView:
    """An officer's own entry, or one that a head keeps."""
    officer = await MoneyOfficer.of(subject)
    if officer is None or not caller.is_officer_of(officer.department) or not caller.reaches(officer.district):
        raise NotFound("该经办人员", "the officer")
    if officer.id != caller.subject:
        await commands.on_duty(caller, officer.district, "head")
    set_etag(response, officer.revision)
    return MoneyOfficerView.of(officer)
