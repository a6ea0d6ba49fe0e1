"""Penalties on those who are responsible over HTTP, for officers: whom, and what they said."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, StringConstraints

from services.complaints.penalties.access import check_not_standing_back, penalty_in_hand, penalty_of
from services.complaints.penalties.body import Punisher, Short, Taking, Text
from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.person_documents import Responsibility, clear_person
from services.complaints.penalties.views import PenaltyFile, PenaltyView, shown
from services.complaints.responsible_persons import commands
from services.complaints.responsible_persons.commands import Named, SaidBy
from shared.errors import NotFound
from shared.ids import new_id
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked

creating = APIRouter(prefix="/v1", tags=["penalties 行政处罚"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])


class ResponsibleBody(BaseModel):
    """Who is responsible: in charge (直接负责的主管人员) or directly (其他直接责任人员), and in which post."""

    responsibility: Responsibility
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    id_number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=30)]
    position: Short

    @property
    def named(self) -> Named:
        return Named(**self.model_dump())


class PersonInFull(BaseModel):
    """A person on whom a penalty is, unmasked."""

    name: str
    id_number: str
    position: str


class SaidBody(BaseModel):
    """What a person said, and on which day."""

    what: SaidBy
    text: Text
    on: dt.date


@creating.post("/penalties/{penalty_id}/responsible-persons", status_code=201)
async def file(penalty_id: str, body: ResponsibleBody, caller: Punisher, response: Response) -> PenaltyFile:
    """Open a procedure against a person beside that against the enterprise (社会保险法 art. 84)."""
    person_id, named = new_id(), body.named

    async def store(tx: Transaction) -> Penalty:
        enterprises, officer = await penalty_in_hand(penalty_id, caller, "handler", None, tx)
        check_not_standing_back(officer, enterprises, "person_filed")
        await write_down("penalty.person_filed", person_id, caller, tx)
        return await commands.file(person_id, enterprises, named, officer, tx)

    penalty = await transact(store)
    response.headers["Location"] = f"/v1/penalties/{penalty.id}"
    return shown(penalty, response)


@router.get("/penalties/{penalty_id}/responsible-persons")
async def list_beside(penalty_id: str, caller: Punisher, page: PageAsked) -> Page[PenaltyView]:
    """The penalties on persons beside that on an enterprise."""
    penalty = await penalty_of(penalty_id, caller)
    return await Page.of(Penalty, {"enterprise": penalty.enterprise, "beside": penalty.id}, PenaltyView.of, page)


@router.get("/penalties/{penalty_id}/person")
async def read_person(penalty_id: str, caller: Punisher) -> PersonInFull:
    """On whom a penalty is, unmasked; the reading is written down."""
    penalty = await penalty_of(penalty_id, caller)
    person = penalty.person
    if person is None:
        raise NotFound("该责任人员", "the person")
    await write_down("penalty.person_read", penalty.id, caller)
    return PersonInFull(
        name=clear_person(penalty.id, person.name),
        id_number=clear_person(penalty.id, person.id_number),
        position=clear_person(penalty.id, person.position),
    )


@router.post("/penalties/{penalty_id}/said")
async def say(body: SaidBody, step: Taking) -> PenaltyFile:
    """Record what a person said: a statement, that they waive it, that they want a hearing, or to pay later or in parts."""
    return await step.take(
        "said", "handler", lambda one, _, tx: commands.say(one, body.what, body.text, body.on, tx), body.what
    )
