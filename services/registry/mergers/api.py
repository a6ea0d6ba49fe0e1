"""Wrong id numbers and records of one person, over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from services.registry.mergers import commands
from services.registry.workers.documents import Worker
from services.registry.workers.views import WorkerView, engagements_of, standing, view
from shared import clock
from shared.callers import Caller
from shared.errors import RuleBroken
from shared.identity import resident_id
from shared.policy import calendar
from shared.storage.audit import write_down
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen
from shared.web.idempotency import IdempotentRoute
from shared.web.scope import HRSS, callers

router = APIRouter(prefix="/v1", tags=["workers 劳动者"], route_class=IdempotentRoute)

CityBureau = Annotated[Caller, callers(departments=[HRSS])]


class RightNumber(BaseModel):
    """The right id number (GB 11643), with the paper that shows it."""

    id_number: str = Field(min_length=15, max_length=18)
    reason: str = Field(
        min_length=1, max_length=500, description="which paper shows the right number; no personal data"
    )


class Merger(BaseModel):
    """Another record of the same person, whose place this one takes."""

    merged_worker_id: str = Field(max_length=128)
    reason: str = Field(min_length=1, max_length=500, description="how it is known that both are one person")


@router.put("/workers/{worker_id}/id-number")
async def correct_id_number(worker_id: str, body: RightNumber, officer: CityBureau, seen: RevisionSeen) -> WorkerView:
    """Correct a wrong id number. Where the right one is on file already, both records become one, and the answer is that one.

    For officers of the labour department of the whole city, since the record may be of any district. The platforms that
    declared the wrong number go on meaning this person by it.
    """
    try:
        number = resident_id.parse(body.id_number, calendar.shanghai_date(clock.now())).number
    except resident_id.InvalidResidentId:
        raise RuleBroken("not-an-id-number", "公民身份号码有误", "not a resident id number") from None

    async def correct(tx: Transaction) -> Worker:
        worker = await standing(worker_id, tx)
        require_revision(seen, worker.revision)
        return await commands.correct_id_number(worker, number, body.reason, officer, tx)

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
        return await commands.merge(kept, merged, "same_person", tx)

    kept = await transact(work)
    return view(kept, await engagements_of(kept.id), masked=True)
