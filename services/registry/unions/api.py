"""Unions and their members over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from services.registry.bargaining.views import Name, Place, Text
from services.registry.scope import after
from services.registry.unions import commands
from services.registry.unions.documents import Membership, Period, Union
from services.registry.unions.rules import MembershipState
from shared import clock
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import transact
from shared.web.auth import AnyCaller, Worker
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked, cursor_of
from shared.web.problems import broken_rule, forbidden, not_found

creating = APIRouter(prefix="/v1", tags=["unions 工会"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["unions 工会"])

Subject = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class NewUnion(BaseModel):
    """A union organisation. Whoever with the role `union` puts one on file acts for it."""

    name: Name
    district: Place
    officers: list[Subject] = Field(default=[], description="Subjects (`sub`) of the tokens of those who act for it.")


class Officers(BaseModel):
    """Those who act for a union."""

    officers: list[Subject] = Field(min_length=1, description="All who act for the union from now on.")


class UnionView(BaseModel):
    """A union organisation."""

    union_id: str
    name: str
    district: str


class Application(BaseModel):
    """A worker's own application to a union."""

    union_id: str


class NewMember(BaseModel):
    """A worker whom a union takes in."""

    worker_id: str
    since: dt.date | None = Field(None, description="The first day of membership; today where absent.")


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
    state: MembershipState
    applied_at: dt.datetime | None
    refusal: str | None
    periods: list[Period]


@creating.post("/unions", status_code=201)
async def put_union_on_file(body: NewUnion, caller: AnyCaller, response: Response) -> UnionView:
    """Put a union on file: a union itself, or an officer of the place, who names those who act for it."""
    officers = [caller.subject, *body.officers] if caller.role == "union" else body.officers
    if caller.role != "union" and not (caller.role == "officer" and caller.sees_district(body.district)):
        raise forbidden()
    if not officers:
        raise broken_rule("officers-missing", "请指明可代表该工会办理的账号", "name those who act for the union")
    union = await transact(lambda tx: commands.found(body.name, body.district, officers, tx))
    response.headers["Location"] = f"/v1/unions/{union.id}"
    return _union(union, response)


@router.put("/unions/{union_id}/officers")
async def name_officers(
    union_id: str, body: Officers, caller: AnyCaller, seen: RevisionSeen, response: Response
) -> UnionView:
    """Name those who act for a union: one of them, or an officer of the place."""
    return _union(await transact(lambda tx: commands.appoint(union_id, body.officers, caller, seen, tx)), response)


@router.get("/unions")
async def list_unions(
    caller: AnyCaller,
    page: PageAsked,
    district: Annotated[str | None, Query(max_length=6, description="Only those of this district.")] = None,
) -> Page[UnionView]:
    """The unions that a worker can join, for every caller."""
    query = after(page) | ({"district": district} if district else {})
    found = await Union.find(query).sort("+_id").limit(page.limit + 1).to_list()
    items = [UnionView(union_id=one.id, name=one.name, district=one.district) for one in found[: page.limit]]
    return Page(items=items, next=cursor_of(items[-1].union_id) if len(found) > page.limit else None)


@router.get("/unions/{union_id}")
async def read_union(union_id: str, caller: AnyCaller, response: Response) -> UnionView:
    """One union."""
    return _union(await commands.union_of(union_id), response)


@creating.post("/memberships", status_code=201)
async def apply_for_membership(body: Application, worker: Worker, response: Response) -> MembershipView:
    """A worker asks to join a union; the union accepts or refuses."""
    membership = await transact(lambda tx: commands.apply(body.union_id, str(worker.worker_id), tx))
    response.headers["Location"] = f"/v1/memberships/{membership.id}"
    return _membership(membership, response)


@creating.post("/unions/{union_id}/members", status_code=201)
async def enrol_member(union_id: str, body: NewMember, caller: AnyCaller, response: Response) -> MembershipView:
    """A union takes down a worker who has joined on paper."""
    since = body.since or shanghai_date(clock.now())
    membership = await transact(lambda tx: commands.enrol(union_id, body.worker_id, since, caller, tx))
    response.headers["Location"] = f"/v1/memberships/{membership.id}"
    return _membership(membership, response)


@router.post("/memberships/{membership_id}/acceptance")
async def accept(
    membership_id: str, body: Acceptance, caller: AnyCaller, seen: RevisionSeen, response: Response
) -> MembershipView:
    """The union accepts an application."""
    since = body.since or shanghai_date(clock.now())
    return _membership(await transact(lambda tx: commands.accept(membership_id, since, caller, seen, tx)), response)


@router.post("/memberships/{membership_id}/refusal")
async def refuse(
    membership_id: str, body: Refusal, caller: AnyCaller, seen: RevisionSeen, response: Response
) -> MembershipView:
    """The union refuses an application, with its reason; the worker may apply again."""
    kept = await transact(lambda tx: commands.refuse(membership_id, body.reason, caller, seen, tx))
    return _membership(kept, response)


@router.post("/memberships/{membership_id}/withdrawal")
async def withdraw(membership_id: str, worker: Worker, seen: RevisionSeen, response: Response) -> MembershipView:
    """The worker takes the application back."""
    return _membership(await transact(lambda tx: commands.withdraw(membership_id, worker, seen, tx)), response)


@router.post("/memberships/{membership_id}/leaving")
async def leave(
    membership_id: str, body: Leaving, caller: AnyCaller, seen: RevisionSeen, response: Response
) -> MembershipView:
    """The worker leaves, or the union takes down that they left."""
    until = body.until or shanghai_date(clock.now())
    return _membership(await transact(lambda tx: commands.leave(membership_id, until, caller, seen, tx)), response)


@router.get("/memberships")
async def list_memberships(
    caller: AnyCaller,
    page: PageAsked,
    union_id: Annotated[str | None, Query(max_length=64, description="Which union's; a union must say.")] = None,
    state: Annotated[MembershipState | None, Query(description="only those that stand so")] = None,
) -> Page[MembershipView]:
    """A worker's own memberships, or those of a union for those who act for it; nobody else sees any."""
    asked: dict[str, Any] = {"union_id": union_id, "state": state}
    if caller.role == "worker":
        asked["worker_id"] = await commands.person(caller.worker_id)
    else:
        await commands.require_officer(union_id or "", caller)
    query = {name: value for name, value in asked.items() if value is not None} | after(page)
    found = await Membership.find(query).sort("+_id").limit(page.limit + 1).to_list()
    items = [_view(one) for one in found[: page.limit]]
    return Page(items=items, next=cursor_of(items[-1].membership_id) if len(found) > page.limit else None)


@router.get("/memberships/{membership_id}")
async def read_membership(membership_id: str, caller: AnyCaller, response: Response) -> MembershipView:
    """One membership, for the worker or those who act for the union."""
    membership = await Membership.of(membership_id)
    own = await commands.person(caller.worker_id) if caller.role == "worker" else None
    if membership is None or own not in (None, membership.worker_id):
        raise not_found("该会籍", "this membership")
    if caller.role != "worker":
        await commands.require_officer(membership.union_id, caller)
    return _membership(membership, response)


def _union(union: Union, response: Response) -> UnionView:
    set_etag(response, union.revision)
    return UnionView(union_id=union.id, name=union.name, district=union.district)


def _membership(membership: Membership, response: Response) -> MembershipView:
    set_etag(response, membership.revision)
    return _view(membership)


def _view(membership: Membership) -> MembershipView:
    fields = membership.model_dump(include={*MembershipView.model_fields})
    return MembershipView(membership_id=membership.id, **fields)
