"""Workers over HTTP: their own record, and what officers see and correct of it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field

from services.registry.workers import commands, erasure
from services.registry.workers.documents import Worker
from services.registry.workers.rules import Kept
from services.registry.workers.views import WorkerView, engagements_of, standing, unknown, view
from shared.callers import Caller
from shared.errors import Conflict, Forbidden
from shared.policy.parameters import Used
from shared.storage.audit import write_down
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker as WorkerCaller
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import mobile
from shared.web.idempotency import IdempotentRoute
from shared.web.scope import HRSS, callers

router = APIRouter(prefix="/v1", tags=["workers 劳动者"], route_class=IdempotentRoute)

Unmasked = Annotated[bool, Query(description="show id number, name and phone whole")]

Reader = Annotated[Caller, callers(article=11, district="document")]
CityBureau = Annotated[Caller, callers(departments=[HRSS])]


class RightName(BaseModel):
    """The right name, with the paper that shows it."""

    name: str = Field(min_length=1, max_length=100)
    reason: str = Field(min_length=1, max_length=500, description="which paper shows the right name; no personal data")


class RightPhone(BaseModel):
    """The phone that reaches the person, with how it is known."""

    phone: str = Field(max_length=24, description="a mobile number of mainland China")
    reason: str = Field(min_length=1, max_length=500, description="how it is known; no personal data")


class OwnPhone(BaseModel):
    """The phone that is to reach me."""

    phone: str = Field(max_length=24, description="a mobile number of mainland China")


class GroundView(BaseModel):
    """What keeps my record: engagements, or a matter of mine in any service. `until`: the last legal day on which it does, null
    while it goes on: engagements count `retention.worker_record_years` after the last one, a matter
    `retention.after_matter_months` after its end."""

    ground: str
    title: str
    since: dt.date
    until: dt.date | None


class ErasureAnswer(BaseModel):
    """What becomes of a request for erasure (个人信息保护法 art. 47).

    `on` is the legal day on which the record goes: today where nothing keeps it. It is null while an engagement runs or a matter
    is open; `grounds` says which. Until that day the record is stored and not used for anything else.
    """

    status: Literal["erased", "waiting"]
    on: dt.date | None
    grounds: list[GroundView] = []
    used: list[Used] = []


class ErasureState(BaseModel):
    """What keeps my record today, and whether I have asked for its erasure."""

    asked: bool
    grounds: list[GroundView]
    used: list[Used] = Field(description="the parameters that the ends of the grounds rest on")


@router.get("/workers/me")
async def read_own_record(caller: WorkerCaller, response: Response) -> WorkerView:
    """A worker's own record, with every engagement."""
    worker = await standing(str(caller.worker_id))
    set_etag(response, worker.revision)
    return view(worker, await engagements_of(worker.id), masked=True)


@router.put("/workers/me/phone")
async def name_phone(body: OwnPhone, caller: WorkerCaller, seen: RevisionSeen, response: Response) -> WorkerView:
    """Name the phone that reaches me: it stands over those that platforms declare, whenever they do."""
    phone = mobile(body.phone)

    async def work(tx: Transaction) -> Worker:
        worker = await standing(str(caller.worker_id), tx)
        require_revision(seen, worker.revision)
        return await commands.name_own_phone(worker, phone, tx)

    worker = await transact(work)
    set_etag(response, worker.revision)
    return view(worker, await engagements_of(worker.id), masked=True)


@router.post("/workers/me/erasure-requests", status_code=status.HTTP_202_ACCEPTED)
async def ask_for_erasure(caller: WorkerCaller) -> ErasureAnswer:
    """Ask that my data be erased. It is at once where no legal duty keeps it, or else by itself when the last one ends."""

    async def work(tx: Transaction) -> ErasureAnswer:
        worker = await standing(str(caller.worker_id), tx)
        kept, used = await erasure.grounds_of(worker, tx)
        day = await erasure.ask(worker, tx)
        if worker.keeping == "erased":
            return ErasureAnswer(status="erased", on=day)
        return ErasureAnswer(status="waiting", on=day, grounds=_shown(kept), used=used)

    return await transact(work)


@router.get("/workers/me/erasure-requests")
async def read_erasure(caller: WorkerCaller) -> ErasureState:
    """What keeps my record, since when and until when; also where I have not asked for its erasure."""
    worker = await standing(str(caller.worker_id))
    kept, used = await erasure.grounds_of(worker)
    return ErasureState(asked=worker.keeping == "asked", grounds=_shown(kept), used=used)


def _shown(kept: list[Kept]) -> list[GroundView]:
    return [GroundView(ground=one.kind, title=one.title, since=one.since, until=one.until) for one in kept]


@router.delete("/workers/me/erasure-requests", status_code=status.HTTP_204_NO_CONTENT)
async def take_back(caller: WorkerCaller) -> None:
    """Take the request back, while the record is still there."""

    async def work(tx: Transaction) -> None:
        worker = await standing(str(caller.worker_id), tx)
        await erasure.withdraw(worker, tx)

    await transact(work)


@router.get("/workers/{worker_id}")
async def read_worker(worker_id: str, officer: Reader, response: Response, unmasked: Unmasked = False) -> WorkerView:
    """A worker for an officer: of the city, or of a district in which the worker has an engagement.

    `unmasked=true` is for the labour department alone, and is written down before anything is shown; where the person has
    asked for erasure it is refused. A record that another has taken the place of is answered by that one.
    """
    if unmasked and not officer.is_officer_of(HRSS):
        raise Forbidden("只有人社部门可以查看完整信息", "only the labour department reads records unmasked")
    worker = await standing(worker_id)
    engagements = await engagements_of(worker.id)
    seen = [engagement for engagement in engagements if officer.reaches(engagement.district)]
    if not seen and not officer.reaches(None):
        raise unknown()
    if unmasked:
        if worker.keeping == "asked":
            raise Conflict(
                "erasure-asked", "本人已申请删除，仅可存储，不得另行处理", "the person has asked for erasure"
            )
        await transact(lambda tx: write_down("worker.read_unmasked", worker.id, officer, tx))
    set_etag(response, worker.revision)
    return view(worker, seen, masked=not unmasked)


@router.put("/workers/{worker_id}/name")
async def correct_name(worker_id: str, body: RightName, officer: CityBureau, seen: RevisionSeen) -> WorkerView:
    """Find what a person is called, where platforms say different names: it stands over what they declare, now and later.

    For officers of the labour department of the whole city, as with the id number.
    """

    async def correct(tx: Transaction) -> Worker:
        worker = await standing(worker_id, tx)
        require_revision(seen, worker.revision)
        return await commands.correct_name(worker, body.name, body.reason, officer, tx)

    worker = await transact(correct)
    return view(worker, await engagements_of(worker.id), masked=True)


@router.put("/workers/{worker_id}/phone")
async def correct_phone(worker_id: str, body: RightPhone, officer: CityBureau, seen: RevisionSeen) -> WorkerView:
    """Put down the phone that reaches a person, where the platforms' do not: it stands over what they declare, now and later.
    The one that the worker has named stands over it.

    For officers of the labour department of the whole city, as with the id number.
    """
    phone = mobile(body.phone)

    async def correct(tx: Transaction) -> Worker:
        worker = await standing(worker_id, tx)
        require_revision(seen, worker.revision)
        return await commands.correct_phone(worker, phone, body.reason, officer, tx)

    worker = await transact(correct)
    return view(worker, await engagements_of(worker.id), masked=True)
