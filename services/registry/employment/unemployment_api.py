"""Registration as unemployed over HTTP: by the worker, ended by the worker or an officer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.registry.employment import commands as employment_commands
from services.registry.employment import unemployment_commands as commands
from services.registry.employment.api import Day, Reader, own_record, require_seen, seen_by
from services.registry.employment.documents import CAUSE, Employment
from services.registry.employment.unemployment_rules import ENDINGS, Cause, OwnEnding
from services.registry.workers.commands import person_of
from services.registry.workers.documents import Worker
from shared import clock
from shared.callers import Caller
from shared.contracts.registry import UnemploymentEnding
from shared.errors import NotFound
from shared.identity import resident_id
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Used
from shared.storage.encryption import decrypt_field
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker as WorkerCaller
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import District
from shared.web.idempotency import IdempotentRoute
from shared.web.scope import HRSS, callers

router = APIRouter(prefix="/v1", tags=["employment 就业失业登记"], route_class=IdempotentRoute)

Registrar = Annotated[Caller, callers(departments=[HRSS], district="document")]

OfficersEnding = Literal[
    "employed", "own_business", "stable_income", "pension", "incapable", "study_service_or_abroad", "imprisoned", "own_wish",
    "refused_services", "no_contact", "other",
]  # fmt: skip


class UnemploymentToRegister(BaseModel):
    """What a person says who registers as unemployed (就业服务与就业管理规定 art. 63–65)."""

    district: District = Field(description="where the person lives; GB/T 2260 code of a district of Deyang")
    cause: Cause = Field(
        description="graduate 毕业未就业, left_employer 终止或者解除劳动关系, business_closed 停业破产, land_taken 土地被征用, "
        "demobilised 退役未安置, released 刑满释放等, other 其他; kept encrypted, shown to the person and the office alone"
    )
    unemployed_since: Day = Field(description="first legal day without work")
    seeks_work: Literal[True] = Field(description="the person is able to work and looks for it")


class OwnEndingOfUnemployment(BaseModel):
    """Why a person ends their own registration."""

    ending: OwnEnding


class EndingOfUnemployment(BaseModel):
    """Why an officer ends a registration (就业服务与就业管理规定 art. 66)."""

    ending: OfficersEnding


class OwnContact(BaseModel):
    """A person's word that they are still without work and look for it."""

    seeks_work: Literal[True]


class Contact(BaseModel):
    """A contact of a person with the public employment service."""

    on: Day | None = Field(default=None, description="legal day of the contact; today where absent")


class UnemploymentView(BaseModel):
    """A registration as unemployed. `ended_on`: its last day; a day before `registered_on` where it never held.

    `contact_due_on`: with that day it ends, where the person is not in contact before; null where no period is known.
    """

    registration_id: str
    state: Literal["registered", "ended"]
    district: str
    cause: Cause | None = Field(description="null for departments that need not know")
    registered_on: dt.date
    unemployed_since: dt.date
    ended_on: dt.date | None
    ending: UnemploymentEnding | None
    ending_zh: str | None
    ended_by: str | None = Field(description="the employment registration that ended it")
    contacted_on: dt.date | None
    contact_due_on: dt.date | None
    used: list[Used] = Field(description="the parameters that this day rests on")


class UnemploymentsView(BaseModel):
    """A person's registrations as unemployed, the earliest first."""

    worker_id: str
    certificate_number: str
    registrations: list[UnemploymentView]


@router.get("/workers/me/unemployment")
async def read_own_unemployment(caller: WorkerCaller, response: Response) -> UnemploymentsView:
    """My registrations as unemployed; 404 where nothing is registered of me yet."""
    worker = await Worker.standing(str(caller.worker_id))
    employment = await Employment.of(worker.id) if worker else None
    if employment is None:
        raise _unknown()
    return _answer(employment, response)


@router.post("/workers/me/unemployment", status_code=201)
async def register_as_unemployed(
    body: UnemploymentToRegister, caller: WorkerCaller, response: Response
) -> UnemploymentsView:
    """Register as unemployed from today on. Refused while a registered employment runs (409), and for days of such work (422).

    It ends by itself with the first employment that is registered, of any form and through any platform.
    """

    async def work(tx: Transaction) -> Employment:
        worker = await own_record(caller, tx)
        employment = await Employment.of(worker.id, tx) or await employment_commands.new_record(
            worker.id, body.district
        )
        born_on = _born_on(worker)
        return await commands.register(employment, body.district, body.cause, body.unemployed_since, born_on, tx)

    response.headers["Location"] = "/v1/workers/me/unemployment"
    return _answer(await transact(work), response)


@router.post("/workers/me/unemployment/end")
async def end_own_unemployment(
    body: OwnEndingOfUnemployment, caller: WorkerCaller, seen: RevisionSeen, response: Response
) -> UnemploymentsView:
    """End my registration as unemployed today; 404 where none runs."""

    async def work(tx: Transaction) -> Employment:
        worker = await own_record(caller, tx)
        return await commands.end(await require_seen(worker.id, seen, tx), body.ending, tx)

    return _answer(await transact(work), response)


@router.post("/workers/me/unemployment/contact")
async def tell_own_contact(
    body: OwnContact, caller: WorkerCaller, seen: RevisionSeen, response: Response
) -> UnemploymentsView:
    """Say that I am still without work and look for it, which is a contact with the office; 404 where no registration runs.

    Who is not in contact for six months is registered no longer (就业服务与就业管理规定 art. 66), and may register anew.
    """

    async def work(tx: Transaction) -> Employment:
        worker = await own_record(caller, tx)
        return await commands.contact(await require_seen(worker.id, seen, tx), None, tx)

    return _answer(await transact(work), response)


@router.get("/workers/{worker_id}/unemployment")
async def read_unemployment(worker_id: str, officer: Reader, response: Response) -> UnemploymentsView:
    """A person's registrations as unemployed, for an officer of the city or of a district where the person works or registered.

    Why the person is without work is shown to the labour department alone.
    """
    return _answer(await seen_by(officer, worker_id), response, officer)


@router.post("/workers/{worker_id}/unemployment/end")
async def end_unemployment(
    worker_id: str, body: EndingOfUnemployment, officer: Registrar, seen: RevisionSeen, response: Response
) -> UnemploymentsView:
    """End a person's registration as unemployed today, as the labour department; 404 where none runs."""
    return await _by_officer(
        worker_id, officer, seen, response, lambda employment, tx: commands.end(employment, body.ending, tx)
    )


@router.post("/workers/{worker_id}/unemployment/contact")
async def record_contact(
    worker_id: str, body: Contact, officer: Registrar, seen: RevisionSeen, response: Response
) -> UnemploymentsView:
    """Note that a registered person was in contact with the office, as the labour department; 404 where no registration runs."""
    return await _by_officer(
        worker_id, officer, seen, response, lambda employment, tx: commands.contact(employment, body.on, tx)
    )


async def _by_officer(
    worker_id: str,
    officer: Caller,
    seen: int,
    response: Response,
    change: Callable[[Employment, Transaction], Awaitable[Employment]],
) -> UnemploymentsView:
    async def work(tx: Transaction) -> Employment:
        employment = await seen_by(officer, worker_id, tx)
        require_revision(seen, employment.revision)
        return await change(employment, tx)

    return _answer(await transact(work), response, officer)


def _born_on(worker: Worker) -> dt.date | None:
    try:
        return resident_id.parse(person_of(worker).id_number, shanghai_date(clock.now())).birth_date
    except resident_id.InvalidResidentId:  # a permit of another kind: an officer looks at it
        return None


def _unknown() -> NotFound:
    return NotFound("失业登记", "registration as unemployed")


def _answer(employment: Employment, response: Response, officer: Caller | None = None) -> UnemploymentsView:
    set_etag(response, employment.revision)
    knows_cause = officer is None or officer.is_officer_of(HRSS)
    shown = {
        "registration_id",
        "state",
        "district",
        "registered_on",
        "unemployed_since",
        "ended_on",
        "ending",
        "ended_by",
        "contacted_on",
        "contact_due_on",
    }
    return UnemploymentsView(
        worker_id=employment.id,
        certificate_number=employment.certificate_number,
        registrations=[
            UnemploymentView(
                **one.model_dump(include=shown),
                cause=decrypt_field(CAUSE, employment.id, one.cause) if knows_cause else None,
                ending_zh=ENDINGS[one.ending] if one.ending else None,
                used=one.used,
            )
            for one in employment.unemployments
        ],
    )
