"""Enrolments over HTTP: persons enrol themselves, platforms and unions by list; bodies and officers read."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints, model_validator

from services.subsidies.enrolments import commands
from services.subsidies.enrolments.access import Agents, Participant, Reader, enrolment_of, seen_by
from services.subsidies.enrolments.commands import By, Listed
from services.subsidies.enrolments.documents import Enrolment, Places
from services.subsidies.enrolments.rules import State
from services.subsidies.enrolments.views import EnrolmentRow, EnrolmentView, ListAnswer, PlacesView
from services.subsidies.programmes.access import published
from services.subsidies.trainees.commands import names_of
from shared.errors import Forbidden
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import Everybody

TAGS = ["training enrolments 培训报名"]
enrolling = APIRouter(prefix="/v1", tags=[*TAGS], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=[*TAGS])

Reference = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class ListedBody(BaseModel):
    """A person: by the platform's own `worker_ref`, or, on a union's list, by `worker_id`."""

    worker_ref: Reference | None = None
    worker_id: Reference | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.worker_ref is None) == (self.worker_id is None):
            raise ValueError("either worker_ref or worker_id")
        return self


class EnrolmentList(BaseModel):
    """Those whom a platform or a union enrols. `agreed`: each of them has agreed."""

    workers: Annotated[list[ListedBody], Field(min_length=1, max_length=500)]
    agreed: bool


@enrolling.post("/training-programmes/{programme_id}/enrolments", status_code=201)
async def enrol(programme_id: str, worker: Worker, response: Response) -> EnrolmentView:
    """Enrol oneself; who comes when the places are taken waits, and moves up in turn."""
    assert worker.worker_id is not None
    worker_id, by = worker.worker_id, By(agent="worker", agent_id=None, subject=worker.subject)

    async def take(tx: Transaction) -> Enrolment:
        return await commands.enrol(await published(programme_id, tx), worker_id, by, tx)

    enrolment = await transact(take)
    response.headers["Location"] = f"/v1/training-enrolments/{enrolment.id}"
    return _shown(enrolment, response)


@enrolling.post("/training-programmes/{programme_id}/enrolment-lists")
async def enrol_list(programme_id: str, body: EnrolmentList, caller: Agents) -> ListAnswer:
    """Enrol those of a platform's workers, or of a union's members, who have agreed; each row is answered, with `unknown` for
    anybody else."""
    if not body.agreed:
        raise Forbidden("须经劳动者本人同意", "the workers have to agree")
    agent_id = caller.uscc if caller.role == "platform" else caller.subject
    by = By(agent="platform" if caller.role == "platform" else "union", agent_id=agent_id, subject=caller.subject)
    listed = [Listed(one.worker_ref, one.worker_id) for one in body.workers]

    async def take(tx: Transaction) -> list[commands.Row]:
        return await commands.enrol_list(await published(programme_id, tx), listed, by, tx)

    return ListAnswer(rows=[EnrolmentRow.of(row) for row in await transact(take)])


@router.get("/training-programmes/{programme_id}/places")
async def read_places(programme_id: str, caller: Everybody) -> PlacesView:
    """How many places a programme has, for every caller."""
    programme = await published(programme_id)
    return PlacesView.of(await Places.of_programme(programme.id, programme.capacity))


@router.get("/training-enrolments")
async def list_enrolments(
    caller: Reader,
    page: PageAsked,
    programme_id: Annotated[str | None, Query(max_length=64, description="only in this programme")] = None,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
) -> Page[EnrolmentView]:
    """Enrolments, the newest first: a person's own, those that a platform or a union made, those in a body's courses, or for
    an officer those in the programmes that their department checks in their district."""
    asked = {"programme_id": programme_id, "state": state}
    query = seen_by(caller) | {name: value for name, value in asked.items() if value is not None}
    found = await Page.of(Enrolment, query, EnrolmentView.of, page, sort="-_id")
    names = await names_of([one.worker_id for one in found.items])
    return Page(items=[one.named(names) for one in found.items], next=found.next)


@router.get("/training-enrolments/{enrolment_id}")
async def read_enrolment(enrolment_id: str, caller: Reader, response: Response) -> EnrolmentView:
    """An enrolment."""
    enrolment = await enrolment_of(enrolment_id, caller)
    return _shown(enrolment, response).named(await names_of([enrolment.worker_id]))


@router.post("/training-enrolments/{enrolment_id}/withdrawal")
async def withdraw(enrolment_id: str, caller: Participant, seen: RevisionSeen, response: Response) -> EnrolmentView:
    """Take an enrolment back, as the person or as who enrolled them."""

    async def take(tx: Transaction) -> Enrolment:
        enrolment = await enrolment_of(enrolment_id, caller, tx)
        require_revision(seen, enrolment.revision)
        return await commands.withdraw(enrolment, caller.subject, tx)

    return _shown(await transact(take), response)


def _shown(enrolment: Enrolment, response: Response) -> EnrolmentView:
    set_etag(response, enrolment.revision)
    return EnrolmentView.of(enrolment)
