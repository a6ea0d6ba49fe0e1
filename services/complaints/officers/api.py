"""The register of officers over HTTP: chiefs keep it for their department and district, each officer reads their own entry
and declares what they must stay away from."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import APIRouter, Header, Path, Response
from pydantic import BaseModel, Field, StringConstraints

from services.complaints.officers import commands
from services.complaints.officers.documents import Officer, with_loads
from services.complaints.officers.rules import Duty, Matter, obstacle
from shared.callers import Caller
from shared.contracts.complaints import Category
from shared.errors import NotFound
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import if_match, set_etag
from shared.web.fields import DistrictOrCity, Uscc
from shared.web.paging import Page, PageAsked
from shared.web.scope import ALL, callers

router = APIRouter(prefix="/v1", tags=["officers 经办人员"])

Recorder = Annotated[Caller, callers("operator", article=ALL, district="any")]
AnyOfficer = Annotated[Caller, callers(article=ALL, district="any")]
Subject = Annotated[str, Path(max_length=200, description="the subject of the officer's token")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class OfficerBody(BaseModel):
    """An entry of the register. `certificate`: the number of the inspector's card; `circles`: sensitive categories."""

    name: str = Field(min_length=1, max_length=50)
    department: str = Field(max_length=32, pattern=r"^[a-z_]+$")
    district: DistrictOrCity
    certificate: str | None = Field(default=None, max_length=40)
    duties: list[Duty] = Field(min_length=1, max_length=4)
    circles: list[Category] = Field(default=[], max_length=20)
    active: bool = True


class InterestBody(BaseModel):
    """An enterprise that the officer has an interest in, and which."""

    enterprise: Uscc
    reason: Reason


class OfficerView(BaseModel):
    """An entry of the register; `load` is how many matters are in the officer's hands."""

    subject: str
    name: str
    department: str
    district: str
    certificate: str | None
    duties: list[Duty]
    circles: list[Category]
    stays_away_from: list[str]
    active: bool
    load: int

    @classmethod
    def of(cls, officer: Officer, load: int) -> Self:
        return cls(
            subject=officer.id,
            name=officer.clear_name,
            department=officer.department,
            district=officer.district,
            certificate=officer.certificate,
            duties=officer.duties,
            circles=officer.circles,
            stays_away_from=[one.enterprise for one in officer.interests],
            active=officer.active,
            load=load,
        )


@router.put("/officers/{subject}")
async def record_officer(
    subject: Subject,
    body: OfficerBody,
    by: Recorder,
    response: Response,
    seen: Annotated[str | None, Header(alias="If-Match")] = None,
) -> OfficerView:
    """Put an officer on the register, or change the entry (with `If-Match`). For chiefs of the department and district or of
    the city; the first chief of a department is recorded by an operator."""

    async def store(tx: Transaction) -> Officer:
        officer = await Officer.of(subject, tx)
        if officer is not None:
            require_revision(None if seen is None else if_match(seen), officer.revision)
        return await commands.record(subject, commands.Entry(**body.model_dump()), officer, by, tx)

    return await _shown(await transact(store), response)


@router.get("/officers")
async def list_officers(caller: AnyOfficer, page: PageAsked) -> Page[OfficerView]:
    """The officers of a chief's department and district; for the city's chief, of the whole department."""
    chief = await commands.registered(caller)
    own = Matter(departments=[chief.department], district=chief.district)
    if forbidden := obstacle(chief.person, own, "chief"):
        raise forbidden
    reached = {} if chief.person.everywhere else {"district": chief.district}
    found = await Page.of(Officer, {"department": chief.department, **reached}, lambda one: one, page)
    people = await with_loads(found.items)
    items = [OfficerView.of(one, person.load) for one, person in zip(found.items, people, strict=True)]
    return Page(items=items, next=found.next)


@router.get("/officers/{subject}")
async def read_officer(subject: Subject, caller: AnyOfficer, response: Response) -> OfficerView:
    """An officer's own entry, or one that a chief keeps."""
    return await _shown(await _within_reach(subject, caller), response)


@router.post("/officers/{subject}/interests")
async def declare_interest(subject: Subject, body: InterestBody, caller: AnyOfficer, response: Response) -> OfficerView:
    """Declare that an officer stays away from an enterprise's matters (回避), by themselves or by their chief."""

    async def store(tx: Transaction) -> Officer:
        officer = await _within_reach(subject, caller, tx)
        return await commands.declare_interest(officer, body.enterprise, body.reason, tx)

    return await _shown(await transact(store), response)


async def _shown(officer: Officer, response: Response) -> OfficerView:
    set_etag(response, officer.revision)
    [person] = await with_loads([officer])
    return OfficerView.of(officer, person.load)


async def _within_reach(subject: str, caller: Caller, tx: Transaction | None = None) -> Officer:
    own = await commands.registered(caller, tx)
    officer = own if subject == own.id else await Officer.of(subject, tx)
    if officer is None:
        raise NotFound("该经办人员", "the officer")
    kept = Matter(departments=[officer.department], district=officer.district)
    if officer.id != own.id and obstacle(own.person, kept, "chief"):
        raise NotFound("该经办人员", "the officer")
    return officer
