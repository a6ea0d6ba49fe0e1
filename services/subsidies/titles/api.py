"""Nominations for titles over HTTP: platforms and associations nominate, officers check and forward, workers follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Annotated, Self

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints, model_validator

from services.subsidies.titles import commands
from services.subsidies.titles.access import Checker, Concerned, Nominating, Reader, nomination_of, seen_by
from services.subsidies.titles.commands import Paper, Proposal
from services.subsidies.titles.documents import Nomination
from services.subsidies.titles.rules import State
from services.subsidies.titles.views import NominationView
from shared.callers import Caller
from shared.contracts.subsidies import TitleRank
from shared.errors import Forbidden, RuleBroken
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import District
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.steps import take_step

TAGS = ["title nominations 职称推荐"]
nominating = APIRouter(prefix="/v1", tags=[*TAGS], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=[*TAGS])

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,32}$")]


class MaterialBody(BaseModel):
    """A paper: its kind (`title_nomination.materials`), what it says, and the SHA-256 of its file."""

    kind: Code
    text: Text
    digest: Digest | None = None


class Papers(BaseModel):
    """The papers of a nomination, in place of those before."""

    materials: Annotated[list[MaterialBody], Field(min_length=1, max_length=40)]

    @property
    def papers(self) -> list[Paper]:
        return [Paper(**one.model_dump()) for one in self.materials]


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
        papers=body.papers,
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
        lambda one, tx: commands.hand_in_again(one, body.papers, caller.subject, tx),
    )


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
