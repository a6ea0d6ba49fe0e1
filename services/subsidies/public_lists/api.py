"""Public lists over HTTP: everybody reads them, whoever has a token may object, officers decide."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, StringConstraints

from services.subsidies.applications.access import Checker, application_checked, party_of
from services.subsidies.applications.documents import Application
from services.subsidies.applications.kinds import kind_of
from services.subsidies.applications.views import shown_name
from services.subsidies.decisions.rules import ApplicantKind
from services.subsidies.public_lists import commands
from services.subsidies.public_lists.documents import Objection
from services.subsidies.public_lists.rules import LISTED, State, listed_since
from shared import clock
from shared.errors import NotFound
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.fields import Yuan
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.storage.writes import stored
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import Everybody

TAGS = ["public lists 公示公开"]
public = APIRouter(prefix="/v1", tags=[*TAGS])
objecting = APIRouter(prefix="/v1", tags=[*TAGS], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=[*TAGS])

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Code = Annotated[str | None, Query(max_length=40, description="only of this kind")]
Place = Annotated[str | None, Query(max_length=6, description="only of this district")]


class NoticeView(BaseModel):
    """An application that would be approved, as everybody reads it until `until`. A person's name is masked; `amount` is yuan."""

    application_id: str
    kind: str
    title: str
    applicant_kind: ApplicantKind
    name: str
    district: str
    amount: Yuan | None
    since: dt.date
    until: dt.date

    @classmethod
    def of(cls, one: Application) -> Self:
        assert one.notice_since is not None
        assert one.notice_until is not None
        amount = one.review.amount if one.review is not None else None
        return cls(amount=amount, since=one.notice_since, until=one.notice_until, **_named(one))


class ApprovedView(BaseModel):
    """An approved application, as everybody reads it. A person's name is masked; `amount` is yuan."""

    application_id: str
    kind: str
    title: str
    applicant_kind: ApplicantKind
    name: str
    district: str
    amount: Yuan | None
    decided_on: dt.date | None

    @classmethod
    def of(cls, one: Application) -> Self:
        return cls(amount=one.amount, decided_on=one.decided_on, **_named(one))


class ObjectionBody(BaseModel):
    """What speaks against it."""

    text: Text


class ObjectionDecision(BaseModel):
    """Whether an objection holds, and why."""

    upheld: bool
    answer: Text


class ObjectionView(BaseModel):
    """An objection, for whoever made it and for officers, who are not told who that is."""

    objection_id: str
    application_id: str
    made_at: dt.datetime
    text: str
    state: State
    answer: str | None

    @classmethod
    def of(cls, one: Objection) -> Self:
        return cls(
            objection_id=one.id,
            application_id=one.application_id,
            made_at=one.created_at,
            text=one.clear_text,
            state=one.state,
            answer=one.clear_answer,
        )


@public.get("/subsidy-notices")
async def list_notices(page: PageAsked, kind: Code = None, district: Place = None) -> Page[NoticeView]:
    """What is on public notice, the newest first, for everybody."""
    query = _asked({"public": True, "state": "notice"}, kind, district)
    return await Page.of(Application, query, NoticeView.of, page, sort="-_id")


@public.get("/public-subsidies")
async def list_approved(page: PageAsked, kind: Code = None, district: Place = None) -> Page[ApprovedView]:
    """What was approved within the time in which that is shown, the newest first, for everybody."""
    today = shanghai_date(clock.now())
    recent = stored({"decided_on": {"$gte": listed_since(today, parameters.on(today))}})
    query = _asked({"public": True, "state": {"$in": list(LISTED[1:])}} | recent, kind, district)
    return await Page.of(Application, query, ApprovedView.of, page, sort="-_id")


@objecting.post("/subsidy-notices/{application_id}/objections", status_code=201)
async def object_to(application_id: str, body: ObjectionBody, caller: Everybody, response: Response) -> ObjectionView:
    """Object to what is on public notice."""

    async def store(tx: Transaction) -> Objection:
        application = await Application.of(application_id, tx)
        if application is None or not application.public:
            raise NotFound("该公示", "this notice")
        return await commands.object_to(application, body.text, party_of(caller), tx)

    return _shown(await transact(store), response)


@router.get("/subsidy-objections")
async def list_own(caller: Everybody, page: PageAsked) -> Page[ObjectionView]:
    """One's own objections, and what became of them."""
    return await Page.of(Objection, {"by": party_of(caller)}, ObjectionView.of, page)


@router.get("/subsidy-applications/{application_id}/objections")
async def list_objections(application_id: str, officer: Checker, page: PageAsked) -> Page[ObjectionView]:
    """What was objected to an application."""
    application = await application_checked(application_id, officer)
    return await Page.of(Objection, {"application_id": application.id}, ObjectionView.of, page)


@router.get("/subsidy-applications/{application_id}/objections/{objection_id}")
async def read_objection(application_id: str, objection_id: str, officer: Checker, response: Response) -> ObjectionView:
    """An objection."""
    application = await application_checked(application_id, officer)
    return _shown(await _objection(objection_id, application.id), response)


@router.post("/subsidy-applications/{application_id}/objections/{objection_id}/decision")
async def decide(
    application_id: str,
    objection_id: str,
    body: ObjectionDecision,
    officer: Checker,
    seen: RevisionSeen,
    response: Response,
) -> ObjectionView:
    """Decide on an objection: one that holds returns the application to the first officer."""

    async def act(tx: Transaction) -> Objection:
        application = await application_checked(application_id, officer, tx)
        objection = await _objection(objection_id, application.id, tx)
        require_revision(seen, objection.revision)
        return await commands.decide(objection, application, body.answer, officer.subject, tx, upheld=body.upheld)

    return _shown(await transact(act), response)


async def _objection(objection_id: str, application_id: str, tx: Transaction | None = None) -> Objection:
    objection = await Objection.of(objection_id, tx)
    if objection is None or objection.application_id != application_id:
        raise NotFound("该异议", "the objection")
    return objection


def _asked(query: dict[str, Any], kind: str | None, district: str | None) -> dict[str, Any]:
    named = {"kind": kind, "district": district}
    return query | {name: value for name, value in named.items() if value is not None}


def _named(one: Application) -> dict[str, Any]:
    kept: dict[str, Any] = one.model_dump(include={"kind", "applicant_kind", "district"})
    return kept | {"application_id": one.id, "title": kind_of(one.kind).title, "name": shown_name(one)}


def _shown(objection: Objection, response: Response) -> ObjectionView:
    set_etag(response, objection.revision)
    return ObjectionView.of(objection)
