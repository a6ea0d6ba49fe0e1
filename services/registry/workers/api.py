"""Workers over HTTP: their own record, and what officers see of it."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from pydantic import BaseModel

from services.registry.engagements.api import EngagementView, view_of
from services.registry.engagements.documents import Engagement
from services.registry.scope import after
from services.registry.workers import commands
from services.registry.workers.documents import AuditEntry, Worker
from shared.identity.masking import mask_id, mask_name, mask_phone
from shared.identity.regions import CITY
from shared.storage.transaction import transact
from shared.web.auth import Caller, Officer
from shared.web.auth import Worker as WorkerCaller
from shared.web.paging import Page, PageAsked, cursor_of
from shared.web.problems import Problem, forbidden, not_found

router = APIRouter(prefix="/v1", tags=["workers 劳动者"])

MAY_UNMASK = "hrss"
"""The department whose officers may read a worker's record unmasked."""


class WorkerView(BaseModel):
    """A person and the engagements that the reader may see; personal fields are masked."""

    worker_id: str
    id_number: str
    name: str
    phone: str
    masked: bool
    registered_at: dt.datetime
    engagements: list[EngagementView]


class AuditView(BaseModel):
    at: dt.datetime
    officer: str
    department: str | None
    district: str | None
    action: str
    worker_id: str


@router.get("/workers/me")
async def read_own_record(caller: WorkerCaller) -> WorkerView:
    """A worker's own record."""
    worker = await Worker.of(str(caller.worker_id))
    if worker is None:
        raise _unknown()
    return _view(worker, await _engagements(worker.id), masked=True)


@router.get("/workers/{worker_id}")
async def read_worker(worker_id: str, officer: Officer, unmasked: bool = False) -> WorkerView:
    """A worker for an officer: of the city, or of a district in which the worker has an engagement.

    `unmasked=true` is for the labour department alone, and is written down before anything is shown.
    """
    if unmasked and officer.department != MAY_UNMASK:
        raise forbidden("只有人社部门可以查看完整信息", "only the labour department reads records unmasked")
    worker = await Worker.of(worker_id)
    engagements = await _engagements(worker_id)
    seen = [engagement for engagement in engagements if officer.sees_district(engagement.district)]
    if worker is None or not (seen or officer.district == CITY):
        raise _unknown()
    if unmasked:
        await transact(lambda tx: commands.record_unmasked_read(worker_id, officer, tx))
    return _view(worker, seen, masked=not unmasked)


@router.get("/audit")
async def list_audit(officer: Officer, page: PageAsked) -> Page[AuditView]:
    """Every unmasked read, the oldest first, for officers of the city."""
    _require_city(officer)
    found = await AuditEntry.find(after(page)).sort("+_id").limit(page.limit + 1).to_list()
    items = [AuditView(**entry.model_dump(include={*AuditView.model_fields})) for entry in found[: page.limit]]
    return Page(items=items, next=cursor_of(found[page.limit - 1].id) if len(found) > page.limit else None)


def _require_city(officer: Caller) -> None:
    if officer.district != CITY:
        raise forbidden()


def _unknown() -> Problem:
    return not_found("该劳动者", "this worker")


async def _engagements(worker_id: str) -> list[Engagement]:
    return await Engagement.find(Engagement.worker_id == worker_id).sort("+started_on").to_list()


def _view(worker: Worker, engagements: list[Engagement], *, masked: bool) -> WorkerView:
    person = commands.person_of(worker)
    return WorkerView(
        worker_id=worker.id,
        id_number=mask_id(person.id_number) if masked else person.id_number,
        name=mask_name(person.name) if masked else person.name,
        phone=mask_phone(person.phone) if masked else person.phone,
        masked=masked,
        registered_at=worker.created_at,
        engagements=[view_of(engagement) for engagement in engagements],
    )
