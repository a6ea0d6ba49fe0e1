"""Recognitions over HTTP: workers read and give up their own; officers check them each year, and two of them revoke one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, StringConstraints

from services.subsidies.recognition import commands
from services.subsidies.recognition.access import Checker, Reader, recognition_of, seen_by
from services.subsidies.recognition.documents import Recognition
from services.subsidies.recognition.rules import State
from services.subsidies.recognition.views import RecognitionView
from shared import clock
from shared.callers import Caller
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction
from shared.web.auth import Worker
from shared.web.etags import RevisionSeen, set_etag
from shared.web.paging import Page, PageAsked
from shared.web.steps import take_step

router = APIRouter(prefix="/v1", tags=["recognitions 就业困难人员认定"])


Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class Check(BaseModel):
    """It still holds. `until`: its last day, where one is set by this."""

    until: dt.date | None = None


class End(BaseModel):
    """Why an officer ends it: it did not stand the yearly check, or should not have been given; `reason` is what the worker reads."""

    ending: Literal["unchecked", "revoked"]
    reason: Reason


@router.get("/recognitions")
async def list_recognitions(
    caller: Reader,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
) -> Page[RecognitionView]:
    """A worker's own recognitions, or those of an officer's district, the newest first."""
    query = seen_by(caller) | ({} if state is None else {"state": state})
    return await Page.of(Recognition, query, RecognitionView.of, page, sort="-_id")


@router.get("/recognitions/{recognition_id}")
async def read_recognition(recognition_id: str, caller: Reader, response: Response) -> RecognitionView:
    """A recognition."""
    return _shown(await recognition_of(recognition_id, caller), response)


@router.post("/recognitions/{recognition_id}/check")
async def check(
    recognition_id: str, body: Check, officer: Checker, seen: RevisionSeen, response: Response
) -> RecognitionView:
    """Find in the yearly check that a recognition still holds."""
    return await _done(
        recognition_id, officer, seen, response, lambda one, tx: commands.check(one, body.until, officer.subject, tx)
    )


@router.post("/recognitions/{recognition_id}/revocation")
async def revoke(
    recognition_id: str, body: End, officer: Checker, seen: RevisionSeen, response: Response
) -> RecognitionView:
    """Propose to end a recognition that did not stand the check, or should not have been given, with the reason."""
    return await _done(
        recognition_id,
        officer,
        seen,
        response,
        lambda one, tx: commands.propose_end(one, body.ending, body.reason, officer.subject, tx),
    )


@router.post("/recognitions/{recognition_id}/revocation/confirmation")
async def confirm_end(recognition_id: str, officer: Checker, seen: RevisionSeen, response: Response) -> RecognitionView:
    """End a recognition as another officer has proposed; today is its last day. A check that it stands takes the proposal back."""
    return await _done(
        recognition_id, officer, seen, response, lambda one, tx: commands.confirm_end(one, officer.subject, tx)
    )


@router.post("/recognitions/{recognition_id}/renunciation")
async def give_up(recognition_id: str, worker: Worker, seen: RevisionSeen, response: Response) -> RecognitionView:
    """Give up one's own recognition; today is its last day."""
    return await _done(
        recognition_id, worker, seen, response, lambda one, tx: commands.end(one, "own_wish", _today(), tx)
    )


async def _done(
    recognition_id: str,
    caller: Caller,
    seen: int,
    response: Response,
    step: Callable[[Recognition, Transaction], Awaitable[Recognition]],
) -> RecognitionView:
    return _shown(await take_step(recognition_of, recognition_id, caller, seen, step), response)


def _shown(recognition: Recognition, response: Response) -> RecognitionView:
    set_etag(response, recognition.revision)
    return RecognitionView.of(recognition)


def _today() -> dt.date:
    return shanghai_date(clock.now())
