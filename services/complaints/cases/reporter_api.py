"""What whoever filed a case does with it over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.complaints.cases import commands, people_commands
from services.complaints.cases.access import own_case
from services.complaints.cases.api import acted
from services.complaints.cases.body import Reason, Reporting, Text, WorkerId
from services.complaints.cases.views import CaseView
from shared.web.etags import RevisionSeen
from shared.web.fields import Uscc

router = APIRouter(prefix="/v1", tags=["cases 投诉举报"])


class Completion(BaseModel):
    """What was missing."""

    text: Text
    platform: Uscc | None = None


class JoiningAnswer(BaseModel):
    """Who asks to join, and whether they do."""

    worker_id: WorkerId
    agrees: bool


class Representatives(BaseModel):
    """Who of the people of a joint case speaks for them."""

    workers: list[WorkerId] = Field(min_length=1, max_length=20)


@router.post("/cases/{case_id}/completion")
async def complete_case(
    case_id: str, body: Completion, caller: Reporting, seen: RevisionSeen, response: Response
) -> CaseView:
    """Complete what was missing."""
    return await acted(
        own_case, case_id, caller, seen, response,
        lambda case, tx: commands.complete_case(case, body.text, body.platform, caller, tx),
    )  # fmt: skip


@router.post("/cases/{case_id}/withdrawal")
async def withdraw_case(
    case_id: str, body: Reason, caller: Reporting, seen: RevisionSeen, response: Response
) -> CaseView:
    """Withdraw a case."""
    return await acted(
        own_case, case_id, caller, seen, response,
        lambda case, tx: commands.withdraw_case(case, body.reason, caller, tx),
    )  # fmt: skip


@router.post("/cases/{case_id}/reopening")
async def reopen_case(
    case_id: str, body: Reason, caller: Reporting, seen: RevisionSeen, response: Response
) -> CaseView:
    """Have a case that is over opened again, within its window."""
    return await acted(
        own_case, case_id, caller, seen, response,
        lambda case, tx: commands.reopen_case(case, body.reason, caller, tx),
    )  # fmt: skip


@router.post("/cases/{case_id}/joining")
async def answer_joining(
    case_id: str, body: JoiningAnswer, caller: Reporting, seen: RevisionSeen, response: Response
) -> CaseView:
    """Agree that somebody joins the case, or not."""
    return await acted(
        own_case, case_id, caller, seen, response,
        lambda case, tx: people_commands.answer_joining(case, body.worker_id, tx, agrees=body.agrees),
    )  # fmt: skip


@router.put("/cases/{case_id}/representatives")
async def represent(
    case_id: str, body: Representatives, caller: Reporting, seen: RevisionSeen, response: Response
) -> CaseView:
    """Name who speaks for the people of a joint case."""
    return await acted(
        own_case, case_id, caller, seen, response,
        lambda case, tx: people_commands.represent(case, body.workers, tx),
    )  # fmt: skip
