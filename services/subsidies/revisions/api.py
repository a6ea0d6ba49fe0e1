"""Differences over HTTP: one officer proposes what follows, another confirms it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from services.subsidies.applications.access import Checker
from services.subsidies.revisions import commands
from services.subsidies.revisions.documents import Revision
from services.subsidies.revisions.rules import Answer, Cause, State
from shared.callers import Caller
from shared.errors import NotFound
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.storage.transaction import Transaction
from shared.web.etags import RevisionSeen, set_etag
from shared.web.paging import Page, PageAsked
from shared.web.scope import fits, reach
from shared.web.steps import take_step

PATH = "/subsidy-revisions"
router = APIRouter(prefix="/v1", tags=["subsidy revisions 补贴复核"])

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Work = Callable[[Revision, Transaction], Awaitable[Revision]]


class AnswerBody(BaseModel):
    """What follows: the rest is paid, it is claimed back, or neither. `amount`: the difference in yuan (below zero: owed back),
    where the machine does not say it."""

    answer: Answer
    amount: Yuan | None = None
    reason: Text


class RevisionView(BaseModel):
    """A difference. `approved`: yuan that were approved; `difference`: yuan beside it, below zero where owed back, null where an
    officer says; `decided`: what the officers settled on; `against`: conditions that are not met now."""

    revision_id: str
    application_id: str
    number: str
    kind: str
    district: str
    cause: Cause
    approved: Yuan | None
    difference: Yuan | None
    against: list[str]
    state: State
    answer: Answer | None
    decided: Yuan | None
    reason: str | None
    proposed_by: str | None
    confirmed_by: str | None
    decided_on: dt.date | None
    used: list[Used] = Field(description="the parameters by which it is so")

    @classmethod
    def of(cls, one: Revision) -> Self:
        kept = one.model_dump(include=set(cls.model_fields) - {"revision_id", "reason"})
        return cls(revision_id=one.id, reason=one.clear_reason, **kept)


def seen_by(officer: Caller) -> dict[str, Any]:
    """The condition on the differences that an officer deals with."""
    return {"department": officer.department} | reach(officer, district="district")


async def revision_of(revision_id: str, officer: Caller, tx: Transaction | None = None) -> Revision:
    """A difference that the officer deals with; any other is not found."""
    revision = await Revision.of(revision_id, tx)
    if revision is None or not fits(revision, seen_by(officer)):
        raise NotFound("该复核事项", "the revision")
    return revision


async def _take(revision_id: str, officer: Caller, seen: int, response: Response, work: Work) -> RevisionView:
    return _shown(await take_step(revision_of, revision_id, officer, seen, work), response)


async def _of_checker(
    revision_id: str, officer: Checker, seen: RevisionSeen, response: Response
) -> Callable[[Work], Awaitable[RevisionView]]:
    return partial(_take, revision_id, officer, seen, response)


Step = Annotated[Callable[[Work], Awaitable[RevisionView]], Depends(_of_checker)]


@router.get(PATH)
async def list_revisions(
    officer: Checker,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
) -> Page[RevisionView]:
    """Differences that an officer's department deals with in their district, the newest first."""
    query = seen_by(officer) | ({} if state is None else {"state": state})
    return await Page.of(Revision, query, RevisionView.of, page, sort="-_id")


@router.get(PATH + "/{revision_id}")
async def read_revision(revision_id: str, officer: Checker, response: Response) -> RevisionView:
    """A difference."""
    return _shown(await revision_of(revision_id, officer), response)


@router.post(PATH + "/{revision_id}/proposal")
async def propose(body: AnswerBody, officer: Checker, step: Step) -> RevisionView:
    """Propose what follows."""
    return await step(lambda one, tx: commands.propose(one, body.answer, body.amount, body.reason, officer.subject, tx))


@router.post(PATH + "/{revision_id}/return")
async def send_back(officer: Checker, step: Step) -> RevisionView:
    """Do not follow what was proposed."""
    return await step(lambda one, tx: commands.send_back(one, officer.subject, tx))


@router.post(PATH + "/{revision_id}/confirmation")
async def confirm(officer: Checker, step: Step) -> RevisionView:
    """Confirm what was proposed, as another officer."""
    return await step(lambda one, tx: commands.confirm(one, officer.subject, tx))


def _shown(revision: Revision, response: Response) -> RevisionView:
    set_etag(response, revision.revision)
    return RevisionView.of(revision)
