"""Employment registration over HTTP, and the certificate of employment and unemployment (就业创业证)."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from limits import RateLimitItemPerHour
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from pydantic import BaseModel, Field

from services.registry.employment import certificates, commands
from services.registry.employment.certificates import Stands
from services.registry.employment.documents import Employment, Form
from services.registry.engagements.documents import Engagement
from services.registry.workers.documents import Worker
from shared import clock
from shared.callers import Caller
from shared.errors import NotFound
from shared.identity.masking import mask_id
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Used, parameters
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker as WorkerCaller
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import District
from shared.web.idempotency import IdempotentRoute
from shared.web.problems import Problem
from shared.web.scope import callers

router = APIRouter(prefix="/v1", tags=["employment 就业失业登记"], route_class=IdempotentRoute)

Reader = Annotated[Caller, callers(article=12, district="document")]
Day = Annotated[dt.date, Field(ge=dt.date(1950, 1, 1), le=dt.date(2200, 1, 1))]


class RegistrationView(BaseModel):
    """Days of work without a gap, both included. `ends_on` is null while it runs.

    `forms` say from which legal day the person was `employed` (单位就业: in a labour relation) or `flexible` (灵活就业).
    """

    registration_id: str
    starts_on: dt.date
    ends_on: dt.date | None
    district: str = Field(description="of the earliest engagement that runs, or ran on the last day")
    forms: list[Form]


class OwnWorkView(BaseModel):
    """Flexible work that the person registered, both days included; it is part of the registrations."""

    work_id: str
    district: str
    starts_on: dt.date
    ends_on: dt.date | None


class EmploymentView(BaseModel):
    """A person's employment registrations, the earliest first (德人社发〔2022〕95 号 art. 12)."""

    worker_id: str
    certificate_number: str = Field(description="就业创业证 number, kept for life: district, year, serial number")
    registrations: list[RegistrationView]
    works: list[OwnWorkView]


class OwnWorkToRegister(BaseModel):
    """Flexible work outside of platforms, by the person's own word (就业服务与就业管理规定 art. 62)."""

    district: District
    starts_on: Day = Field(description="first legal day of work, today or before")


class OwnWorkEnding(BaseModel):
    """The last day of work."""

    ends_on: Day


class CertificateView(BaseModel):
    """What a person's certificate says today; whoever is shown it asks `/v1/employment-certificates/verification`."""

    certificate_number: str
    name: str
    id_number: str = Field(description="masked")
    stands: Stands = Field(description="employed 单位就业, flexible 灵活就业, unemployed 失业, none")
    since: dt.date | None
    district: str | None


class Verification(BaseModel):
    """Whether a certificate says today what its holder says of it; nothing else is told."""

    valid: bool
    since: dt.date | None = Field(description="first day of that, where it is valid")
    used: list[Used] = Field(description="how often anybody may ask")


@cache
def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


async def not_too_often(request: Request) -> list[Used]:
    """Count a call without a token by its address, which is kept nowhere else; the parameters that say how many may be."""
    law = parameters.on(shanghai_date(clock.now()))
    most = law.number("employment.verifications_per_hour")
    address = request.client.host if request.client else ""
    if not await _limiter().hit(RateLimitItemPerHour(most), address):
        zh, en = "查询过于频繁，请稍后再试", "too many calls from this address within an hour"
        raise Problem(429, "too-often", zh, en, headers={"Retry-After": "3600"})
    return list(law.used)


@router.get("/workers/me/employment")
async def read_own_employment(caller: WorkerCaller, response: Response) -> EmploymentView:
    """A worker's own employment registrations; 404 where nothing is registered of the person yet."""
    worker = await Worker.standing(str(caller.worker_id))
    employment = await Employment.of(worker.id) if worker else None
    if employment is None:
        raise unknown()
    return _answer(employment, response)


@router.post("/workers/me/employment/works", status_code=201)
async def register_own_work(body: OwnWorkToRegister, caller: WorkerCaller, response: Response) -> EmploymentView:
    """Register flexible work outside of platforms; work through a platform is registered by itself.

    It ends a registration as unemployed, as every employment does.
    """

    async def work(tx: Transaction) -> Employment:
        worker = await own_record(caller, tx)
        return await commands.begin_work(worker.id, body.district, body.starts_on, tx)

    response.headers["Location"] = "/v1/workers/me/employment"
    return _answer(await transact(work), response)


@router.post("/workers/me/employment/works/{work_id}/end")
async def end_own_work(
    work_id: str, body: OwnWorkEnding, caller: WorkerCaller, seen: RevisionSeen, response: Response
) -> EmploymentView:
    """Name the last day of work that the person registered."""

    async def work(tx: Transaction) -> Employment:
        worker = await own_record(caller, tx)
        await require_seen(worker.id, seen, tx)
        return await commands.end_work(worker.id, work_id, body.ends_on, tx)

    return _answer(await transact(work), response)


@router.get("/workers/me/employment-certificate")
async def read_own_certificate(caller: WorkerCaller) -> CertificateView:
    """What my certificate of employment and unemployment (就业创业证) says today, to be shown to somebody."""
    worker = await Worker.standing(str(caller.worker_id))
    found = await certificates.of_worker(worker) if worker else None
    if found is None:
        raise unknown()
    return CertificateView(
        certificate_number=found.number,
        name=found.name,
        id_number=mask_id(found.id_number),
        stands=found.stands,
        since=found.since,
        district=found.district,
    )


@router.get("/employment-certificates/verification")
async def verify_certificate(
    number: Annotated[str, Query(min_length=1, max_length=32, description="the certificate's number")],
    name: Annotated[str, Query(min_length=1, max_length=64, description="its holder's name")],
    stands: Annotated[
        Literal["employed", "flexible", "unemployed"], Query(description="what its holder says that they are today")
    ],
    used: Annotated[list[Used], Depends(not_too_often)],
) -> Verification:
    """Whether the certificate of that number and holder says so today. Public: no token is needed; whether the number, the name or
    what is asked does not fit is not told apart."""
    since = await certificates.verify(number.strip(), name, stands)
    return Verification(valid=since is not None, since=since, used=used)


@router.get("/workers/{worker_id}/employment")
async def read_employment(worker_id: str, officer: Reader, response: Response) -> EmploymentView:
    """A person's employment registrations, for an officer of the city or of a district in which the person works."""
    return _answer(await seen_by(officer, worker_id), response)


async def own_record(caller: Caller, tx: Transaction) -> Worker:
    """The caller's record; raises NotFound where there is none, or it is erased."""
    worker = await Worker.standing(str(caller.worker_id), tx)
    if worker is None:
        raise NotFound("该劳动者", "this worker")
    return worker


async def require_seen(worker_id: str, seen: int, tx: Transaction) -> Employment:
    """A person's registrations as they were when the caller read them; raises NotFound or ChangedMeanwhile."""
    employment = await Employment.of(worker_id, tx)
    if employment is None:
        raise unknown()
    require_revision(seen, employment.revision)
    return employment


async def seen_by(officer: Caller, worker_id: str, tx: Transaction | None = None) -> Employment:
    """A person's registrations, for an officer of the city or of a district in which the person works, or is registered as
    unemployed; raises NotFound."""
    worker = await Worker.standing(worker_id, tx)
    employment = await Employment.of(worker.id, tx) if worker else None
    if worker is None or employment is None or not await _sees(officer, employment):
        raise unknown()
    return employment


async def _sees(officer: Caller, employment: Employment) -> bool:
    if officer.reaches(None):
        return True
    said = [*(one.district for one in employment.works), *(one.district for one in employment.unemployments)]
    engagements = await Engagement.find(Engagement.worker_id == employment.id).to_list()
    return any(officer.reaches(district) for district in (*said, *(one.district for one in engagements)))


def unknown() -> NotFound:
    return NotFound("就业登记", "employment registration")


def _answer(employment: Employment, response: Response) -> EmploymentView:
    set_etag(response, employment.revision)
    return EmploymentView(
        worker_id=employment.id,
        certificate_number=employment.certificate_number,
        registrations=[RegistrationView(**one.model_dump(exclude={"state"})) for one in employment.standing],
        works=[OwnWorkView(**one.model_dump(exclude={"told_at"})) for one in employment.works],
    )
