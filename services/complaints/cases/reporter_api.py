"""What whoever filed a case does with it over HTTP."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.complaints.cases import commands, people_commands
from services.complaints.cases.body import Reason, ReportersStep, Reporting, Text, WorkerId
from services.complaints.cases.views import CaseView
from shared.web.fields import Uscc

router = APIRouter(prefix="/v1", tags=["cases 投诉举报"])


class Completion(BaseModel):
    """What was missing."""

    text: Text
    platform: Uscc | None = None


class Withdrawal(Reason):
    """Why. `others_agree`: those who complain too agree that it ends for all."""

    others_agree: bool = False


class JoiningAnswer(BaseModel):
    """Who asks to join, and whether they do."""

    worker_id: WorkerId
    agrees: bool


class Representatives(BaseModel):
    """Who of the people of a joint case speaks for them."""

    workers: list[WorkerId] = Field(min_length=1, max_length=20)


@router.post("/cases/{case_id}/completion")
async def complete_case(body: Completion, caller: Reporting, step: ReportersStep) -> CaseView:
    """Complete what was missing."""
    return await step(lambda case, tx: commands.complete_case(case, body.text, body.platform, caller.role, tx))


@router.post("/cases/{case_id}/withdrawal")
async def withdraw_case(body: Withdrawal, caller: Reporting, step: ReportersStep) -> CaseView:
    """Withdraw a case; of several who complain, with the word of the others."""
    return await step(
        lambda case, tx: commands.withdraw_case(case, body.reason, caller.role, tx, others_agree=body.others_agree)
    )


@router.post("/cases/{case_id}/confidence")
async def keep_confidential(caller: Reporting, step: ReportersStep) -> CaseView:
    """Have who complains kept in confidence from now on; what was told before stays told."""
    return await step(lambda case, tx: commands.keep_confidential(case, caller.role, tx))


@router.post("/cases/{case_id}/reopening")
async def reopen_case(body: Reason, caller: Reporting, step: ReportersStep) -> CaseView:
    """Have a case that is over opened again, within its window."""
    return await step(lambda case, tx: commands.reopen_case(case, body.reason, caller.role, tx))


@router.post("/cases/{case_id}/joining")
async def answer_joining(body: JoiningAnswer, step: ReportersStep) -> CaseView:
    """Agree that somebody joins the case, or not."""
    return await step(lambda case, tx: people_commands.answer_joining(case, body.worker_id, tx, agrees=body.agrees))


@router.put("/cases/{case_id}/representatives")
async def represent(body: Representatives, step: ReportersStep) -> CaseView:
    """Name who speaks for the people of a joint case."""
    return await step(lambda case, tx: people_commands.represent(case, body.workers, tx))
