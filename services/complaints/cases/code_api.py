"""What whoever has no token does with a case over HTTP, by its number and the code that came with it: who reported without a name, a
caller of a hotline, next of kin."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from services.complaints.cases import commands
from services.complaints.cases.body import Text, Work
from services.complaints.cases.documents import REPORTER, Case
from services.complaints.cases.filing_api import Code, not_too_often
from services.complaints.cases.filing_commands import case_by_code
from services.complaints.cases.views import FollowUp, follow_up_of
from shared.storage.transaction import Transaction, transact
from shared.web.fields import Uscc

router = APIRouter(prefix="/v1/anonymous-reports", tags=["cases 投诉举报"], dependencies=[Depends(not_too_often)])


class CompletionByCode(Code):
    """What was missing, from who has no token."""

    text: Text
    platform: Uscc | None = None


class ReasonByCode(Code):
    """Why, from who has no token."""

    reason: Text


class WithdrawalByCode(ReasonByCode):
    """The same of a withdrawal. `others_agree`: those who complain too agree that it ends for all."""

    others_agree: bool = False


@router.post("/follow-up")
async def follow_up(body: Code) -> FollowUp:
    """Read what became of a case."""
    return follow_up_of(await case_by_code(body.number, body.code))


@router.post("/completion")
async def complete_by_code(body: CompletionByCode) -> FollowUp:
    """Complete what was missing."""
    return await step(body, lambda case, tx: commands.complete_case(case, body.text, body.platform, REPORTER, tx))


@router.post("/withdrawal")
async def withdraw_by_code(body: WithdrawalByCode) -> FollowUp:
    """Withdraw a case; of several who complain, with the word of the others."""
    return await step(
        body,
        lambda case, tx: commands.withdraw_case(case, body.reason, REPORTER, tx, others_agree=body.others_agree),
    )


@router.post("/confidence")
async def keep_confidential_by_code(body: Code) -> FollowUp:
    """Have who complains kept in confidence from now on."""
    return await step(body, lambda case, tx: commands.keep_confidential(case, REPORTER, tx))


@router.post("/reopening")
async def reopen_by_code(body: ReasonByCode) -> FollowUp:
    """Have a case that is over opened again, within its window: also who reported without a name may, as anybody may report anew
    (劳动保障监察条例 art. 9), and what was found before stays on file."""
    return await step(body, lambda case, tx: commands.reopen_case(case, body.reason, REPORTER, tx))


async def step(body: Code, work: Work) -> FollowUp:
    """Take a step with the case of a number and code."""

    async def act(tx: Transaction) -> Case:
        return await work(await case_by_code(body.number, body.code, tx), tx)

    return follow_up_of(await transact(act))
