"""Workers as officers see and correct them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field

from services.registry.workers import commands, merging
from services.registry.workers.documents import Worker
from services.registry.workers.views import WorkerView, engagements_of, mobile, standing, unknown, view
from shared import clock
from shared.identity import resident_id
from shared.policy import calendar
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Caller
from shared.web.etags import RevisionSeen, require_revision, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.problems import broken_rule, conflict, forbidden
from shared.web.scope import HRSS, callers

router = APIRouter(prefix="/v1", tags=["workers 劳动者"], route_class=IdempotentRoute)

Unmasked = Annotated[bool, Query(description="show id number, name and phone whole")]

Reader = Annotated[Caller, callers(article=11, district="document")]
CityBureau = Annotated[Caller, callers(departments=[HRSS])]


class RightNumber(BaseModel):
    """The right id number (GB 11643), with the paper that shows it."""

    id_number: str = Field(min_length=15, max_length=18)
    reason: str = Field(
        min_length=1, max_length=500, description="which paper shows the right number; no personal data"
    )


class RightName(BaseModel):
    """The right name, with the paper that shows it."""

    name: str = Field(min_length=1, max_length=100)
    reason: str = Field(min_length=1, max_length=500, description="which paper shows the right name; no personal data")


class RightPhone(BaseModel):
    """The phone that reaches the person, with how it is known."""

    phone: str = Field(max_length=24, description="a mobile number of mainland China")
    reason: str = Field(min_length=1, max_length=500, description="how it is known; no personal data")


class Merger(BaseModel):
    """Another record of the same person, whose place this one takes."""

    merged_worker_id: str = Field(max_length=128)
    reason: str = Field(min_length=1, max_length=500, description="how it is known that both are one person")


@router.get("/workers/{worker_id}")
async def read_worker(worker_id: str, officer: Reader, response: Response, unmasked: Unmasked = False) -> WorkerView:
    """A worker for an officer: of the city, or of a district in which the worker has an engagement.

    `unmasked=true` is for the labour department alone, and is written down before anything is shown; where the person has
    asked for erasure it is refused. A record that another has taken the place of is answered by that one.
    """
    if unmasked and officer.department != HRSS:
        raise forbidden("只有人社部门可以查看完整信息", "only the labour department reads records unmasked")
    worker = await standing(worker_id)
    engagements = await engagements_of(worker.id)
    seen = [engagement for engagement in engagements if officer.reaches(engagement.district)]
    if not seen and not officer.reaches(None):
        raise unknown()
    if unmasked:
        if worker.keeping == "asked":
            raise conflict(
                "erasure-asked", "本人已申请删除，仅可存储，不得另行处理", "the person has asked for erasure"
            )
        await transact(lambda tx: write_down("worker.read_unmasked", worker.id, officer, tx))
    set_etag(response, worker.revision)
    return view(worker, seen, masked=not unmasked)


@router.put("/workers/{worker_id}/id-number")
async def correct_id_number(worker_id: str, body: RightNumber, officer: CityBureau, seen: RevisionSeen) -> WorkerView:
    """Correct a wrong id number. Where the right one is on file already, both records become one, and the answer is that one.

    For officers of the labour department of the whole city, since the record may be of any district. The platforms that
    declared the wrong number go on meaning this person by it.
    """
    try:
        number = resident_id.parse(body.id_number, calendar.shanghai_date(clock.now())).number
    except resident_id.InvalidResidentId:
        raise broken_rule("not-an-id-number", "公民身份号码有误", "not a resident id number") from None

    async def correct(tx: Transaction) -> Worker:
        worker = await standing(worker_id, tx)
        require_revision(seen, worker.revision)
        return await merging.correct_id_number(worker, number, body.reason, officer, tx)

    worker = await transact(correct)
    return view(worker, await engagements_of(worker.id), masked=True)


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


@router.post("/workers/{worker_id}/mergers", status_code=status.HTTP_201_CREATED)
async def merge(worker_id: str, body: Merger, officer: CityBureau) -> WorkerView:
    """Make two records of one person one, where both id numbers are the person's (a residence permit's and a card's).

    The worker named in the path stays. Engagements, trainings and everything told of the other are this worker's from now
    on, in every service.
    """

    async def work(tx: Transaction) -> Worker:
        kept, merged = await standing(worker_id, tx), await standing(body.merged_worker_id, tx)
        await write_down("worker.merged", kept.id, officer, tx, body.reason)
        try:
            return await merging.merge(kept, merged, "same_person", tx)
        except merging.CannotMerge:
            raise conflict("one-record-already", "两条记录已是同一人", "the two records are one already") from None

    kept = await transact(work)
    return view(kept, await engagements_of(kept.id), masked=True)
