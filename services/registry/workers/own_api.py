"""A worker's own record: reading it, naming one's phone, having it erased."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, Field

from services.registry.workers import commands, erasure
from services.registry.workers.documents import Worker
from services.registry.workers.rules import NotPossible
from services.registry.workers.views import WorkerView, engagements_of, mobile, standing, view
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker as WorkerCaller
from shared.web.etags import RevisionSeen, require_revision, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.problems import conflict

router = APIRouter(prefix="/v1/workers/me", tags=["workers 劳动者"], route_class=IdempotentRoute)


class OwnPhone(BaseModel):
    """The phone that is to reach me."""

    phone: str = Field(max_length=24, description="a mobile number of mainland China")


class ErasureAnswer(BaseModel):
    """What becomes of a request for erasure (个人信息保护法 art. 47).

    `on` is the legal day on which the record goes: today where nothing keeps it. It is null while an engagement runs: the
    law keeps the record until its end and `retention.worker_record_years` after. Until that day the record is stored and
    not used for anything else.
    """

    status: Literal["erased", "waiting"]
    on: dt.date | None


@router.get("")
async def read_own_record(caller: WorkerCaller, response: Response) -> WorkerView:
    """A worker's own record, with every engagement."""
    worker = await standing(str(caller.worker_id))
    set_etag(response, worker.revision)
    return view(worker, await engagements_of(worker.id), masked=True)


@router.put("/phone")
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


@router.post("/erasure-requests", status_code=status.HTTP_202_ACCEPTED)
async def ask_for_erasure(caller: WorkerCaller) -> ErasureAnswer:
    """Ask that my data be erased. It is at once where no legal duty keeps it, or else by itself when the last one ends."""

    async def work(tx: Transaction) -> tuple[dt.date | None, bool]:
        worker = await standing(str(caller.worker_id), tx)
        try:
            day = await erasure.ask(worker, tx)
        except NotPossible:
            raise conflict("asked-already", "此前已申请删除", "erasure was asked for before") from None
        return day, worker.keeping == "erased"

    day, erased = await transact(work)
    return ErasureAnswer(status="erased" if erased else "waiting", on=day)


@router.delete("/erasure-requests", status_code=status.HTTP_204_NO_CONTENT)
async def take_back(caller: WorkerCaller) -> None:
    """Take the request back, while the record is still there."""

    async def work(tx: Transaction) -> None:
        worker = await standing(str(caller.worker_id), tx)
        try:
            await erasure.withdraw(worker, tx)
        except NotPossible:
            raise conflict("not-asked", "没有待处理的删除申请", "no erasure was asked for") from None

    await transact(work)
