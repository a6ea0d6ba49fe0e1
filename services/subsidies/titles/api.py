"""Nominations for titles over HTTP: platforms and associations nominate, officers check and forward, workers follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Form, Query, Response, UploadFile
from fastapi import File as FormFile
from pydantic import BaseModel, Field, StringConstraints, model_validator

from services.subsidies.titles import commands
from services.subsidies.titles.access import Checker, Concerned, Nominating, Reader, nomination_of, seen_by
from services.subsidies.titles.commands import File, Proposal, Said
from services.subsidies.titles.documents import Nomination, clear_text
from services.subsidies.titles.rules import State
from services.subsidies.titles.views import NominationView
from shared.callers import Caller
from shared.contracts.subsidies import TitleRank
from shared.errors import Forbidden, RuleBroken
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import District
from shared.web.files import LARGEST_REQUEST, to_save
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.steps import take_step

TAGS = ["title nominations 职称推荐"]
nominating = APIRouter(prefix="/v1", tags=[*TAGS], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=[*TAGS])

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,32}$")]


class MaterialBody(BaseModel):
    """What is said on a paper, by its kind (`title_nomination.materials`); its file is handed in by itself."""

    kind: Code
    text: Text


class Papers(BaseModel):
    """What is said on the papers of a nomination, in place of what was said before."""

    materials: Annotated[list[MaterialBody], Field(min_length=1, max_length=40)]

    @property
    def said(self) -> list[Said]:
        return [Said(**one.model_dump()) for one in self.materials]


class NominationBody(Papers):
    """Whom one nominates for which title. `agreed`: the worker has agreed. A platform names its own `worker_ref`, an association
    or union the `worker_id`."""

    worker_ref: Name | None = None
    worker_id: Name | None = None
    agreed: bool
    nominator_name: Name
    title: Name
    rank: TitleRank
    district: District

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.worker_ref is None) == (self.worker_id is None):
            raise ValueError("either worker_ref or worker_id")
        return self


async def _handed_in(
    file: Annotated[UploadFile, FormFile(description="JPEG, PNG or PDF of at most 10 MB")],
    kind: Annotated[Code, Form(description="the kind of paper (`title_nomination.materials`)")],
) -> File:
    return File(kind=kind, name=file.filename or "", content=await file.read())


HandedIn = Annotated[File, Depends(_handed_in)]
"""A paper in a request of `multipart/form-data`."""


class Note(BaseModel):
    """Why."""

    note: Text


class Forwarding(BaseModel):
    """The body that reviews."""

    review_body: Name


class Decision(BaseModel):
    """What the review body has decided; `certificate`: the number of the title's certificate."""

    awarded: bool
    decided_on: dt.date
    certificate: Name | None = None


@nominating.post("/title-nominations", status_code=201)
async def nominate(body: NominationBody, caller: Nominating, response: Response) -> NominationView:
    """Nominate a worker, who has agreed, for a professional title."""
    if not body.agreed:
        raise Forbidden("须经劳动者本人同意", "the worker has to agree")
    if (caller.role == "platform") != (body.worker_ref is not None):
        raise RuleBroken(
            "named-otherwise", "平台须填写 worker_ref，协会或工会须填写 worker_id", "name the worker otherwise"
        )
    proposal = Proposal(
        nominator="platform" if caller.role == "platform" else "association",
        nominator_id=str(caller.uscc) if caller.role == "platform" else caller.subject,
        said=body.said,
        **body.model_dump(include={"worker_ref", "worker_id", "nominator_name", "title", "rank", "district"}),
    )
    nomination = await transact(lambda tx: commands.nominate(proposal, caller.subject, tx))
    response.headers["Location"] = f"/v1/title-nominations/{nomination.id}"
    return _shown(nomination, response)


@router.get("/title-nominations")
async def list_nominations(
    caller: Reader,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
) -> Page[NominationView]:
    """Nominations, the newest first: a worker's own, those that a platform or association made, or those of an officer's
    district."""
    query = seen_by(caller) | ({} if state is None else {"state": state})
    return await Page.of(Nomination, query, NominationView.of, page, sort="-_id")


@router.get("/title-nominations/{nomination_id}")
async def read_nomination(nomination_id: str, caller: Reader, response: Response) -> NominationView:
    """A nomination with its papers and steps."""
    return _shown(await nomination_of(nomination_id, caller), response)


@router.put("/title-nominations/{nomination_id}/materials")
async def hand_in_again(
    nomination_id: str, body: Papers, caller: Nominating, seen: RevisionSeen, response: Response
) -> NominationView:
    """Hand in the papers anew, after the nomination was returned."""
    return await _done(
        nomination_id,
        caller,
        seen,
        response,
        lambda one, tx: commands.hand_in_again(one, body.said, caller.subject, tx),
    )


@nominating.post("/title-nominations/{nomination_id}/papers", status_code=201, max_body_size=LARGEST_REQUEST)
async def add_paper(nomination_id: str, handed_in: HandedIn, caller: Nominating, response: Response) -> NominationView:
    """Hand in a paper as a file, until the nomination is forwarded."""

    async def add(tx: Transaction) -> Nomination:
        return await commands.add_paper(await nomination_of(nomination_id, caller, tx), handed_in, tx)

    return _shown(await transact(add), response)


@router.get("/title-nominations/{nomination_id}/papers/{paper_id}", response_class=Response)
async def read_paper(nomination_id: str, paper_id: str, caller: Reader) -> Response:
    """A file of a nomination, to be saved; that an officer reads it is written down."""
    nomination = await nomination_of(nomination_id, caller)
    paper, content = await commands.content_of(nomination, paper_id)
    if caller.role == "officer":
        await write_down("title_nomination.paper_read", paper.id, caller)
    return to_save(content, paper.media_type, clear_text(nomination.id, paper.name))


@router.post("/title-nominations/{nomination_id}/withdrawal")
async def withdraw(nomination_id: str, caller: Concerned, seen: RevisionSeen, response: Response) -> NominationView:
    """Take a nomination back before it is forwarded, as who made it or as the worker."""
    return await _done(
        nomination_id, caller, seen, response, lambda one, tx: commands.withdraw(one, caller.subject, tx)
    )


@router.post("/title-nominations/{nomination_id}/return")
async def give_back(
    nomination_id: str, body: Note, officer: Checker, seen: RevisionSeen, response: Response
) -> NominationView:
    """Return a nomination, and say what it lacks."""
    return await _done(
        nomination_id, officer, seen, response, lambda one, tx: commands.give_back(one, body.note, officer.subject, tx)
    )


@router.post("/title-nominations/{nomination_id}/refusal")
async def refuse(
    nomination_id: str, body: Note, officer: Checker, seen: RevisionSeen, response: Response
) -> NominationView:
    """Refuse to forward a nomination, with the reason."""
    return await _done(
        nomination_id, officer, seen, response, lambda one, tx: commands.refuse(one, body.note, officer.subject, tx)
    )


@router.post("/title-nominations/{nomination_id}/forwarding")
async def forward(
    nomination_id: str, body: Forwarding, officer: Checker, seen: RevisionSeen, response: Response
) -> NominationView:
    """Forward a nomination to the body that reviews it."""
    return await _done(
        nomination_id,
        officer,
        seen,
        response,
        lambda one, tx: commands.forward(one, body.review_body, officer.subject, tx),
    )


@router.post("/title-nominations/{nomination_id}/result")
async def decide(
    nomination_id: str, body: Decision, officer: Checker, seen: RevisionSeen, response: Response
) -> NominationView:
    """Record what the review body has decided."""

    async def step(one: Nomination, tx: Transaction) -> Nomination:
        return await commands.decide(
            one, body.decided_on, awarded=body.awarded, certificate=body.certificate, by=officer.subject, tx=tx
        )

    return await _done(nomination_id, officer, seen, response, step)


async def _done(
    nomination_id: str,
    caller: Caller,
    seen: int,
    response: Response,
    step: Callable[[Nomination, Transaction], Awaitable[Nomination]],
) -> NominationView:
    return _shown(await take_step(nomination_of, nomination_id, caller, seen, step), response)


def _shown(nomination: Nomination, response: Response) -> NominationView:
    set_etag(response, nomination.revision)
    return NominationView.of(nomination)
