"""Contested decisions over HTTP: applicants say so, officers record what came of it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Self

from fastapi import APIRouter, Response
from pydantic import BaseModel, StringConstraints

from services.subsidies.appeals import commands
from services.subsidies.appeals.documents import Appeal
from services.subsidies.appeals.rules import Forum, State
from services.subsidies.applications.access import (
    Checker,
    Filer,
    Reader,
    application_checked,
    application_of,
    own_application,
)
from shared.errors import NotFound
from shared.policy.parameters import Used
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.paging import Page, PageAsked

PATH = "/subsidy-applications/{application_id}/appeals"
router = APIRouter(prefix="/v1", tags=["subsidy appeals 补贴复议诉讼"])

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class AppealBody(BaseModel):
    """Where a decision is contested, and why. `filed_on`: since when, where that was not today."""

    forum: Forum
    text: Text
    filed_on: dt.date | None = None


class OutcomeBody(BaseModel):
    """What the authority or the court decided; `document`: its number. `received_on`: when the applicant received the decision of a
    review that upholds, from which the time to sue is counted."""

    upheld: bool
    document: Number
    answer: Text
    received_on: dt.date | None = None


class AppealView(BaseModel):
    """A contested decision. `due_on`: until when the reviewing authority decides."""

    appeal_id: str
    application_id: str
    forum: Forum
    filed_on: dt.date
    text: str
    due_on: dt.date | None
    state: State
    document: str | None
    answer: str | None
    ended_on: dt.date | None
    used: list[Used]

    @classmethod
    def of(cls, one: Appeal) -> Self:
        kept = one.model_dump(include=set(cls.model_fields) - {"appeal_id", "text", "answer"})
        return cls(appeal_id=one.id, text=one.clear_text, answer=one.clear_answer, **kept)


@router.post(PATH, status_code=201)
async def contest(
    application_id: str, body: AppealBody, caller: Filer, seen: RevisionSeen, response: Response
) -> AppealView:
    """Say that a decision is contested."""

    async def act(tx: Transaction) -> Appeal:
        application = await own_application(application_id, caller, seen, tx)
        return await commands.contest(application, body.forum, body.text, body.filed_on, tx)

    return _shown(await transact(act), response)


@router.get(PATH)
async def list_appeals(application_id: str, caller: Reader, page: PageAsked) -> Page[AppealView]:
    """How an application's decisions are contested."""
    application = await application_of(application_id, caller)
    return await Page.of(Appeal, {"application_id": application.id}, AppealView.of, page)


@router.get(PATH + "/{appeal_id}")
async def read_appeal(application_id: str, appeal_id: str, caller: Reader, response: Response) -> AppealView:
    """A contested decision."""
    application = await application_of(application_id, caller)
    return _shown(await _appeal(appeal_id, application.id), response)


@router.post(PATH + "/{appeal_id}/withdrawal")
async def withdraw(
    application_id: str, appeal_id: str, caller: Filer, seen: RevisionSeen, response: Response
) -> AppealView:
    """Contest a decision no longer."""

    async def act(tx: Transaction) -> Appeal:
        application = await application_of(application_id, caller, tx)
        await own_application(application_id, caller, application.revision, tx)
        appeal = await _appeal(appeal_id, application.id, tx)
        require_revision(seen, appeal.revision)
        return await commands.withdraw(appeal, tx)

    return _shown(await transact(act), response)


@router.post(PATH + "/{appeal_id}/outcome")
async def record(
    application_id: str, appeal_id: str, body: OutcomeBody, officer: Checker, seen: RevisionSeen, response: Response
) -> AppealView:
    """Record what the authority or the court decided, by an officer who took no part in the decision."""

    async def act(tx: Transaction) -> Appeal:
        application = await application_checked(application_id, officer, tx)
        appeal = await _appeal(appeal_id, application.id, tx)
        require_revision(seen, appeal.revision)
        return await commands.record(
            appeal, application, officer.subject, body.answer, body.document, body.received_on, tx, upheld=body.upheld
        )

    return _shown(await transact(act), response)


async def _appeal(appeal_id: str, application_id: str, tx: Transaction | None = None) -> Appeal:
    appeal = await Appeal.of(appeal_id, tx)
    if appeal is None or appeal.application_id != application_id:
        raise NotFound("该复议或者诉讼", "the appeal")
    return appeal


def _shown(appeal: Appeal, response: Response) -> AppealView:
    set_etag(response, appeal.revision)
    return AppealView.of(appeal)
