"""Memberships over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from services.registry.fields import Text
from services.registry.memberships import commands
from services.registry.memberships.documents import Membership, Period
from services.registry.memberships.rules import Claimant, Section, State
from services.registry.unions.commands import require_officer
from shared import clock
from shared.callers import Caller
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import transact
from shared.web.auth import Worker
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import callers

creating = APIRouter(prefix="/v1", tags=["unions 工会"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["unions 工会"])

PlatformCaller = Annotated[Caller, callers("platform")]
UnionCaller = Annotated[Caller, callers("union")]
Side = Annotated[Caller, callers("worker", "union")]


Sections = Annotated[
    list[Section], Field(max_length=40, description="Sections of the dossier that the union may read of a member.")
]


class Application(BaseModel):
    """A worker's own application to a union."""

    union_id: str
    share: Sections = []


class NewMember(BaseModel):
    """A worker who has joined on paper."""

    worker_id: str
    since: dt.date | None = Field(None, description="The first day of membership; today where absent.")


class Confirmation(BaseModel):
    """What goes with a worker's own word."""

    share: Sections = []


class Sharing(BaseModel):
    """What a union may read of a member's dossier from now on."""

    sections: Sections


class ClaimTaken(BaseModel):
    """That a claim was heard; what comes of it is between the worker and the union."""

    union_id: str
    worker_id: str


class Acceptance(BaseModel):
    """The day from which an applicant is a member."""

    since: dt.date | None = Field(None, description="The first day of membership; today where absent.")


class Refusal(BaseModel):
    """Why an application is not accepted."""

    reason: Text


class Leaving(BaseModel):
    """The last day of a membership."""

    until: dt.date | None = Field(None, description="The last day of membership; today where absent.")


class MembershipView(BaseModel):
    """A worker's membership of a union with every period that there was; legal days, both included."""

    membership_id: str
    union_id: str
    worker_id: str
    state: State
    applied_at: dt.datetime | None
    refusal: str | None
    proposed_since: dt.date | None = Field(
        description="The first day that the union proposes; the worker has to confirm it."
    )
    proposed_by: Claimant = Field(description="Whose word a proposal is; an enterprise's becomes an application.")
    shared: list[Section] = Field(description="The sections of the dossier that the union may read of a member.")
    periods: list[Period]


@creating.post("/memberships", status_code=201)
async def apply_for_membership(body: Application, worker: Worker, response: Response) -> MembershipView:
    """A worker asks to join a union; the union accepts or refuses."""
    membership = await transact(
        lambda tx: commands.apply(body.union_id, str(worker.worker_id), sorted(set(body.share)), tx)
    )
    response.headers["Location"] = f"/v1/memberships/{membership.id}"
    return _membership(membership, response)


@creating.post("/unions/{union_id}/members", status_code=201)
async def enrol_member(union_id: str, body: NewMember, caller: UnionCaller, response: Response) -> MembershipView:
    """A union takes down a worker of its scope who has joined on paper. The worker is told, and is a member once they have
    confirmed it; one who has applied already is so at once."""
    since = body.since or shanghai_date(clock.now())
    membership = await transact(lambda tx: commands.propose(union_id, body.worker_id, since, caller, tx))
    response.headers["Location"] = f"/v1/memberships/{membership.id}"
    return _membership(membership, response)


@creating.post("/unions/{union_id}/member-claims", status_code=202)
async def claim_member(union_id: str, body: NewMember, caller: PlatformCaller) -> ClaimTaken:
    """An enterprise says that somebody who works through it has joined a union. Nothing follows but that the worker is asked, and
    the union accepts or refuses where they confirm it."""
    since = body.since or shanghai_date(clock.now())
    await transact(lambda tx: commands.claim(union_id, body.worker_id, since, caller, tx))
    return ClaimTaken(union_id=union_id, worker_id=body.worker_id)


@router.post("/memberships/{membership_id}/acceptance")
async def accept(
    membership_id: str, body: Acceptance, caller: UnionCaller, seen: RevisionSeen, response: Response
) -> MembershipView:
    """The union accepts an application."""
    since = body.since or shanghai_date(clock.now())
    return _membership(await transact(lambda tx: commands.accept(membership_id, since, caller, seen, tx)), response)


@router.post("/memberships/{membership_id}/refusal")
async def refuse(
    membership_id: str, body: Refusal, caller: UnionCaller, seen: RevisionSeen, response: Response
) -> MembershipView:
    """The union refuses an application, with its reason; the worker may apply again."""
    kept = await transact(lambda tx: commands.refuse(membership_id, body.reason, caller, seen, tx))
    return _membership(kept, response)


@router.post("/memberships/{membership_id}/withdrawal")
async def withdraw(membership_id: str, caller: Side, seen: RevisionSeen, response: Response) -> MembershipView:
    """The worker takes the application back, or the union what it proposed."""
    return _membership(await transact(lambda tx: commands.withdraw(membership_id, caller, seen, tx)), response)


@router.post("/memberships/{membership_id}/confirmation")
async def confirm(
    membership_id: str, worker: Worker, seen: RevisionSeen, response: Response, body: Confirmation | None = None
) -> MembershipView:
    """The worker confirms a membership that the union proposes; only from here on the union may act for them. What an enterprise
    alone has said becomes the worker's application."""
    shared = sorted(set(body.share)) if body else []
    return _membership(await transact(lambda tx: commands.confirm(membership_id, shared, worker, seen, tx)), response)


@router.put("/memberships/{membership_id}/sharing")
async def share(
    membership_id: str, body: Sharing, worker: Worker, seen: RevisionSeen, response: Response
) -> MembershipView:
    """The worker says what the union may read of their dossier from now on; it reads nothing else."""
    kept = await transact(lambda tx: commands.share(membership_id, sorted(set(body.sections)), worker, seen, tx))
    return _membership(kept, response)


@router.post("/memberships/{membership_id}/declining")
async def decline(membership_id: str, worker: Worker, seen: RevisionSeen, response: Response) -> MembershipView:
    """The worker says that they have not joined. The union cannot propose it again; the worker may still apply."""
    return _membership(await transact(lambda tx: commands.decline(membership_id, worker, seen, tx)), response)


@router.post("/memberships/{membership_id}/leaving")
async def leave(
    membership_id: str, body: Leaving, caller: Side, seen: RevisionSeen, response: Response
) -> MembershipView:
    """The worker leaves, or the union takes down that they left."""
    until = body.until or shanghai_date(clock.now())
    return _membership(await transact(lambda tx: commands.leave(membership_id, until, caller, seen, tx)), response)


@router.get("/memberships")
async def list_memberships(
    caller: Side,
    page: PageAsked,
    union_id: Annotated[str | None, Query(max_length=64, description="Which union's; a union must say.")] = None,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
) -> Page[MembershipView]:
    """A worker's own memberships, or those of a union for those who act for it; nobody else sees any."""
    asked: dict[str, Any] = {"union_id": union_id, "state": state}
    if caller.role == "worker":
        asked["worker_id"] = await commands.person(caller.worker_id)
    else:
        await require_officer(union_id or "", caller)
    query = {name: value for name, value in asked.items() if value is not None}
    return await Page.of(Membership, query, _view, page)


@router.get("/memberships/{membership_id}")
async def read_membership(membership_id: str, caller: Side, response: Response) -> MembershipView:
    """One membership, for the worker or those who act for the union."""
    return _membership(await commands.membership_for(membership_id, caller), response)


def _membership(membership: Membership, response: Response) -> MembershipView:
    set_etag(response, membership.revision)
    return _view(membership)


def _view(membership: Membership) -> MembershipView:
    fields = membership.model_dump(include={*MembershipView.model_fields} - {"refusal"})
    return MembershipView(membership_id=membership.id, refusal=membership.clear_refusal, **fields)
